import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { shownPlaces } from "../../../../src/pipeline/results/shown-columns.ts"
import { EVENT_TABLES } from "../../../../src/schema/tables/index.ts"
import { openCaseFile } from "../../../../src/store/sqlite/case-file.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-"))
openCaseFile(join(folder, "case.db")).close()
const db = new Database(join(folder, "case.db"), { readonly: true })
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

function shown(sql: string): string[] {
  const columns = db.prepare(sql).columns()
  return shownPlaces(sql, columns).map((at) => columns[at]?.name ?? "")
}

const SOCKETS =
  "action pid path fd auid family local_address remote_address local_port remote_port time uptime status"

describe("SELECT *", () => {
  it.each(EVENT_TABLES)("shows of $name what osquery shows", (table) => {
    const columns: readonly { name: string; hidden?: true; extension?: true }[] = table.columns
    const visible = columns.filter(({ hidden, extension }) => !hidden && !extension).map(({ name }) => name)
    expect(shown(`SELECT * FROM ${table.name}`)).toEqual(visible)
  })

  it("shows what is named beside it", () => {
    expect(shown("SELECT *, socket, Host FROM socket_events")).toEqual(
      expect.arrayContaining([...SOCKETS.split(" "), "socket", "host"]),
    )
    expect(
      shown('SELECT "eid", * FROM socket_events').filter((name) => name === "eid").length,
    ).toBeGreaterThan(0)
  })

  it("shows nothing more for a name in WHERE", () => {
    const sql = "SELECT * FROM socket_events WHERE eid > '0' AND source = 'audit' ORDER BY time_ns"
    expect(shown(sql).join(" ")).toBe(SOCKETS)
  })

  it.each([
    "SELECT s.* FROM socket_events s",
    "SELECT * FROM (SELECT * FROM socket_events)",
    "WITH x AS (SELECT * FROM socket_events) SELECT * FROM x",
    "SELECT * FROM socket_events UNION ALL SELECT * FROM socket_events",
  ])("is seen through: %s", (sql) => {
    expect(shown(sql).join(" ")).toBe(SOCKETS)
  })

  it("goes by the table of each column", () => {
    const names = shown("SELECT p.pid, w.* FROM process_events p, windows_events w")
    expect(names).toContain("source")
    expect(shown("SELECT * FROM process_events")).not.toContain("source")
  })
})

describe("other columns", () => {
  it("are all shown", () => {
    expect(shown("SELECT host, count(*) AS n, eid AS id FROM process_events GROUP BY host")).toEqual([
      "host",
      "n",
      "id",
    ])
    expect(shown("SELECT *, 1 AS host FROM (SELECT 2 AS x)")).toEqual(["x", "host"])
    expect(shown("SELECT * FROM _sources")).toContain("path")
  })
})
