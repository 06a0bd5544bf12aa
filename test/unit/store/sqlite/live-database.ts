/** A live database as a capture makes it: all tables of a case, in WAL mode. */
import Database from "better-sqlite3"
import { EVENT_TABLES } from "../../../../src/schema/tables/index.ts"
import { openCaseFile } from "../../../../src/store/sqlite/case-file.ts"

/** The caller closes the connection, which is the capture's. */
export function createLiveDatabase(path: string): Database.Database {
  openCaseFile(path).close()
  const db = new Database(path)
  db.pragma("journal_mode=WAL")
  db.pragma("busy_timeout=5000")
  return db
}

/** One row; columns that are not given are NULL, `eid` counts with the rows. */
export function insertRow(
  db: Database.Database,
  table: string,
  values: Readonly<Record<string, string | number | bigint>>,
): void {
  const schema = EVENT_TABLES.find(({ name }) => name === table)
  const row = new Map(Object.entries(values))
  const names = (schema?.columns ?? []).map(({ name }) => name)
  const marks = names.map(() => "?").join(", ")
  db.prepare(`INSERT INTO ${table} VALUES (${marks})`).run(names.map((name) => row.get(name) ?? null))
}
