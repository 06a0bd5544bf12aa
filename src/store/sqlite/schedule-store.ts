/**
 * The live database as the schedule's process sees it: two connections of its own, one that can only read and runs the
 * queries of others, one for its own state. Source: sqlite.org/wal.html (a reader stands in nobody's way),
 * sqlite.org/lang_createview.html (a temporary view goes before a table of the same name).
 */
import { resolve } from "node:path"
import Database from "better-sqlite3"
import { quoteIdentifier } from "./ddl.ts"
import { prepareQuery, type QueryStatement, type SqlValue } from "./query-guard.ts"
import { ScheduleState } from "./schedule-state.ts"
import { registerSqlFunctions } from "./sql-functions/index.ts"

export type { StoredAppend, StoredQuery } from "./schedule-state.ts"

/** The capture commits many small transactions; none is as long as this. */
const BUSY_MS = 10_000

export interface OpenedQuery {
  readonly columns: readonly {
    readonly name: string
    readonly table: string | null
    readonly column: string | null
  }[]
  /** The rows, once; integers are bigint. Throws what SQLite throws. */
  readonly rows: Iterable<readonly SqlValue[]>
  /** The last rowid of each table that was asked for, as this query sees it. */
  readonly cursors: ReadonlyMap<string, number>
}

export class ScheduleStore {
  readonly state: ScheduleState
  readonly #reader: Database.Database

  /** @param path an absolute or relative path of a database in WAL mode; throws what SQLite throws */
  constructor(path: string) {
    const absolute = resolve(path)
    this.state = new ScheduleState(openConnection(absolute, false))
    try {
      this.#reader = openConnection(absolute, true)
    } catch (error) {
      this.state.close()
      throw error
    }
    this.#reader.defaultSafeIntegers(true)
    registerSqlFunctions(this.#reader)
    // Opens all files that are needed, as long as the process still may.
    this.#reader.prepare("SELECT count(*) FROM sqlite_schema").get()
  }

  /**
   * Runs `sql` and hands its rows to `use`, all from one moment of the database.
   * @param after of each of these tables, only rows behind the rowid; null: all rows of all tables
   * @throws Error when the statement is not allowed or fails
   */
  query<Result>(
    sql: string,
    after: ReadonlyMap<string, number> | null,
    use: (opened: OpenedQuery) => Result,
  ): Result {
    const reader = this.#reader
    reader.exec("BEGIN")
    try {
      const cursors = after === null ? new Map<string, number>() : this.#shadow(after)
      reader.pragma("query_only=ON")
      const statement = this.#prepare(sql)
      // Begun only when somebody asks for rows: a connection with an open statement can do nothing else.
      const rows = { [Symbol.iterator]: () => statement.iterate() }
      return use({ columns: statement.columns(), rows, cursors })
    } finally {
      reader.pragma("query_only=OFF")
      // The views go with the transaction that made them.
      if (reader.inTransaction) reader.exec("ROLLBACK")
    }
  }

  close(): void {
    this.#reader.close()
    this.state.close()
  }

  #prepare(sql: string): QueryStatement {
    const prepared = prepareQuery(this.#reader, sql)
    if (prepared.kind === "ready") return prepared.statement
    throw new Error(prepared.kind === "refused" ? prepared.reason : prepared.message)
  }

  /** Temporary views with the names of the tables, which hold what is new. */
  #shadow(after: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const cursors = new Map<string, number>()
    for (const [table, cursor] of after) {
      const name = quoteIdentifier(table)
      const last = this.#reader.prepare(`SELECT max(rowid) FROM main.${name}`).pluck().get() as bigint | null
      cursors.set(table, Math.max(cursor, Number(last ?? 0)))
      this.#reader.exec(`CREATE TEMP VIEW ${name} AS SELECT * FROM main.${name} WHERE rowid > ${cursor}`)
    }
    return cursors
  }
}

function openConnection(path: string, readonly: boolean): Database.Database {
  const db = new Database(path, { fileMustExist: true, readonly, timeout: BUSY_MS })
  try {
    for (const pragma of ["trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "temp_store=MEMORY"]) {
      db.pragma(pragma)
    }
    // The capture moves the WAL into the database; a query that did it would hold the capture up.
    if (!readonly) for (const pragma of ["wal_autocheckpoint=0", "synchronous=NORMAL"]) db.pragma(pragma)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
