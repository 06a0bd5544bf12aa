import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runIngest } from "../../../../src/app/ingest/run-ingest.ts"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import { readCountBy, readStats } from "../../../../src/app/stats/stats.ts"
import { countByText, statsJson, statsText } from "../../../../src/app/stats/stats-text.ts"
import { displayWidth } from "../../../../src/base/terminal.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-stats-"))
const path = join(folder, "case.db")
const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0

beforeAll(async () => {
  await runIngest({
    paths: [resolve(import.meta.dirname, "../../../../corpus/linux-audit/debian-12-linux-6.18")],
    database: path,
    version: "0",
    argv: [],
    host: "web-1",
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

const section = (name: string, limit = 10) => {
  const found = readStats(path, limit).sections.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no section ${name}`)
  return found
}

describe("the statistics of a case", () => {
  it.skipIf(!hasSqlite)("are what sqlite3 counts (skipped without sqlite3)", () => {
    const oracle = (sql: string) =>
      execFileSync("sqlite3", ["-readonly", "-json", path, sql], { encoding: "utf8" })
    const executables = section("executables", 1000)
    const counted = JSON.parse(
      oracle("SELECT path, count(*) n FROM process_events WHERE event_type='exec' GROUP BY path"),
    ) as { path: string; n: number }[]
    expect(executables.total).toBe(counted.length)
    expect(new Map(executables.rows.map(([name, n]) => [name, Number(n)]))).toEqual(
      new Map(counted.map((row) => [row.path, row.n])),
    )
    const byHost = readCountBy(path, "remote_address", 1000)
    const [{ n }] = JSON.parse(oracle("SELECT count(*) n FROM socket_events")) as [{ n: number }]
    expect(byHost.rows.reduce((sum, row) => sum + Number(row.events), 0)).toBe(n)
  })

  it("cut lists and say how much was cut", () => {
    const whole = section("executables", 1_000_000)
    const cut = section("executables", 3)
    expect(cut.rows).toEqual(whole.rows.slice(0, 3))
    expect(cut.total).toBe(whole.rows.length)
    expect(statsText(readStats(path, 3), 80)).toContain(`… ${whole.rows.length - 3} more`)
  })

  it("fit into 80 columns, times whole", () => {
    for (const limit of [1, 10, 100]) {
      const text = statsText(readStats(path, limit), 80)
      expect(text.split("\n").filter((line) => displayWidth(line) > 80)).toEqual([])
    }
    const times = section("tables").rows.flatMap(([, , first]) => (first === null ? [] : [first]))
    expect(times.length).toBeGreaterThan(0)
    expect(statsText(readStats(path, 5), 80)).toMatch(/failed|Failed/)
    expect(statsText(readStats(path, 100), 80)).not.toMatch(/\d{4}-\d\d-\d\dT[\d:]*…/)
  })

  it("are the same in JSON", () => {
    const json = JSON.parse(statsJson(readStats(path, 5), false)) as Record<string, { total: number }>
    expect(json.executables?.total).toBe(section("executables").total)
    expect(json.remoteAddresses?.total).toBe(section("remote addresses").total)
  })

  it("count hours in their order", () => {
    const hours = readCountBy(path, "hour", 1000).rows.map(({ value }) => value)
    const known = hours.filter((hour) => hour !== null)
    expect(known).toEqual([...known].sort())
    expect(countByText("hour", readCountBy(path, "hour", 2), 80)).toContain(" more\n")
  })

  it.each(["path; DROP TABLE process_events", 'pa"th', "", "rowid"])("refuse the column %j", (column) => {
    expect(() => readCountBy(path, column, 1)).toThrow(expect.objectContaining({ exitCode: 64 }))
  })
})

describe("a file that is no case", () => {
  const make = (name: string, sql: string) => {
    const file = join(folder, name)
    const db = new Database(file)
    db.exec(sql)
    db.close()
    return file
  }

  it("is refused: plain SQLite, a newer schema, a view in place of a table, text", () => {
    const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    const files = [
      make("plain.db", "CREATE TABLE process_events (pid)"),
      make("newer.db", "PRAGMA application_id=1381126732; PRAGMA user_version=999"),
      make(
        "view.db",
        `PRAGMA application_id=1381126732; PRAGMA user_version=1; CREATE VIEW process_events AS ${endless}`,
      ),
    ]
    writeFileSync(join(folder, "text.db"), "no database at all, but long enough to be one\n".repeat(20))
    for (const file of [...files, join(folder, "text.db")]) {
      expect(() => readStats(file, 1), file).toThrow(expect.objectContaining({ exitCode: 65 }))
    }
  })
})
