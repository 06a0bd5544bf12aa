/** Reading through a queue gives what reading at once gives. */
import path from "node:path"
import { describe, expect, it } from "vitest"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import type { Deliver } from "../../../../src/app/reading/deliver.ts"
import { readSources } from "../../../../src/app/reading/read-sources.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { CORPUS, hasShared, NEEDS_SHARED, SHARED } from "../../../acceptance/read-rows.ts"

interface Result {
  readonly rows: readonly unknown[]
  readonly problems: readonly unknown[]
  readonly tallies: readonly unknown[]
}

async function read(paths: readonly string[], deliver?: Deliver): Promise<Result> {
  const sink = new ObjectSink()
  const problems: unknown[] = []
  const sources = await readSources({
    paths,
    writer: sink,
    host: "web-1",
    progress: NO_PROGRESS,
    onProblem: (problem, source) => problems.push([problem, source.id]),
    ...(deliver === undefined ? {} : { deliver }),
  })
  return { rows: sink.rows, problems, tallies: sources.map(({ facts, tally }) => [facts.path, tally]) }
}

/** Runs steps late and a few at a time, as a queue in front of a busy parser does. */
function slowQueue(): { deliver: Deliver; units: number[]; settle: () => void } {
  const waiting: (() => void)[] = []
  const units: number[] = []
  const settle = (): void => {
    for (const run of waiting.splice(0)) run()
  }
  const deliver: Deliver = async (count, run) => {
    units.push(count)
    waiting.push(run)
    if (waiting.length > 5) settle()
  }
  return { deliver, units, settle }
}

/** The last rows come when the queue is emptied: they are looked at after that. */
async function readSlowly(paths: readonly string[]): Promise<{ result: Result; units: number[] }> {
  const queue = slowQueue()
  const result = await read(paths, queue.deliver)
  queue.settle()
  return { result, units: queue.units }
}

describe("readSources through a queue", () => {
  it("reads the corpus alike", async () => {
    const { result, units } = await readSlowly([CORPUS])
    const atOnce = await read([CORPUS])
    expect(result.rows.length).toBeGreaterThan(100)
    expect(result.rows).toEqual(atOnce.rows)
    expect(result.tallies).toEqual(atOnce.tallies)
    const sorted = (problems: readonly unknown[]) => problems.map((one) => JSON.stringify(one)).sort()
    expect(sorted(result.problems)).toEqual(sorted(atOnce.problems))
    expect(Math.max(...units)).toBeLessThanOrEqual(1024)
  })

  it.skipIf(!hasShared)(`reads a recording alike, counting its records ${NEEDS_SHARED}`, async () => {
    const paths = [path.join(SHARED, "linux-audit/real/netlink.bin")]
    const { result, units } = await readSlowly(paths)
    expect(result.rows).toEqual((await read(paths)).rows)
    const counted = units.reduce((sum, count) => sum + count, 0)
    expect(counted).toBeGreaterThanOrEqual(18_556)
    expect(counted).toBeLessThan(18_556 + 10)
  })
})
