/**
 * osquery's tables about a capture, empty, for a database that no capture has written: a query that works on a live
 * case then works on every case. Source: sqlite.org/vtab.html (eponymous-only virtual tables).
 */
import { OSQUERY_TABLES } from "../../schema/osquery-tables.ts"
import type { SqliteDatabase } from "./open-readonly.ts"

/** A table or view of the database that has such a name stays what it is, and its views cannot use these. */
export function registerEmptyTables(db: SqliteDatabase): void {
  const taken = new Set(db.prepare("SELECT lower(name) FROM sqlite_schema").pluck().all())
  for (const { name, columns } of OSQUERY_TABLES) {
    if (taken.has(name)) continue
    db.table(name, { columns: columns.map((column) => column.name), rows: noRows, directOnly: true })
  }
}

function* noRows(): Generator<never> {
  yield* []
}
