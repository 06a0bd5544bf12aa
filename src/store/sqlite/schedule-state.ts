/**
 * What the schedule remembers in the live database, so that a restart goes on where the last run ended: for each query
 * its epoch, counter, places and rows, and where the log stood while lines were being appended. The tables are made
 * where a schedule runs, and in no other case.
 */
import type Database from "better-sqlite3"

export interface StoredQuery {
  readonly epoch: number
  readonly counter: number
  /** For each event table, the last rowid that the query has seen. */
  readonly cursors: ReadonlyMap<string, number>
  /** Rows of the last run, as they were logged. */
  readonly rows: readonly string[]
}

/** Where a log stood before the lines of a run were appended. */
export interface StoredAppend {
  readonly file: string
  readonly inode: bigint
  readonly size: bigint
}

const CREATE = `
CREATE TABLE IF NOT EXISTS _schedule (
  query TEXT PRIMARY KEY, epoch BIGINT, counter BIGINT, cursors TEXT, ran BIGINT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _schedule_rows (query TEXT, place BIGINT, row TEXT, PRIMARY KEY (query, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _schedule_append (file TEXT, inode TEXT, size TEXT);`

export class ScheduleState {
  readonly #db: Database.Database

  /** Takes the connection over and closes it. */
  constructor(db: Database.Database) {
    this.#db = db
    // BEGIN IMMEDIATE waits for the writer of the capture; a write that grows out of a read would fail at once.
    db.transaction(() => db.exec(CREATE)).immediate()
  }

  read(query: string): StoredQuery | null {
    const row = this.#db.prepare("SELECT epoch, counter, cursors FROM _schedule WHERE query = ?").get(query)
    if (row === undefined) return null
    const { epoch, counter, cursors } = row as { epoch: number; counter: number; cursors: string }
    const rows = this.#db
      .prepare("SELECT row FROM _schedule_rows WHERE query = ? ORDER BY place")
      .pluck()
      .all(query)
    return { epoch, counter, cursors: readCursors(cursors), rows: rows as string[] }
  }

  /** From now on until `save`, lines may stand in the log that the state does not know of. */
  noteAppend({ file, inode, size }: StoredAppend): void {
    this.#db
      .transaction(() => {
        this.#db.exec("DELETE FROM _schedule_append")
        this.#db
          .prepare("INSERT INTO _schedule_append VALUES (?, ?, ?)")
          .run(file, String(inode), String(size))
      })
      .immediate()
  }

  /** An append that a killed process has left. */
  openAppend(): StoredAppend | null {
    const row = this.#db.prepare("SELECT file, inode, size FROM _schedule_append").get()
    if (row === undefined) return null
    const { file, inode, size } = row as { file: string; inode: string; size: string }
    return { file, inode: BigInt(inode), size: BigInt(size) }
  }

  forgetAppend(): void {
    this.#db.transaction(() => this.#db.exec("DELETE FROM _schedule_append")).immediate()
  }

  /**
   * Brings a run to its end: state and places move together, and the appended lines count. `rows` are written only
   * when they are given.
   */
  save(query: string, state: Omit<StoredQuery, "rows">, ranS: number, rows?: readonly string[]): void {
    this.#db
      .transaction(() => {
        this.#db
          .prepare("INSERT OR REPLACE INTO _schedule VALUES (?, ?, ?, ?, ?)")
          .run(query, state.epoch, state.counter, JSON.stringify([...state.cursors]), ranS)
        if (rows !== undefined) this.#putRows(query, rows)
        this.#db.exec("DELETE FROM _schedule_append")
      })
      .immediate()
  }

  close(): void {
    this.#db.close()
  }

  #putRows(query: string, rows: readonly string[]): void {
    this.#db.prepare("DELETE FROM _schedule_rows WHERE query = ?").run(query)
    const insert = this.#db.prepare("INSERT INTO _schedule_rows VALUES (?, ?, ?)")
    for (const [place, row] of rows.entries()) insert.run(query, place, row)
  }
}

/** `[["process_events",42]]`; what is something else is nothing. */
function readCursors(json: string): ReadonlyMap<string, number> {
  try {
    const found: unknown = JSON.parse(json)
    const pairs = (Array.isArray(found) ? found : []).filter(
      (pair): pair is [string, number] =>
        Array.isArray(pair) && typeof pair[0] === "string" && Number.isSafeInteger(pair[1]),
    )
    return new Map(pairs)
  } catch {
    return new Map()
  }
}
