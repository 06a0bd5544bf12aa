/** Evidence that is met again: unchanged, grown, rotated, copied. The case ends as if all had been read at once. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, renameSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { seededRandom } from "../acceptance/read-rows.ts"
import { compareCases, dumpCase, faultsOf, ingestInto } from "./case-dump.ts"
import { cutsInsideEvents, makeLog, put, rotate } from "./evidence.ts"

let folder: string
let evidence: string
let database: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-resume-"))
  evidence = path.join(folder, "evidence")
  database = path.join(folder, "case.db")
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a first ingest of the evidence as it lies there now gives. */
async function ingestAtOnce(leaveOut: readonly string[] = []): Promise<Map<string, string[]>> {
  const once = path.join(folder, "once.db")
  rmSync(once, { force: true })
  await ingestInto(once, [evidence])
  return dumpCase(once, leaveOut)
}

/** Only what events gave, with places in the evidence left out that depend on the number of a source. */
function eventsOnly(dump: Map<string, string[]>): Map<string, string[]> {
  return new Map([...dump].filter(([table]) => table !== "_sources"))
}

const JUNK = "type=SYSCALL msg=audit(junk): a=1\n"

describe("a second run", () => {
  it("adds nothing", async () => {
    put(evidence, { ...rotate(makeLog(400_000)), "empty.log": "", "note.txt": "nothing of ours\n" })
    const first = await ingestInto(database, [evidence])
    const before = dumpCase(database)
    const second = await ingestInto(database, [evidence])
    expect(compareCases(before, dumpCase(database))).toEqual([])
    expect([first.sources, first.known]).toEqual([3, 0])
    expect([second.sources, second.known, second.rows]).toEqual([0, 3, {}])
  })
})

describe("a file that grows", () => {
  it.each([1, 2, 3])(
    "wherever it is cut, ends as if read at once (%i)",
    async (seed) => {
      const random = seededRandom(seed)
      const log = Buffer.concat([
        makeLog(150_000, { seed, dropProctitle: 0.2 }),
        Buffer.from(JUNK),
        makeLog(50_000, { seed: seed + 10, enriched: true }),
      ])
      const ends = Array.from({ length: 12 }, () => Math.floor(random() * log.length)).sort((a, b) => a - b)
      for (const end of [...ends, log.length]) {
        put(evidence, { "audit.log": log.subarray(0, end) })
        await ingestInto(database, [evidence], { batchBytes: random() < 0.5 ? 1 : 1e9 })
        const wanted = await ingestAtOnce()
        // The sources' rows differ in the state that reading on needs.
        expect(compareCases(eventsOnly(wanted), eventsOnly(dumpCase(database))), `at ${end}`).toEqual([])
      }
      expect(compareCases(await ingestAtOnce(), dumpCase(database))).toEqual([])
      expect(faultsOf(database)).toEqual([])
    },
    60_000,
  )

  it("byte by byte through the end of an event", async () => {
    const log = makeLog(1, { seed: 5 })
    const [inside = 0] = cutsInsideEvents(log, [0.3])
    const from = log.lastIndexOf(10, inside - 2) + 1
    const to = log.indexOf(10, inside) + 2
    for (let end = from; end <= to; end += 7) {
      put(evidence, { "audit.log": log.subarray(0, end) })
      await ingestInto(database, [evidence])
    }
    put(evidence, { "audit.log": log })
    await ingestInto(database, [evidence])
    expect(compareCases(await ingestAtOnce(), dumpCase(database))).toEqual([])
  }, 60_000)

  it("and is one of several, ends as if read at once", async () => {
    const [a, b] = [makeLog(60_000, { seed: 6 }), makeLog(60_000, { seed: 7 })]
    for (const part of [0.3, 0.55, 1]) {
      put(evidence, {
        "a/audit.log": a.subarray(0, Math.floor(a.length * part)),
        "b/audit.log": b.subarray(0, Math.floor(b.length * part)),
      })
      await ingestInto(database, [evidence])
    }
    // Rows of the two files are interwoven, in the order in which they came, and eids were not given twice.
    const sorted = (dump: Map<string, string[]>) =>
      new Map(
        [...dump].filter(([table]) => table !== "eids").map(([table, lines]) => [table, [...lines].sort()]),
      )
    const leaveOut = ["eid", "parser_state", "resume_offset"]
    const wanted = sorted(await ingestAtOnce(leaveOut))
    expect(compareCases(wanted, sorted(dumpCase(database, leaveOut)))).toEqual([])
    const db = new Database(database, { readonly: true })
    const twice = db.prepare("SELECT eid FROM process_events GROUP BY eid HAVING count(*) > 1").all()
    const order = db.prepare("SELECT eid FROM process_events ORDER BY rowid").pluck().all()
    db.close()
    expect(twice).toEqual([])
    expect(order).toEqual([...order].sort())
  }, 60_000)
})

describe("a log that is rotated between two runs", () => {
  const leaveOut = ["source_id"]

  it.each([
    ["at its end", (log: Buffer) => log.length],
    ["inside an event", (log: Buffer) => cutsInsideEvents(log, [0.6])[0] ?? 0],
  ])("is known under its new name, and goes on in the next (%s)", async (_, cutOf) => {
    const log = makeLog(100_000)
    const more = makeLog(60_000, { seed: 9 })
    const cut = cutOf(log)
    put(evidence, { "audit.log": log.subarray(0, cut) })
    await ingestInto(database, [evidence])
    renameSync(path.join(evidence, "audit.log"), path.join(evidence, "audit.log.1"))
    put(evidence, { "audit.log": Buffer.concat([log.subarray(cut), more]) })
    const summary = await ingestInto(database, [evidence])
    expect([summary.sources, summary.known]).toEqual([1, 1])
    const wanted = await ingestAtOnce(leaveOut)
    expect(compareCases(eventsOnly(wanted), eventsOnly(dumpCase(database, leaveOut)))).toEqual([])
  })

  it("after it had grown, is read on under its new name", async () => {
    const log = makeLog(150_000)
    const [first = 0, second = 0] = cutsInsideEvents(log, [0.4, 0.7])
    put(evidence, { "audit.log": log.subarray(0, first) })
    await ingestInto(database, [evidence])
    put(evidence, { "audit.log.1": log.subarray(0, second), "audit.log": log.subarray(second) })
    await ingestInto(database, [evidence])
    const wanted = await ingestAtOnce(leaveOut)
    expect(compareCases(eventsOnly(wanted), eventsOnly(dumpCase(database, leaveOut)))).toEqual([])
  })

  it("and compressed, is known by its content", async () => {
    const log = makeLog(100_000)
    const [cut = 0] = cutsInsideEvents(log, [0.5])
    put(evidence, { "audit.log.1": log.subarray(0, cut), "audit.log": log.subarray(cut) })
    await ingestInto(database, [evidence])
    const before = eventsOnly(dumpCase(database))
    rmSync(path.join(evidence, "audit.log.1"))
    renameSync(path.join(evidence, "audit.log"), path.join(evidence, "audit.log.1"))
    put(evidence, { "audit.log.2.gz": gzipSync(log.subarray(0, cut)), "audit.log": "" })
    const summary = await ingestInto(database, [evidence])
    expect([summary.sources, summary.known, summary.rows]).toEqual([0, 2, {}])
    // The empty file is noted.
    before.delete("_problems")
    const after = eventsOnly(dumpCase(database))
    after.delete("_problems")
    expect(compareCases(before, after)).toEqual([])
  })
})

describe("a log inside a compressed tar", () => {
  const inTar = (log: Buffer): Buffer => {
    const files = path.join(folder, "tar")
    put(files, { "audit.log": log })
    return execFileSync("tar", ["-cz", "-C", files, "."], { maxBuffer: 1 << 26 })
  }

  it("that had grown since, takes the place of the shorter one", async () => {
    const log = makeLog(300_000)
    put(evidence, { "a.tgz": inTar(log.subarray(0, log.indexOf(10, 200_000) - 20)) })
    await ingestInto(database, [evidence])
    put(evidence, { "b.tgz": inTar(log) })
    await ingestInto(database, [evidence])
    const again = await ingestInto(database, [evidence])
    expect([again.sources, again.rows]).toEqual([0, {}])
    put(evidence, { "a.tgz": inTar(log) })
    const once = path.join(folder, "once.db")
    await ingestInto(once, [path.join(evidence, "a.tgz")])
    const columns = ["eid", "source_id"]
    const both = [once, database].map(
      (file) =>
        new Map([...dumpCase(file, columns)].filter(([name]) => name !== "eids" && !name.startsWith("_"))),
    )
    expect(compareCases(both[0] as Map<string, string[]>, both[1] as Map<string, string[]>)).toEqual([])
  })
})

describe("copies", () => {
  it("under other names are duplicates, packed or not, in one run or later", async () => {
    const log = makeLog(100_000)
    put(evidence, { "a/audit.log": log, "b/copy.log": log })
    await ingestInto(database, [evidence])
    put(evidence, { "c/packed.log.gz": gzipSync(log) })
    const summary = await ingestInto(database, [evidence])
    expect(summary.rows).toEqual({})
    const db = new Database(database, { readonly: true })
    const sources = db.prepare("SELECT member, state, duplicate_of FROM _sources ORDER BY id").all()
    const events = db.prepare("SELECT count(DISTINCT source_id) AS n FROM process_events").get()
    db.close()
    expect(sources).toEqual([
      { member: "", state: "done", duplicate_of: null },
      { member: "", state: "duplicate", duplicate_of: 1 },
      { member: "", state: "duplicate", duplicate_of: 1 },
    ])
    expect(events).toEqual({ n: 1 })
  })
})
