/** SQLite databases for the tests of the sinks: a scratch folder, an inserter, and reading rows back exactly. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import type { RowInserter } from "../../../src/rows/sql-sink.ts"
import type { TableSchema } from "../../../src/schema/column.ts"
import { createTable, type Value } from "./row-samples.ts"

export function withFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "retrail-rows-"))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `use` gets the database opened with 64-bit integers as bigint; it is closed afterwards. */
export function withDatabase<Result>(path: string, use: (database: Database.Database) => Result): Result {
  const database = new Database(path)
  database.defaultSafeIntegers(true)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

export function inserter(database: Database.Database): RowInserter {
  return {
    prepareInsert(schema) {
      const statement = database.prepare(
        `INSERT INTO ${schema.name} VALUES (${schema.columns.map(() => "?").join(",")})`,
      )
      return (values) => statement.run(...values)
    },
  }
}

export function createTables(database: Database.Database, tables: readonly TableSchema[]): void {
  for (const schema of tables) database.exec(createTable(schema))
}

export function readRows(database: Database.Database, name: string): Value[][] {
  return database.prepare<[], Value[]>(`SELECT * FROM ${name} ORDER BY rowid`).raw().all()
}

export function checkIntegrity(database: Database.Database): unknown {
  return database.pragma("integrity_check", { simple: true })
}
