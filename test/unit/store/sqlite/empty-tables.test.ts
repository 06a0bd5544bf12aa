import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { OSQUERY_TABLES } from "../../../../src/schema/osquery-tables.ts"
import { registerEmptyTables } from "../../../../src/store/sqlite/empty-tables.ts"
import { openReadonly } from "../../../../src/store/sqlite/open-readonly.ts"
import { prepareQuery } from "../../../../src/store/sqlite/query-guard.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-empty-"))
afterAll(() => rmSync(folder, { recursive: true }))

function query(schema: string, sql: string) {
  const path = join(folder, "case.db")
  rmSync(path, { force: true })
  const made = new Database(path)
  made.exec(`CREATE TABLE t (a); ${schema}`)
  made.close()
  const opened = openReadonly(path)
  if (!opened.ok) throw new Error(opened.detail)
  try {
    registerEmptyTables(opened.db)
    const prepared = prepareQuery(opened.db, sql)
    if (prepared.kind !== "ready") return prepared.kind
    const columns = prepared.statement.columns().map(({ name }) => name)
    return { columns, rows: prepared.statement.all() }
  } catch (error) {
    return error instanceof Error ? error.message : error
  } finally {
    opened.db.close()
  }
}

describe("osquery's tables in a case that no capture wrote", () => {
  it.each(OSQUERY_TABLES.map((table) => [table.name, table] as const))("%s is empty", (name, { columns }) => {
    const names = columns.map((column) => column.name)
    expect(query("", `SELECT * FROM ${name}`)).toEqual({ columns: names, rows: [] })
    expect(query("", `SELECT * FROM main.${name.toUpperCase()} WHERE name = 'x'`)).toMatchObject({ rows: [] })
    expect(query("", `SELECT count(*) FROM t LEFT JOIN ${name} USING (name)`)).toBe("invalid")
  })

  it("give way to what the database has under their names", () => {
    expect(
      query(
        "CREATE TABLE Osquery_Flags (name); INSERT INTO osquery_flags VALUES ('x')",
        "SELECT * FROM osquery_flags",
      ),
    ).toEqual({ columns: ["name"], rows: [["x"]] })
    expect(query("CREATE VIEW osquery_events AS SELECT 5 AS five", "SELECT * FROM osquery_events")).toEqual({
      columns: ["five"],
      rows: [[5n]],
    })
  })

  it.each([
    "CREATE VIRTUAL TABLE x USING osquery_flags",
    "CREATE VIRTUAL TABLE temp.x USING osquery_flags(1)",
    "INSERT INTO osquery_flags (name) VALUES ('x')",
    "DELETE FROM osquery_flags",
    "DROP TABLE osquery_flags",
    "SELECT * FROM osquery_flags('x')",
  ])("cannot be used for more: %s", (sql) => {
    expect(query("", sql)).toMatch(/^(?:refused|invalid)$/)
    expect(readdirSync(folder)).toEqual(["case.db"])
  })

  it("cannot be used by a view of the database", () => {
    expect(query("CREATE VIEW v AS SELECT * FROM osquery_flags", "SELECT * FROM v")).toBe("invalid")
  })
})
