/**
 * Rows that wait between parser and store: whole, in the order in which they were written, of all tables together.
 * The queue has no bound of its own; its owner looks at `size` and stops feeding the parser.
 */
import type { TableSchema } from "../schema/column.ts"
import type { QueuedRow } from "../schema/row-value.ts"
import { describeValueTable, ValueSink, type ValueTable } from "./value-sink.ts"

export class RowQueue extends ValueSink<ValueTable> {
  private rows: QueuedRow[] = []

  /** Rows that wait. */
  get size(): number {
    return this.rows.length
  }

  /** Hands over the rows that wait, oldest first, and forgets them. */
  take(): QueuedRow[] {
    const { rows } = this
    this.rows = []
    return rows
  }

  /** Nothing is held back. */
  flush(): void {}

  close(): void {}

  protected addTable(schema: TableSchema): ValueTable {
    return describeValueTable(schema)
  }

  protected takeRow(table: ValueTable): void {
    this.rows.push({ schema: table.schema, values: table.values.slice() })
  }
}
