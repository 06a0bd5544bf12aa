/** The sinks that need JavaScript values, one array a table, filled anew for each row. */
import { storableText } from "../base/text.ts"
import type { TableSchema } from "../schema/column.ts"
import type { RowValue } from "../schema/row-value.ts"
import { RecentTexts } from "./recent-texts.ts"
import { describeTable, requireInteger, type SinkTable, TableSink } from "./table-sink.ts"

export type { RowValue } from "../schema/row-value.ts"

export interface ValueTable extends SinkTable {
  readonly values: RowValue[]
  readonly recent: RecentTexts
}

export abstract class ValueSink<Table extends ValueTable> extends TableSink<Table> {
  private values: RowValue[] = []
  private recent: RecentTexts = new RecentTexts(0)

  /** Takes a finished row; its values are overwritten by the next. */
  protected abstract takeRow(table: Table): void

  override begin(schema: TableSchema): void {
    const { values, recent } = this.beginRow(schema)
    this.values = values
    this.recent = recent
  }

  null(): void {
    this.values[this.numberColumn()] = null
  }

  empty(): void {
    this.values[this.textColumn()] = ""
  }

  int(value: number): void {
    requireInteger(value)
    // No negative zero.
    this.values[this.numberColumn()] = value + 0
  }

  int64(high: number, low: number): void {
    this.values[this.numberColumn()] = joinHalves(high, low)
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    const column = this.textColumn()
    this.values[column] = this.recent.textOf(column, buffer, start, end)
  }

  text(value: string): void {
    this.values[this.textColumn()] = storableText(value)
  }

  end(): void {
    this.takeRow(this.endRow())
  }
}

/** What `describeTable` gives, and the array. */
export function describeValueTable(schema: TableSchema): ValueTable {
  const columns = schema.columns.length
  return {
    ...describeTable(schema),
    values: new Array<RowValue>(columns).fill(null),
    recent: new RecentTexts(columns),
  }
}

function joinHalves(high: number, low: number): number | bigint {
  const value = high * 0x1_0000_0000 + (low >>> 0)
  if (Math.abs(value) < 2 ** 53) return value
  const exact = (BigInt(high) << 32n) | BigInt(low >>> 0)
  return exact === 2n ** 53n || exact === -(2n ** 53n) ? Number(exact) : exact
}
