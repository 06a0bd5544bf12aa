/** What makes an SQLite file a case: its marks in the file header, its tables, views and indexes. */
import { CASE_TABLES, GAPS, PROBLEMS } from "../../schema/case-tables.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { VIEWS } from "../../schema/views.ts"
import { putMeta } from "./case-rows.ts"
import { createIndexSql, createTableSql } from "./ddl.ts"
import type { SqliteDatabase } from "./open-readonly.ts"
import { CaseFileError } from "./prepare-file.ts"

/** "RTRL" in the file header, for file(1) and for ourselves. */
export const APPLICATION_ID = 0x5254524c
export const SCHEMA_VERSION = 1
/** Tables that grow with what is read. */
export const FILLED_TABLES: readonly TableSchema[] = [...EVENT_TABLES, PROBLEMS, GAPS]
const ALL_TABLES: readonly TableSchema[] = [...EVENT_TABLES, ...CASE_TABLES]

export function isEmpty(db: SqliteDatabase): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined
}

/** Indexes are made apart: `createIndexes`. */
export function createSchema(db: SqliteDatabase): void {
  db.pragma(`application_id=${APPLICATION_ID}`)
  db.pragma(`user_version=${SCHEMA_VERSION}`)
  for (const table of ALL_TABLES) db.exec(createTableSql(table))
  for (const view of VIEWS) db.exec(view.sql)
  putMeta(db, "schema_version", String(SCHEMA_VERSION))
  putMeta(db, "created", new Date().toISOString())
}

/** @throws CaseFileError when the database is no case that this version writes */
export function checkSchema(db: SqliteDatabase, path: string): void {
  if (Number(db.pragma("application_id", { simple: true })) !== APPLICATION_ID) {
    throw new CaseFileError("not-a-case", `${path} is an SQLite file, but no case of retrail`)
  }
  const version = Number(db.pragma("user_version", { simple: true }))
  if (version !== SCHEMA_VERSION) {
    throw new CaseFileError(
      "newer",
      `${path} has schema version ${version}; this retrail writes ${SCHEMA_VERSION}`,
    )
  }
}

/** Those that are missing. */
export function createIndexes(db: SqliteDatabase): void {
  for (const table of ALL_TABLES) {
    for (const sql of createIndexSql(table)) {
      db.exec(sql.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
    }
  }
}
