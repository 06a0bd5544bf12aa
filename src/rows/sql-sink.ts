/**
 * Rows as inserts into an open database: for live capture and small appends, and the oracle of the page file in tests.
 * An integer within ±2^53 is bound as a number, which better-sqlite3 makes a double: the column's integer affinity
 * turns it back, so every number column needs one.
 */
import type { TableSchema } from "../schema/column.ts"
import { describeValueTable, type RowValue, ValueSink, type ValueTable } from "./value-sink.ts"

/** What the sink needs of a database; transactions are its owner's. */
export interface RowInserter {
  /** A prepared insert of whole rows. The array it is called with is used again for the next row. */
  prepareInsert(table: TableSchema): (values: readonly RowValue[]) => void
}

interface SqlTable extends ValueTable {
  readonly insert: (values: readonly RowValue[]) => void
}

export class SqlSink extends ValueSink<SqlTable> {
  private readonly database: RowInserter

  constructor(database: RowInserter) {
    super()
    this.database = database
  }

  /** Nothing is held back. */
  flush(): void {}

  /** The database stays open. */
  close(): void {}

  protected addTable(schema: TableSchema): SqlTable {
    return { ...describeValueTable(schema), insert: this.database.prepareInsert(schema) }
  }

  protected takeRow(table: SqlTable): void {
    table.insert(table.values)
  }
}
