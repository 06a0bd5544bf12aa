/**
 * What all sinks share: which table a row belongs to, and the discipline of schema/row-writer.ts (columns in order,
 * each of its kind, as many as the schema has). A breach is a bug of ours, hence an exception.
 */
import type { TableSchema } from "../schema/column.ts"
import type { RowSink } from "../schema/row-writer.ts"

const NUMBER = 1
const TEXT = 2
const NO_ROW = new Uint8Array(0)

/** What a sink keeps for one table. */
export interface SinkTable {
  readonly schema: TableSchema
  /** One byte a column: number or text. */
  readonly kinds: Uint8Array
  rows: number
}

/** The part of `SinkTable` that does not depend on the sink. */
export function describeTable(schema: TableSchema): SinkTable {
  const kinds = Uint8Array.from(schema.columns, (column) => (column.type === "TEXT" ? TEXT : NUMBER))
  return { schema, kinds, rows: 0 }
}

export abstract class TableSink<Table extends SinkTable> implements RowSink {
  protected readonly tables = new Map<TableSchema, Table>()
  protected current: Table | undefined
  private kinds: Uint8Array = NO_ROW
  private column = 0

  /** Makes what the sink needs for a table, when its first row begins. */
  protected abstract addTable(schema: TableSchema): Table

  abstract null(): void
  abstract empty(): void
  abstract int(value: number): void
  abstract int64(high: number, low: number): void
  abstract bytes(buffer: Uint8Array, start: number, end: number): void
  abstract text(value: string): void
  abstract end(): void
  abstract flush(): void
  abstract close(): void

  begin(schema: TableSchema): void {
    this.beginRow(schema)
  }

  get counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const table of this.tables.values()) counts.set(table.schema.name, table.rows)
    return counts
  }

  protected beginRow(schema: TableSchema): Table {
    if (this.kinds !== NO_ROW) throw new Error(`a row of ${schema.name} begins within another row`)
    let table = this.current
    if (table === undefined || table.schema !== schema) {
      table = this.tables.get(schema) ?? this.register(schema)
      this.current = table
    }
    this.kinds = table.kinds
    this.column = 0
    return table
  }

  /** Index of the number column that is written now. */
  protected numberColumn(): number {
    const column = this.column++
    if (this.kinds[column] !== NUMBER) this.refuse(column, "number")
    return column
  }

  /** Index of the text column that is written now. */
  protected textColumn(): number {
    const column = this.column++
    if (this.kinds[column] !== TEXT) this.refuse(column, "text")
    return column
  }

  protected endRow(): Table {
    const table = this.current
    if (table === undefined || this.kinds === NO_ROW) throw new Error("a row ends that never began")
    if (this.column !== this.kinds.length) {
      throw new Error(`${table.schema.name} has ${this.kinds.length} columns, the row has ${this.column}`)
    }
    this.kinds = NO_ROW
    table.rows++
    return table
  }

  /** Forgets a row that was left unfinished. */
  protected dropRow(): void {
    this.kinds = NO_ROW
  }

  protected register(schema: TableSchema): Table {
    const table = this.addTable(schema)
    this.tables.set(schema, table)
    return table
  }

  private refuse(index: number, given: string): never {
    if (this.current === undefined || this.kinds === NO_ROW) throw new Error("a column outside of a row")
    const { schema } = this.current
    const column = schema.columns[index]
    if (column === undefined) throw new Error(`${schema.name} has only ${schema.columns.length} columns`)
    throw new Error(`${schema.name}.${column.name} is ${column.type}, but a ${given} was written`)
  }
}

/** Refuses what `RowWriter.int` cannot mean. */
export function requireInteger(value: number): void {
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 53) {
    throw new RangeError(`${value} is no integer within 2^53`)
  }
}
