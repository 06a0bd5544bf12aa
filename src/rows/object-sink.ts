/** Rows as plain objects in memory: for tests and for callers that want a handful of rows. */
import type { TableSchema } from "../schema/column.ts"
import { describeValueTable, type RowValue, ValueSink, type ValueTable } from "./value-sink.ts"

export interface ObjectRow {
  readonly table: string
  /** By column name, in the schema's order. */
  readonly values: Readonly<Record<string, RowValue>>
}

export class ObjectSink extends ValueSink<ValueTable> {
  /** All rows in the order in which they were written. */
  readonly rows: ObjectRow[] = []

  flush(): void {}

  close(): void {}

  protected addTable(schema: TableSchema): ValueTable {
    return describeValueTable(schema)
  }

  protected takeRow({ schema, values }: ValueTable): void {
    const entries = schema.columns.map(({ name }, index) => [name, values[index] ?? null] as const)
    this.rows.push({ table: schema.name, values: Object.fromEntries(entries) })
  }
}
