import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openReadonly, type SqliteDatabase } from "../../../../src/store/sqlite/open-readonly.ts"
import { prepareQuery } from "../../../../src/store/sqlite/query-guard.ts"
import { registerSqlFunctions } from "../../../../src/store/sqlite/sql-functions/index.ts"
import { HOSTILE_SQL } from "./hostile-sql.ts"

const directory = mkdtempSync(join(tmpdir(), "retrail-guard-"))
const path = join(directory, "case.db")

/** Names, sizes, times and content of everything in the folder. */
const listing = () =>
  readdirSync(directory).map((name) => {
    const file = join(directory, name)
    const { size, mtimeMs, ctimeMs } = statSync(file)
    return [name, size, mtimeMs, ctimeMs, createHash("sha256").update(readFileSync(file)).digest("hex")]
  })

beforeAll(() => {
  const db = new Database(path)
  db.function("regex_match", (_text, _pattern, _group) => "")
  db.exec(`CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'one'), (2, 'two');
    CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE "journal_mode" (x);
    CREATE VIEW v_function AS SELECT regex_match(b, '(a+)+$', 0) AS a FROM t;
    CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END`)
  db.close()
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

function open(): SqliteDatabase {
  const opened = openReadonly(path)
  if (!opened.ok) throw new Error(opened.detail)
  registerSqlFunctions(opened.db)
  return opened.db
}

describe("prepareQuery", () => {
  it.each(HOSTILE_SQL)("%s: %j", (expected, template) => {
    const before = listing()
    const db = open()
    try {
      const query = prepareQuery(db, template.replaceAll("DIR", directory))
      if (query.kind !== "ready") expect(query.kind).toBe(expected)
      else if (expected === "fails") expect(() => query.statement.all()).toThrow()
      else {
        expect(expected).toBe("reads")
        query.statement.all()
      }
      expect(db.pragma("query_only", { simple: true })).toBe(1n)
      expect(db.pragma("trusted_schema", { simple: true })).toBe(0n)
    } finally {
      db.close()
    }
    expect(listing()).toEqual(before)
  })

  it("covers enough", () => {
    expect(HOSTILE_SQL.length).toBeGreaterThanOrEqual(200)
  })

  it("says why", () => {
    const db = open()
    const reasonOf = (sql: string) => {
      const query = prepareQuery(db, sql)
      return query.kind === "refused" ? query.reason : query.kind
    }
    expect(reasonOf("ATTACH 'x' AS x")).toBe("ATTACH is not allowed: a query reads one database")
    expect(reasonOf("vacuum into 'x'")).toBe(
      "VACUUM is not allowed: it would change the database or write a file",
    )
    expect(reasonOf("SELECT 1; SELECT 2")).toBe("only one statement can run at a time")
    expect(reasonOf("-- x")).toBe("the query is empty")
    expect(reasonOf("WITH x AS (SELECT 1) DELETE FROM t RETURNING a")).toBe(
      "this statement is not allowed: it would change the database",
    )
    db.close()
  })

  it("keeps 64-bit integers exact", () => {
    const db = open()
    const query = prepareQuery(db, "SELECT 9223372036854775807, -9223372036854775808, 1.5, NULL, x'00'")
    if (query.kind !== "ready") throw new Error(query.kind)
    expect(query.statement.all()).toEqual([
      [9223372036854775807n, -9223372036854775808n, 1.5, null, Buffer.from([0])],
    ])
    db.close()
  })
})
