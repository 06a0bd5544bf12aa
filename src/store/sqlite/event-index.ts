/**
 * The seconds of every event table of an open database, counted once and kept up to date, so that nothing has to be
 * searched at a checkpoint. Rows without a time never expire. Source: sqlite.org/pragma.html (data_version).
 */
import type { Statement } from "better-sqlite3"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { TimeIndex } from "../time-index.ts"
import { quoteIdentifier } from "./ddl.ts"
import type { SqliteDatabase } from "./open-readonly.ts"

interface TableSeconds {
  readonly index: TimeIndex
  timeless: number
}

export class EventIndex {
  readonly #db: SqliteDatabase
  readonly #tables = new Map<string, TableSeconds>()
  readonly #askVersion: Statement
  /** Changes when another process has written. */
  #version: unknown

  constructor(db: SqliteDatabase) {
    this.#db = db
    this.#askVersion = db.prepare("PRAGMA data_version").pluck()
    this.#refresh()
  }

  /** Counts a row that has been committed; `time` is its value in that column. */
  add(table: string, time: unknown): void {
    const seconds = this.#tables.get(table)
    if (seconds === undefined) return
    if (typeof time === "number") seconds.index.add(time)
    else seconds.timeless++
  }

  /** Rows went that it knows nothing of: everything is counted anew when it is asked next. */
  forget(): void {
    this.#version = undefined
  }

  /** Deletes what is older than `expirySeconds`, and returns how many rows that were. */
  expire(table: string, expirySeconds: number, nowSeconds: number): number {
    return this.#delete(table, (index) => index.expiryBound(expirySeconds, nowSeconds))
  }

  /** Deletes the oldest seconds until `max` are left, and returns how many rows that were. */
  limit(table: string, max: number): number {
    return this.#delete(table, (index) => index.overflowBound(max))
  }

  sizes(): Map<string, number> {
    this.#refresh()
    return new Map([...this.#tables].map(([name, { index, timeless }]) => [name, index.rows + timeless]))
  }

  #delete(table: string, boundOf: (index: TimeIndex) => number | null): number {
    this.#refresh()
    const index = this.#tables.get(table)?.index
    const bound = index === undefined ? null : boundOf(index)
    if (index === undefined || bound === null) return 0
    const { changes } = this.#db
      .prepare(`DELETE FROM ${quoteIdentifier(table)} WHERE typeof("time") = 'integer' AND "time" <= ?`)
      .run(bound)
    index.dropThrough(bound)
    return changes
  }

  #refresh(): void {
    const version = this.#askVersion.get()
    if (version === this.#version) return
    for (const { name } of EVENT_TABLES) this.#tables.set(name, this.#count(name))
    this.#version = version
  }

  #count(table: string): TableSeconds {
    const seconds: TableSeconds = { index: new TimeIndex(), timeless: 0 }
    const sql = `SELECT "time", count(*) FROM ${quoteIdentifier(table)} GROUP BY "time"`
    for (const row of this.#db.prepare(sql).raw().iterate()) {
      const [time, rows] = row as [unknown, number]
      if (typeof time === "number") seconds.index.add(time, rows)
      else seconds.timeless += rows
    }
    return seconds
  }
}
