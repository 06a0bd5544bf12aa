/** One prepared insert a table. */
import type { Statement } from "better-sqlite3"
import type { TableSchema } from "../../schema/column.ts"
import type { QueuedRow } from "../../schema/row-value.ts"
import { quoteIdentifier } from "./ddl.ts"
import type { SqliteDatabase } from "./open-readonly.ts"

export class RowInserts {
  readonly #db: SqliteDatabase
  readonly #statements = new Map<TableSchema, Statement>()

  constructor(db: SqliteDatabase) {
    this.#db = db
  }

  insert({ schema, values }: QueuedRow): void {
    let statement = this.#statements.get(schema)
    if (statement === undefined) {
      const marks = schema.columns.map(() => "?").join(", ")
      statement = this.#db.prepare(`INSERT INTO ${quoteIdentifier(schema.name)} VALUES (${marks})`)
      this.#statements.set(schema, statement)
    }
    statement.run(values)
  }
}
