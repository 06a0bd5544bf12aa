/** The highest eid of each table in `_meta`, written only where it has changed. Takes part in its owner's transactions. */
import type { Statement } from "better-sqlite3"
import { META } from "../../schema/case-tables.ts"
import type { SqliteDatabase } from "./open-readonly.ts"

export class EidStore {
  readonly #delete: Statement
  readonly #insert: Statement
  readonly #stored = new Map<string, number>()
  /** Written in a transaction that may still fail. */
  #pending: (readonly [table: string, eid: number])[] = []

  constructor(db: SqliteDatabase) {
    this.#delete = db.prepare(`DELETE FROM ${META.name} WHERE key = ?`)
    this.#insert = db.prepare(`INSERT INTO ${META.name} VALUES (?, ?)`)
  }

  put(eids: ReadonlyMap<string, number>): void {
    this.#pending = [...eids].filter(([table, eid]) => this.#stored.get(table) !== eid)
    for (const [table, eid] of this.#pending) {
      this.#delete.run(`eid.${table}`)
      this.#insert.run(`eid.${table}`, String(eid))
    }
  }

  /** The transaction is through. */
  settle(): void {
    for (const [table, eid] of this.#pending) this.#stored.set(table, eid)
    this.#pending = []
  }
}
