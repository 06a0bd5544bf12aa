/** The pipeline's bounds, order and words, by a clock of the test's own. */
import { describe, expect, it } from "vitest"
import { Pipeline } from "../../../src/pipeline/pipeline.ts"
import { BATCH_RECORDS, QUEUE_RECORDS, Throttle } from "../../../src/pipeline/throttle.ts"
import { VirtualClock } from "../../virtual-clock.ts"

const START_MS = 1_700_000_000_000

interface RunOptions {
  readonly steps: number
  readonly recordsPerStep: number
  readonly stallMs: number
  readonly failAfter?: number
}

async function runSteps({ steps, recordsPerStep, stallMs, failAfter = Number.NaN }: RunOptions) {
  const clock = new VirtualClock(START_MS)
  const stored: number[] = []
  const said: { text: string; isVerbose: boolean; atMs: number }[] = []
  let parsed: number[] = []
  const pipeline = new Pipeline<readonly number[]>({
    clock,
    stallMs: () => stallMs,
    takeParsed: () => {
      const batch = parsed
      parsed = []
      return { records: batch.length * recordsPerStep, batch }
    },
    store: (batches) => {
      stored.push(...batches.flat())
      if (stored.length >= failAfter) throw new Error("the disk is full")
    },
    say: (text, isVerbose) => said.push({ text, isVerbose, atMs: clock.nowMs() - START_MS }),
  })
  const publish = async () => {
    for (let step = 0; step < steps; step++) {
      await pipeline.deliver(recordsPerStep, () => parsed.push(step))
    }
  }
  const outcome = await clock.run(pipeline.run(publish)).then(
    () => "done",
    (error: Error) => error.message,
  )
  return { stored, said, pipeline, outcome, elapsedMs: clock.nowMs() - START_MS }
}

describe("the pipeline", () => {
  it("stores every step once, in order, and never waits when the subscribers keep up", async () => {
    const { stored, said, elapsedMs } = await runSteps({ steps: 100, recordsPerStep: 1000, stallMs: 0 })
    expect(stored).toEqual([...stored.keys()])
    expect(stored).toHaveLength(100)
    expect(said).toEqual([])
    expect(elapsedMs).toBe(0)
  })

  it("holds both queues to their bound plus one batch while the subscribers stall, and loses nothing", async () => {
    const { stored, pipeline } = await runSteps({ steps: 200, recordsPerStep: BATCH_RECORDS, stallMs: 2000 })
    expect(stored).toEqual([...stored.keys()])
    expect(stored).toHaveLength(200)
    for (const highest of pipeline.highest) {
      expect(highest).toBeGreaterThan(QUEUE_RECORDS)
      expect(highest).toBeLessThanOrEqual(QUEUE_RECORDS + BATCH_RECORDS)
    }
  })

  it("says both messages in osquery's words, each at most once a minute", async () => {
    const { said, elapsedMs } = await runSteps({ steps: 400, recordsPerStep: BATCH_RECORDS, stallMs: 3000 })
    expect(elapsedMs).toBeGreaterThan(180_000)
    for (const isVerbose of [false, true]) {
      const times = said.filter((one) => one.isVerbose === isVerbose).map(({ atMs }) => atMs)
      expect(times.length).toBeGreaterThan(2)
      for (const [at, time] of times.slice(1).entries())
        expect(time - (times[at] ?? 0)).toBeGreaterThan(59_000)
    }
    expect(said[0]?.text).toMatch(
      /^The Audit publisher has throttled record processing for [\d.]+ seconds\. This may cause further throttling and loss of events\.$/,
    )
    expect(said.find(({ isVerbose }) => !isVerbose)?.text).toMatch(
      /^The Audit publisher has throttled reading records from Netlink for [\d.]+ seconds\. Some events may have been lost\.$/,
    )
  })

  it("ends with the failure of a stage", async () => {
    const { outcome } = await runSteps({ steps: 100, recordsPerStep: 1000, stallMs: 10, failAfter: 20 })
    expect(outcome).toBe("the disk is full")
  })
})

describe("a throttle", () => {
  it.each([
    [1, "0.1"],
    [20, "2"],
    [123, "12.3"],
    [12_345_678, "1.23457e+06"],
  ])("words %i pauses as %s seconds", (pauses, text) => {
    const throttle = new Throttle("reading")
    throttle.paused(pauses)
    expect(throttle.takeMessage(START_MS)).toContain(` for ${text} seconds.`)
  })

  it("covers the time since its last message", () => {
    const throttle = new Throttle("reading")
    throttle.paused(3)
    expect(throttle.takeMessage(START_MS)).toContain("0.3 seconds")
    throttle.paused(4)
    expect(throttle.takeMessage(START_MS + 59_999)).toBeUndefined()
    throttle.paused(5)
    expect(throttle.takeMessage(START_MS + 60_000)).toContain("0.9 seconds")
    expect(throttle.takeMessage(START_MS + 120_000)).toBeUndefined()
    expect(throttle.seconds).toBeCloseTo(1.2)
  })
})
