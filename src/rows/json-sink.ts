/**
 * Rows as JSON objects: `{"_table":"process_events","pid":42,…}`, one a line or as one array. Integers beyond ±2^53
 * are strings, for readers whose numbers are doubles.
 */
import type { TableSchema } from "../schema/column.ts"
import { type ByteDestination, ByteOutput } from "./byte-output.ts"
import { INTEGER_BYTES, writeInteger, writeInteger64 } from "./decimal.ts"
import { copyShort } from "./growing-bytes.ts"
import { putJsonText } from "./json-text.ts"
import { describeTable, requireInteger, type SinkTable, TableSink } from "./table-sink.ts"
import { StringBytes } from "./text-cell.ts"

const QUOTE = 0x22
const CLOSING_BRACE = 0x7d
const NEWLINE = 0x0a
const HALF_OF_2_53 = 0x200000

interface JsonTable extends SinkTable {
  /** What stands before each value, `,"name":`, one after the other; `starts[i]` to `starts[i + 1]` is column i's. */
  readonly names: Uint8Array
  readonly starts: Uint32Array
  /** All that a row takes besides its texts, at most. */
  readonly fixedBytes: number
}

abstract class JsonObjects extends TableSink<JsonTable> {
  protected readonly out: ByteOutput
  private readonly string = new StringBytes()
  private names: Uint8Array = new Uint8Array(0)
  private starts: Uint32Array = new Uint32Array(1)

  constructor(destination: ByteDestination) {
    super()
    this.out = new ByteOutput(destination)
  }

  override begin(schema: TableSchema): void {
    const table = this.beginRow(schema)
    this.names = table.names
    this.starts = table.starts
    this.out.slack = table.fixedBytes
    this.out.reserve(0)
  }

  null(): void {
    const { out } = this
    this.putName(this.numberColumn())
    const { bytes, used } = out
    bytes[used] = 0x6e
    bytes[used + 1] = 0x75
    bytes[used + 2] = 0x6c
    bytes[used + 3] = 0x6c
    out.used = used + 4
  }

  empty(): void {
    const { out } = this
    this.putName(this.textColumn())
    out.bytes[out.used++] = QUOTE
    out.bytes[out.used++] = QUOTE
  }

  int(value: number): void {
    if ((value | 0) !== value) requireInteger(value)
    const { out } = this
    this.putName(this.numberColumn())
    out.used = writeInteger(out.bytes, out.used, value)
  }

  int64(high: number, low: number): void {
    const { out } = this
    this.putName(this.numberColumn())
    const isString = !isWithinDouble(high, low)
    if (isString) out.bytes[out.used++] = QUOTE
    out.used = writeInteger64(out.bytes, out.used, high, low)
    if (isString) out.bytes[out.used++] = QUOTE
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    this.putName(this.textColumn())
    putJsonText(this.out, buffer, start, end, false)
  }

  text(value: string): void {
    this.putName(this.textColumn())
    this.string.load(value)
    putJsonText(this.out, this.string.bytes, 0, this.string.length, true)
  }

  flush(): void {
    this.out.send()
    this.string.clear()
  }

  protected addTable(schema: TableSchema): JsonTable {
    const pieces = schema.columns.map(({ name }, index) => {
      const before = index === 0 ? `"_table":${JSON.stringify(schema.name)},` : ","
      return Buffer.from(`${before}${JSON.stringify(name)}:`)
    })
    const starts = new Uint32Array(pieces.length + 1)
    for (const [index, piece] of pieces.entries()) starts[index + 1] = (starts[index] ?? 0) + piece.length
    const names = Buffer.concat(pieces)
    const fixedBytes = names.length + pieces.length * (INTEGER_BYTES + 2) + 8
    return { ...describeTable(schema), names, starts, fixedBytes }
  }

  private putName(column: number): void {
    const { out, starts } = this
    const from = starts[column] as number
    const to = starts[column + 1] as number
    out.used = copyShort(this.names, from, to, out.bytes, out.used)
  }
}

/** JSON lines: one object a line. Whole lines reach the destination, in batches or on `flush()`. */
export class JsonLinesSink extends JsonObjects {
  override begin(schema: TableSchema): void {
    super.begin(schema)
    this.out.bytes[this.out.used++] = 0x7b
  }

  end(): void {
    this.endRow()
    this.out.bytes[this.out.used++] = CLOSING_BRACE
    this.out.bytes[this.out.used++] = NEWLINE
    this.out.endRow()
  }

  close(): void {
    this.flush()
  }
}

/** One JSON array of the same objects, written as a stream; complete only after `close()`. */
export class JsonSink extends JsonObjects {
  private isFirst = true

  override begin(schema: TableSchema): void {
    super.begin(schema)
    const { out } = this
    out.put(Buffer.from(this.isFirst ? "[{" : ",\n{", "latin1"))
    this.isFirst = false
  }

  end(): void {
    this.endRow()
    this.out.bytes[this.out.used++] = CLOSING_BRACE
    this.out.endRow()
  }

  close(): void {
    this.out.put(Buffer.from(this.isFirst ? "[]\n" : "]\n", "latin1"))
    this.out.endRow()
    this.flush()
  }
}

/** Is the signed 64-bit integer within ±2^53? */
function isWithinDouble(high: number, low: number): boolean {
  if (high >= -HALF_OF_2_53 && high < HALF_OF_2_53) return true
  return high === HALF_OF_2_53 && low === 0
}
