import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { RetrailError } from "../../../../src/app/errors.ts"
import { invalidSqlError, openError, runError } from "../../../../src/app/query/query-errors.ts"
import { openReadonly } from "../../../../src/store/sqlite/open-readonly.ts"
import { prepareQuery } from "../../../../src/store/sqlite/query-guard.ts"

const directory = mkdtempSync(join(tmpdir(), "retrail-errors-"))
const db = new Database(":memory:")
db.exec(
  "CREATE TABLE process_events (pid, path, cmdline); CREATE VIEW timeline AS SELECT pid FROM process_events",
)
afterAll(() => {
  db.close()
  rmSync(directory, { recursive: true })
})

const suggestionFor = (sql: string) => {
  const query = prepareQuery(db, sql)
  if (query.kind !== "invalid") throw new Error(query.kind)
  return invalidSqlError(db, sql, query.message).suggestion
}

describe("invalidSqlError", () => {
  it.each([
    ["SELECT * FROM proces_events", "Did you mean process_events?"],
    ["SELECT * FROM time_line", "Did you mean timeline?"],
    ["SELECT * FROM nothing_like_it", "There are: process_events, timeline."],
    ["SELECT cmdlne FROM process_events", "Did you mean cmdline?"],
    ['SELECT p.paht FROM "process_events" p', "Did you mean path?"],
    [
      "SELECT zzz FROM process_events",
      "List its columns with: SELECT name FROM pragma_table_info('process_events')",
    ],
    ["SELECT substrin(path) FROM process_events", "Did you mean substring or substr?"],
    [
      "SELECT 'a' < 'b' COLLATE version",
      "Compare with version_compare(a, b), or version_compare(a, b, 'DPKG').",
    ],
    ["SELCT", ""],
  ])("%s: %s", (sql, suggestion) => {
    expect(suggestionFor(sql)).toBe(suggestion)
  })
})

describe("openError", () => {
  it.each([
    ["missing", 66],
    ["no-permission", 77],
    ["not-a-file", 65],
    ["not-a-database", 65],
    ["damaged", 65],
    ["unreadable", 74],
  ] as const)("%s has %i", (failure, code) => {
    expect(openError("case.db", failure, "detail").exitCode).toBe(code)
  })
})

/** Every seventh byte of a small database in turn, all its bits turned over. */
describe("a damaged database", () => {
  it("gives rows or an error of ours, never anything else", () => {
    const source = new Database(":memory:")
    source.exec(`PRAGMA page_size = 512; CREATE TABLE t (a, b); CREATE INDEX i ON t (a);
      INSERT INTO t SELECT value, printf('%.*c', value * 40, 'x') FROM json_each('[1,2,3,4,5,6,7,8,9,10,20,30]')`)
    const good = source.serialize()
    source.close()
    const path = join(directory, "damaged.db")
    const codes = new Map<number, number>()
    for (let at = 0; at < good.length; at += 7) {
      const bytes = Buffer.from(good)
      bytes[at] = 255 - (bytes[at] ?? 0)
      writeFileSync(path, bytes)
      const code = exitCodeOf(path)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect([...codes.keys()].sort((a, b) => a - b)).toEqual([0, 65])
    expect(codes.get(65)).toBeGreaterThan(20)
  })
})

function exitCodeOf(path: string): number {
  const opened = openReadonly(path)
  if (!opened.ok) return openError(path, opened.failure, opened.detail).exitCode
  try {
    const query = prepareQuery(opened.db, "SELECT sum(length(b)) FROM t WHERE a > 0 ORDER BY a")
    if (query.kind === "refused") throw new Error(query.reason)
    if (query.kind === "invalid") return invalidSqlError(opened.db, "", query.message).exitCode
    query.statement.all()
    return 0
  } catch (error) {
    const failure = runError(error, path)
    expect(failure).toBeInstanceOf(RetrailError)
    return failure.exitCode
  } finally {
    opened.db.close()
  }
}
