/** Use case: what a case holds, or how often each value of one column occurs. */
import { openCaseReadonly } from "../../store/sqlite/open-case-readonly.ts"
import type { SqliteDatabase } from "../../store/sqlite/open-readonly.ts"
import { UsageError } from "../errors.ts"
import { openError, runError } from "../query/query-errors.ts"
import { collectStats, type Stats } from "./collect-stats.ts"
import { type CountBy, countBy } from "./count-by.ts"

/** Reads the whole case at a glance. Throws RetrailError when the file is no case that can be read. */
export function readStats(path: string, limit: number): Stats {
  return withCase(path, (db) => collectStats(db, limit))
}

/** Counts by one column. Throws RetrailError for an unknown column as well. */
export function readCountBy(path: string, column: string, limit: number): CountBy {
  return withCase(path, (db) => countBy(db, column, limit))
}

function withCase<Result>(path: string, read: (db: SqliteDatabase) => Result): Result {
  const opened = openCaseReadonly(path)
  if (!opened.ok) throw openError(path, opened.failure, opened.detail)
  try {
    return read(opened.db)
  } catch (error) {
    throw error instanceof UsageError ? error : runError(error, path)
  } finally {
    opened.db.close()
  }
}
