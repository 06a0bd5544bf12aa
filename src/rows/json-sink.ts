/**
 * Rows as JSON objects: `{"_table":"process_events","pid":42,…}`, one a line or as one array. Integers beyond ±2^53
 * are strings, for readers whose numbers are doubles.
 */

import { INTEGER_BYTES, writeInteger, writeInteger64 } from "../base/decimal.ts"
import { copyWords, viewOf } from "../base/growing-bytes.ts"
import type { TableSchema } from "../schema/column.ts"
import { type ByteDestination, ByteOutput } from "./byte-output.ts"
import { putJsonText } from "./json-text.ts"
import { describeTable, requireInteger, type SinkTable, TableSink } from "./table-sink.ts"
import { RawBytes, StringBytes } from "./text-source.ts"

/** The bytes of `null`. */
const NULL = 0x6e756c6c
const QUOTE = 0x22
/** Braces, separators and what is copied beyond the end of a name. */
const PADDING = 16
const CLOSING_BRACE = 0x7d
const NEWLINE = 0x0a
const HALF_OF_2_53 = 0x200000

interface JsonTable extends SinkTable {
  /** What stands before each value, `,"name":`, one after the other and padded. */
  readonly names: DataView
  /** Offset and length of each column's piece of `names`. */
  readonly places: Uint32Array
  /** All that a row takes besides its texts, at most. */
  readonly fixedBytes: number
}

abstract class JsonObjects extends TableSink<JsonTable> {
  protected readonly out: ByteOutput
  private readonly raw = new RawBytes()
  private readonly string = new StringBytes()
  private names: DataView = new DataView(new ArrayBuffer(0))
  private places: Uint32Array = new Uint32Array(0)

  constructor(destination: ByteDestination) {
    super()
    this.out = new ByteOutput(destination)
  }

  override begin(schema: TableSchema): void {
    const table = this.beginRow(schema)
    this.names = table.names
    this.places = table.places
    this.out.slack = table.fixedBytes
    this.out.reserve(0)
  }

  null(): void {
    const { out } = this
    this.putName(this.numberColumn())
    out.view.setInt32(out.used, NULL)
    out.used += 4
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
    out.used = writeInteger(out.view, out.used, value)
  }

  int64(high: number, low: number): void {
    const { out } = this
    this.putName(this.numberColumn())
    const isString = !isWithinDouble(high, low)
    if (isString) out.bytes[out.used++] = QUOTE
    out.used = writeInteger64(out.view, out.used, high, low)
    if (isString) out.bytes[out.used++] = QUOTE
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    this.putName(this.textColumn())
    this.raw.load(buffer)
    putJsonText(this.out, this.raw, start, end)
  }

  text(value: string): void {
    this.putName(this.textColumn())
    this.string.load(value)
    putJsonText(this.out, this.string, 0, this.string.length)
  }

  flush(): void {
    this.out.send()
    this.raw.clear()
    this.string.clear()
  }

  protected addTable(schema: TableSchema): JsonTable {
    const names = schema.columns.map(({ name }, index) => {
      const before = index === 0 ? `"_table":${JSON.stringify(schema.name)},` : ","
      return Buffer.from(`${before}${JSON.stringify(name)}:`)
    })
    const places = new Uint32Array(names.length * 2)
    let bytes = 0
    for (const [index, name] of names.entries()) {
      places[index * 2] = bytes
      places[index * 2 + 1] = name.length
      bytes += name.length
    }
    const fixedBytes = bytes + names.length * (INTEGER_BYTES + 2) + PADDING
    return {
      ...describeTable(schema),
      names: viewOf(Buffer.concat([...names, Buffer.alloc(PADDING)])),
      places,
      fixedBytes,
    }
  }

  private putName(column: number): void {
    const { out, places } = this
    const from = places[column * 2] as number
    const length = places[column * 2 + 1] as number
    copyWords(this.names, from, out.view, out.used, length)
    out.used += length
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
