/**
 * Opens a case to be read by queries of our own: it must be a case, and what those queries name must be plain
 * tables. In a file that an attacker made, a view or virtual table of that name could run for ever.
 */
import { CASE_TABLES } from "../../schema/case-tables.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { APPLICATION_ID, SCHEMA_VERSION } from "./case-schema.ts"
import { type OpenResult, openReadonly, type SqliteDatabase } from "./open-readonly.ts"

/** The caller closes the database. */
export function openCaseReadonly(path: string): OpenResult {
  const opened = openReadonly(path)
  if (!opened.ok) return opened
  try {
    const detail = describeForeign(opened.db)
    if (detail === "") return opened
    opened.db.close()
    return { ok: false, failure: "not-a-case", detail }
  } catch (error) {
    opened.db.close()
    const detail = error instanceof Error ? error.message : String(error)
    return { ok: false, failure: "damaged", detail }
  }
}

/** Why the database is no case that this version reads; '' when it is one. */
export function describeForeign(db: SqliteDatabase): string {
  if (Number(db.pragma("application_id", { simple: true })) !== APPLICATION_ID) {
    return "an SQLite file, but no case of retrail"
  }
  const version = Number(db.pragma("user_version", { simple: true }))
  if (version !== SCHEMA_VERSION) return `schema version ${version}; this retrail reads ${SCHEMA_VERSION}`
  const rows = db.prepare("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").all()
  const types = new Map((rows as { name: string; type: string }[]).map(({ name, type }) => [name, type]))
  for (const { name } of [...EVENT_TABLES, ...CASE_TABLES]) {
    if (types.get(name) !== "table") return `it has no table ${name}`
  }
  return ""
}
