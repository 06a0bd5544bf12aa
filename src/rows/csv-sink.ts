/** One table as CSV (RFC 4180, LF line ends, UTF-8): a header line, NULL as nothing, byte for byte csv-stringify's defaults. */

import { INTEGER_BYTES, writeInteger, writeInteger64 } from "../base/decimal.ts"
import type { TableSchema } from "../schema/column.ts"
import { type ByteDestination, ByteOutput } from "./byte-output.ts"
import { putCsvText } from "./csv-text.ts"
import { describeTable, requireInteger, type SinkTable, TableSink } from "./table-sink.ts"
import { RawBytes, StringBytes } from "./text-source.ts"

const COMMA = 0x2c
const NEWLINE = 0x0a

export interface CsvOptions {
  /** Puts `'` before text that a spreadsheet would run; true unless told otherwise. False is byte-exact. */
  readonly escapeFormulas?: boolean
}

export class CsvSink extends TableSink<SinkTable> {
  private readonly schema: TableSchema
  private readonly out: ByteOutput
  private readonly escapeFormulas: boolean
  private readonly raw = new RawBytes()
  private readonly string = new StringBytes()

  constructor(schema: TableSchema, destination: ByteDestination, options: CsvOptions = {}) {
    super()
    this.schema = schema
    this.out = new ByteOutput(destination)
    this.escapeFormulas = options.escapeFormulas ?? true
    this.out.slack = schema.columns.length * (INTEGER_BYTES + 1)
    this.register(schema)
    this.out.put(Buffer.from(`${schema.columns.map(({ name }) => name).join(",")}\n`))
    this.out.endRow()
  }

  override begin(schema: TableSchema): void {
    this.beginRow(schema)
    this.out.reserve(0)
  }

  null(): void {
    this.separate(this.numberColumn())
  }

  empty(): void {
    this.separate(this.textColumn())
  }

  int(value: number): void {
    if ((value | 0) !== value) requireInteger(value)
    this.separate(this.numberColumn())
    this.out.used = writeInteger(this.out.view, this.out.used, value)
  }

  int64(high: number, low: number): void {
    this.separate(this.numberColumn())
    this.out.used = writeInteger64(this.out.view, this.out.used, high, low)
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    this.separate(this.textColumn())
    this.raw.load(buffer)
    putCsvText(this.out, this.raw, start, end, this.escapeFormulas)
  }

  text(value: string): void {
    this.separate(this.textColumn())
    this.string.load(value)
    putCsvText(this.out, this.string, 0, this.string.length, this.escapeFormulas)
  }

  end(): void {
    this.endRow()
    this.out.bytes[this.out.used++] = NEWLINE
    this.out.endRow()
  }

  flush(): void {
    this.out.send()
    this.raw.clear()
    this.string.clear()
  }

  close(): void {
    this.flush()
  }

  protected addTable(schema: TableSchema): SinkTable {
    if (schema !== this.schema) {
      throw new Error(`a CSV file of ${this.schema.name} cannot take a row of ${schema.name}`)
    }
    return describeTable(schema)
  }

  private separate(column: number): void {
    if (column > 0) this.out.bytes[this.out.used++] = COMMA
  }
}
