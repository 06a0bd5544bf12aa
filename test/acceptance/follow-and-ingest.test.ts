/** Following a log and ingesting it write to one database, in any order, and nothing is in it twice. */
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { cutsInsideEvents, makeLog } from "../faults/evidence.ts"
import { compareDatabases, followInto, ingestLike, rowsOf } from "./live-runs.ts"

const LOG = makeLog(150_000)
const [FIRST = 0, SECOND = 0] = cutsInsideEvents(LOG, [0.4, 0.7])
/** Which run met it, which source it is in, and where: one log may lie in several files. */
const OF_ONE_FILE = ["run_id"]
const OF_SEVERAL = ["run_id", "eid", "source_id", "source_offset"]

let folder: string
let log: string
let database: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-follow-"))
  log = path.join(folder, "audit.log")
  database = path.join(folder, "live.db")
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Step = (paths: readonly string[]) => Promise<unknown>

const ingest: Step = (paths) => ingestLike(database, paths)
const follow: Step = (paths) => followInto(database, paths)

async function expectWhole(leaveOut = OF_ONE_FILE): Promise<void> {
  const whole = path.join(folder, "whole.log")
  const wanted = path.join(folder, "wanted.db")
  writeFileSync(whole, LOG)
  await ingestLike(wanted, [whole])
  const { differences, rows } = compareDatabases(wanted, database, leaveOut)
  expect(differences).toEqual([])
  expect(rows.process_events).toBeGreaterThan(50)
}

describe("one log that grows between runs, cut inside an event", () => {
  it.each<readonly [string, readonly Step[]]>([
    ["follow, follow, follow", [follow, follow, follow]],
    ["ingest, follow, follow", [ingest, follow, follow]],
    ["follow, ingest, follow", [follow, ingest, follow]],
    ["follow, follow, ingest", [follow, follow, ingest]],
    ["ingest, ingest, follow", [ingest, ingest, follow]],
    ["ingest, follow, ingest", [ingest, follow, ingest]],
  ])("%s", async (_name, steps) => {
    const ends = [FIRST, SECOND, LOG.length]
    for (const [at, step] of steps.entries()) {
      appendFileSync(log, LOG.subarray(ends[at - 1] ?? 0, ends[at]))
      await step([log])
    }
    // What is open when a follow ends becomes rows with the next run that ingests.
    await ingest([log])
    await expectWhole([...OF_ONE_FILE, "eid"])
  })

  it.each([
    ["ingest after ingest and follow", [ingest, follow, ingest]],
    ["follow after follow and ingest", [follow, ingest, follow]],
  ] as const)("that does not grow: %s adds nothing", async (_name, steps) => {
    writeFileSync(log, LOG)
    for (const step of steps) await step([log])
    await ingest([log])
    await expectWhole([...OF_ONE_FILE, "eid"])
    expect(rowsOf(database, "SELECT count(*) AS n FROM _sources WHERE state <> 'duplicate'")).toEqual([
      { n: 1 },
    ])
  })
})

describe("a log that is rotated between runs", () => {
  const rotateAndGrow = (from: number, to: number) => {
    renameSync(log, `${log}.1`)
    writeFileSync(log, LOG.subarray(from, to))
  }

  it.each<readonly [string, Step]>([
    ["follow", follow],
    ["ingest", (_paths) => ingest([log, `${log}.1`])],
  ])("goes on in the new file: follow, then %s", async (_name, second) => {
    writeFileSync(log, LOG.subarray(0, FIRST))
    await follow([log])
    appendFileSync(log, LOG.subarray(FIRST, SECOND))
    rotateAndGrow(SECOND, LOG.length)
    await second([log])
    await ingest([log, `${log}.1`])
    await expectWhole(OF_SEVERAL)
  })

  it("is not read again once both files were followed", async () => {
    writeFileSync(log, LOG.subarray(0, SECOND))
    await follow([log])
    rotateAndGrow(SECOND, LOG.length)
    await follow([log])
    await follow([log])
    await ingest([log, `${log}.1`])
    await ingest([log, `${log}.1`])
    await expectWhole(OF_SEVERAL)
  })
})

describe("a stream", () => {
  it("is listed with what it gave", async () => {
    async function* stream(): AsyncGenerator<Buffer> {
      yield LOG
    }
    const { summary } = await followInto(database, ["-"], {
      stdin: stream(),
      signal: new AbortController().signal,
    })
    expect([summary.ended, summary.exitCode, summary.records]).toEqual(["source ended", 0, linesOf(LOG)])
    const [source] = rowsOf(database, "SELECT path, state, content_size, records FROM _sources")
    expect(source).toEqual({ path: "-", state: "done", content_size: LOG.length, records: linesOf(LOG) })
    await expectWhole()
  })
})

const linesOf = (text: Buffer): number => text.toString("latin1").split("\n").length - 1
