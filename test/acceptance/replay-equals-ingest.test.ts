/** At full speed a replay gives the rows, problems and gaps of an ingest with the same options, whatever is read. */
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compareDatabases, ingestLike, type ReadingSetup, replayInto, rowsOf } from "./live-runs.ts"
import { CORPUS, hasShared, NEEDS_SHARED, SHARED } from "./read-rows.ts"

/** Where a later run would go on: a replay is never gone on with. */
const RESUMING = ["parser_state", "resume_offset", "run_id", "events"]
/** Hundreds of databases, each of which would be written through to a disk: shm_overview(7). */
const MEMORY = "/dev/shm"
const TOUR = path.join(CORPUS, "debian-12-linux-6.18/tour-auditd")

let folder: string
let runs = 0

beforeAll(() => {
  folder = mkdtempSync(path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), "retrail-replay-"))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function compare(paths: readonly string[], setup: ReadingSetup = {}) {
  const [ingested, replayed] = [path.join(folder, `${runs}i.db`), path.join(folder, `${runs}r.db`)]
  runs++
  const outcomes = [await outcomeOf(ingestLike(ingested, paths, setup)), await outcomeOf(replayed)]
  const { differences, rows } = compareDatabases(ingested, replayed)
  const sources = compareDatabases(ingested, replayed, RESUMING, ["_sources"])
  for (const database of [ingested, replayed]) rmSync(database)
  return { differences: [...differences, ...sources.differences], rows, outcomes }

  async function outcomeOf(work: string | Promise<number>): Promise<number> {
    const exitCode =
      typeof work === "string" ? replayInto(work, paths, setup).then(({ summary }) => summary.exitCode) : work
    return exitCode.catch((error: { readonly exitCode?: number }) => error.exitCode ?? Number.NaN)
  }
}

const cases = globSync("**/meta.yaml", { cwd: CORPUS })
  .map((file) => path.dirname(file))
  .sort()

describe("a replay of each corpus case", () => {
  it("has cases to read", () => expect(cases.length).toBeGreaterThan(50))

  it.each(cases)("%s", async (name) => {
    const { differences, outcomes } = await compare([path.join(CORPUS, name)])
    expect(differences).toEqual([])
    expect(outcomes[1]).toBe(outcomes[0])
  })
})

const CHOICES: readonly (readonly [string, ReadingSetup])[] = [
  ["--audit_allow_unix=false", { flags: ["audit_allow_unix=false"] }],
  ["--audit_allow_fork_process_events=false", { flags: ["audit_allow_fork_process_events=false"] }],
  ["--audit_allow_sockets=false", { flags: ["audit_allow_sockets=false"] }],
  ["--audit_allow_user_events=false", { flags: ["audit_allow_user_events=false"] }],
  ["--host", { host: "web-1" }],
]

describe("a replay with flags", () => {
  it.each(CHOICES)("%s gives what ingest gives", async (_flag, setup) => {
    const { differences, rows, outcomes } = await compare([TOUR], setup)
    expect(differences).toEqual([])
    expect(outcomes).toEqual([0, 0])
    expect(rows.process_events).toBeGreaterThan(5)
  })

  it("a range of time gives what ingest gives, and less than all", async () => {
    const all = await compare([TOUR])
    const [first, last] = await timesOf(TOUR)
    const middle = Math.floor((first + last) / 2)
    for (const range of [{ start: middle }, { end: middle }, { start: last + 1 }]) {
      const { differences, rows } = await compare([TOUR], range)
      expect(differences).toEqual([])
      expect(rows.process_events ?? 0).toBeLessThan(all.rows.process_events ?? 0)
    }
  })
})

async function timesOf(input: string): Promise<readonly [number, number]> {
  const database = path.join(folder, "times.db")
  await ingestLike(database, [input])
  const [row] = rowsOf(database, "SELECT min(time) AS first, max(time) AS last FROM process_events")
  rmSync(database)
  return [Number(row?.first), Number(row?.last)]
}

const REAL = path.join(SHARED, "linux-audit/real")
const files = hasShared
  ? globSync("{real/*.{log,bin,txt},real/journald/*,variants/*.log}", {
      cwd: path.join(SHARED, "linux-audit"),
    }).sort()
  : []

describe.skipIf(!hasShared)(`a replay of captures ${NEEDS_SHARED}`, () => {
  it.each(files)("%s", async (file) => {
    const { differences, outcomes } = await compare([path.join(SHARED, "linux-audit", file)])
    expect(differences).toEqual([])
    expect(outcomes[1]).toBe(outcomes[0])
  })

  it.each(CHOICES)("%s of the real capture", async (_flag, setup) => {
    const { differences, rows } = await compare([path.join(REAL, "audit.log")], setup)
    expect(differences).toEqual([])
    expect(rows.process_events).toBeGreaterThan(500)
  })
})
