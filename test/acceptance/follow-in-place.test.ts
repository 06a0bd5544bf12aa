/** An event log that grows in place is followed and ingested into one database, in any order, with nothing twice. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { GrowingLog, type GrowingLogOptions } from "../evtx-writer/growing-log.ts"
import { compareDatabases, followInto, ingestLike, rowsOf } from "./live-runs.ts"

let folder: string
let database: string
let log: GrowingLog | undefined

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-place-"))
  database = path.join(folder, "live.db")
})

afterEach(() => {
  log?.close()
  log = undefined
  rmSync(folder, { recursive: true, force: true })
})

type Step = (paths: readonly string[]) => Promise<unknown>

const ingest: Step = (paths) => ingestLike(database, paths)
const follow: Step = (paths) => followInto(database, paths)
const ids = () =>
  rowsOf(database, "SELECT record_id FROM windows_events ORDER BY rowid").map((row) => row.record_id)
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

function growing(options: GrowingLogOptions = {}): GrowingLog {
  log = new GrowingLog(folder, options)
  return log
}

/** What an ingest of the file as it is now would give. */
async function expectWhole(file: string): Promise<void> {
  const wanted = path.join(folder, "wanted.db")
  await ingestLike(wanted, [file])
  const { differences, rows } = compareDatabases(wanted, database, ["run_id", "eid"])
  expect(differences).toEqual([])
  expect(rows.windows_events).toBeGreaterThan(50)
}

const ORDERS: readonly (readonly [string, readonly Step[]])[] = [
  ["follow, follow, follow", [follow, follow, follow]],
  ["ingest, follow, follow", [ingest, follow, follow]],
  ["follow, ingest, follow", [follow, ingest, follow]],
  ["follow, follow, ingest", [follow, follow, ingest]],
  ["ingest, ingest, follow", [ingest, ingest, follow]],
  ["ingest, follow, ingest", [ingest, follow, ingest]],
  ["ingest, ingest, ingest", [ingest, ingest, ingest]],
]

describe("an event log that grows between runs", () => {
  it.each(ORDERS)("%s", async (_name, steps) => {
    const growingLog = growing()
    for (const step of steps) {
      growingLog.append(60)
      growingLog.flush()
      await step([growingLog.path])
      await step([growingLog.path])
    }
    expect(ids()).toEqual(upTo(180))
    await expectWhole(growingLog.path)
    expect(rowsOf(database, "SELECT count(*) AS n FROM _sources WHERE state <> 'duplicate'")).toEqual([
      { n: 1 },
    ])
  })

  it.each(ORDERS)("as a ring that comes round: %s", async (_name, steps) => {
    const growingLog = growing({ mostChunks: 3 })
    for (const step of steps) {
      growingLog.append(130)
      growingLog.flush()
      await step([growingLog.path])
    }
    expect(ids().toSorted((a, b) => Number(a) - Number(b))).toEqual(upTo(390))
    expect(rowsOf(database, "SELECT count(*) AS n FROM _gaps")).toEqual([{ n: 0 }])
  })

  it("archived between runs: the old file is read to its end, then the new one", async () => {
    const growingLog = growing()
    growingLog.append(60)
    growingLog.flush()
    await follow([growingLog.path])
    growingLog.append(10)
    const archived = growingLog.archive()
    growingLog.append(5)
    growingLog.flush()
    await follow([growingLog.path])
    expect(ids()).toEqual(upTo(75))
    await ingest([archived, growingLog.path])
    await follow([growingLog.path])
    expect(ids()).toEqual(upTo(75))
  })

  it("torn when a run ends, and whole in the next", async () => {
    const growingLog = growing()
    growingLog.append(60)
    growingLog.flush()
    growingLog.append(1)
    growingLog.flush()
    growingLog.flushTorn()
    await follow([growingLog.path])
    await follow([growingLog.path])
    expect(ids()).toEqual(upTo(60))
    growingLog.append(1)
    growingLog.flush()
    await follow([growingLog.path])
    expect(ids()).toEqual(upTo(62))
    const problems = rowsOf(database, "SELECT code, count(*) AS n FROM _problems GROUP BY code ORDER BY code")
    expect(problems).toEqual([
      { code: "evtx/chunk-checksum", n: 1 },
      { code: "evtx/torn-record", n: 1 },
    ])
  })

  it("is told of its holes once", async () => {
    const growingLog = growing()
    growingLog.append(60)
    growingLog.skip(4)
    growingLog.append(6)
    growingLog.flush()
    await follow([growingLog.path])
    growingLog.append(6)
    growingLog.flush()
    await follow([growingLog.path])
    expect(rowsOf(database, "SELECT kind, from_id, to_id FROM _gaps")).toEqual([
      { kind: "record-id-gap", from_id: 61, to_id: 64 },
    ])
    await expectWhole(growingLog.path)
  })
})

describe("two logs that begin with the same bytes", () => {
  it("stay two", async () => {
    const one = growing()
    const other = new GrowingLog(path.join(folder, "."), { name: "System.evtx" })
    for (const each of [one, other]) {
      each.append(20)
      each.flush()
    }
    await follow([one.path, other.path])
    await follow([other.path, one.path])
    await ingest([other.path, one.path])
    expect(rowsOf(database, "SELECT count(*) AS n FROM windows_events")).toEqual([{ n: 40 }])
    other.close()
  })
})
