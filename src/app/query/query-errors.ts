/** From what SQLite says to what the person at the keyboard should do. */
import { nearestNames } from "../../base/nearest-names.ts"
import type { OpenFailure, SqliteDatabase } from "../../store/sqlite/open-readonly.ts"
import { scanSql, unquote } from "../../store/sqlite/sql-tokens.ts"
import {
  FailedError,
  IoError,
  MissingInputError,
  PermissionError,
  type RetrailError,
  UnrecognisedError,
  UsageError,
} from "../errors.ts"

/** The error for a database that could not be opened. */
export function openError(path: string, failure: OpenFailure, detail: string): RetrailError {
  switch (failure) {
    case "missing":
      return new MissingInputError(
        `${path} does not exist`,
        "Create it with: retrail ingest PATH… -d case.db",
      )
    case "no-permission":
      return new PermissionError(`${path} cannot be read: permission denied`)
    case "not-a-file":
    case "not-a-database":
      return new UnrecognisedError(
        `${path} is not a database: ${detail}`,
        "-d takes the file that retrail ingest wrote.",
      )
    case "not-a-case":
      return new UnrecognisedError(
        `${path} is no case: ${detail}`,
        "-d takes the file that retrail ingest wrote.",
      )
    case "damaged":
      return new UnrecognisedError(`${path} is a damaged database: ${detail}`, DAMAGED)
    case "locked":
      return new FailedError(`${path} is being written by another process`, "Try again when it is done.")
    case "cut-off":
      return new FailedError(
        `${path}: a run was killed while it wrote`,
        "Run the same retrail ingest again: it rolls back what is half written, and goes on.",
      )
    case "unreadable":
      return new IoError(`${path} cannot be read: ${detail}`)
  }
}

const DAMAGED = "Ingest the logs again, or salvage what is left with: sqlite3 FILE .recover"

/** The error for an SQL statement that SQLite did not accept. */
export function invalidSqlError(db: SqliteDatabase, sql: string, message: string): RetrailError {
  const table = /^no such table: (?:main\.)?([\s\S]*)$/.exec(message)?.[1]
  if (table !== undefined) return new UsageError(message, tableSuggestion(table, tableNames(db)))
  const column = /^no such column: "?([\s\S]*?)"?(?: - should this be .*)?$/.exec(message)?.[1]
  if (column !== undefined)
    return new UsageError(`no such column: ${column}`, columnSuggestion(db, sql, column))
  const wanted = /^no such function: ([\s\S]*)$/.exec(message)?.[1]
  if (wanted !== undefined)
    return new UsageError(message, didYouMean(nearestNames(wanted, functionNames(db))))
  if (message.startsWith("no such collation sequence: version")) {
    return new UsageError(message, "Compare with version_compare(a, b), or version_compare(a, b, 'DPKG').")
  }
  return new UsageError(message, "")
}

/** The error for a statement that failed while it ran. */
export function runError(error: unknown, database: string): RetrailError {
  if (!(error instanceof Error)) throw error
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
    return new UnrecognisedError(`${database} is a damaged database: ${error.message}`, DAMAGED)
  }
  if (code.startsWith("SQLITE_IOERR") || code === "SQLITE_FULL") return new IoError(error.message)
  if (code === "SQLITE_BUSY")
    return new FailedError("the database is locked", "Try again when its writer is done.")
  if (error.message === "not authorized") return new UsageError("load_extension is not allowed")
  if (error.message.includes("parameter values")) {
    return new UsageError("the query has parameters", "Write the values in place of ? and :name.")
  }
  if (code === "" || code === "SQLITE_ERROR" || code === "SQLITE_TOOBIG") return new UsageError(error.message)
  return new FailedError(`${error.message} (${code})`)
}

function tableSuggestion(table: string, names: readonly string[]): string {
  const near = nearestNames(table, names)
  if (near.length > 0) return didYouMean(near)
  return names.length === 0 ? "The database has no tables." : `There are: ${names.join(", ")}.`
}

/** Looks among the columns of the tables that the statement names. */
function columnSuggestion(db: SqliteDatabase, sql: string, column: string): string {
  const named = new Set<string>()
  for (const token of scanSql(sql)) {
    const text = sql.slice(token.start, token.end)
    if (token.kind === "word") named.add(text.toLowerCase())
    if (token.kind === "quoted-name") named.add(unquote(text).toLowerCase())
  }
  const tables = tableNames(db).filter((name) => named.has(name.toLowerCase()))
  const columns = tables.flatMap((table) => columnNames(db, table))
  const near = nearestNames(column.slice(column.lastIndexOf(".") + 1), columns)
  if (near.length > 0) return didYouMean(near)
  const [table] = tables
  return table === undefined ? "" : `List its columns with: SELECT name FROM pragma_table_info('${table}')`
}

function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return ""
  const last = names.at(-1) ?? ""
  return `Did you mean ${names.length === 1 ? last : `${names.slice(0, -1).join(", ")} or ${last}`}?`
}

function tableNames(db: SqliteDatabase): string[] {
  return textColumn(db, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")
}

function functionNames(db: SqliteDatabase): string[] {
  return textColumn(db, "SELECT DISTINCT name FROM pragma_function_list")
}

function columnNames(db: SqliteDatabase, table: string): string[] {
  return textColumn(db, "SELECT name FROM pragma_table_info(?)", table)
}

function textColumn(db: SqliteDatabase, sql: string, ...values: string[]): string[] {
  const names: unknown[] = db
    .prepare(sql)
    .pluck()
    .all(...values)
  return names.filter((name) => typeof name === "string")
}
