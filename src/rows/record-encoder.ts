/**
 * One SQLite record: a header of serial types and the values behind it, encoded as the columns come.
 * Source: sqlite.org/fileformat2.html, section 2.1 (record format).
 *
 *     headerSize varint | serial type varint × columns | value × columns
 */
import { GrowingBytes } from "./growing-bytes.ts"
import { putText } from "./text-cell.ts"
import { varintLength, writeVarint } from "./varint.ts"

/** A serial type is at most five bytes here, an integer at most eight. */
const TYPE_BYTES = 5
const INTEGER_BYTES = 8
const HEADER_SIZE_BYTES = 3
const INITIAL_BYTES = 64 * 1024

export class RecordEncoder {
  /** The finished record is `out.bytes[start, out.used)`. */
  readonly out = new GrowingBytes(INITIAL_BYTES)
  start = 0
  private types: Uint8Array = new Uint8Array(0)
  private typesUsed = 0
  private headroom = 0

  begin(columns: number): void {
    if (this.types.length < columns * TYPE_BYTES) this.types = new Uint8Array(columns * TYPE_BYTES)
    this.typesUsed = 0
    this.headroom = columns * TYPE_BYTES + HEADER_SIZE_BYTES
    this.out.clear()
    this.out.slack = columns * INTEGER_BYTES
    this.out.reserve(this.headroom)
    this.out.used = this.headroom
  }

  null(): void {
    this.types[this.typesUsed++] = 0
  }

  empty(): void {
    this.types[this.typesUsed++] = 13
  }

  /** An integer within ±2^53. */
  int(value: number): void {
    const small = value | 0
    if (small !== value) this.int64(Math.floor(value / 0x1_0000_0000), value >>> 0)
    else if (small >= -0x80 && small < 0x80) this.putByte(small)
    else this.putInt32(small)
  }

  int64(high: number, low: number): void {
    const lower = low | 0
    if (high === lower >> 31) this.int(lower)
    else if (high >= -0x8000 && high < 0x8000) {
      this.types[this.typesUsed++] = 5
      this.put16(high)
      this.put32(lower)
    } else {
      this.types[this.typesUsed++] = 6
      this.put32(high)
      this.put32(lower)
    }
  }

  /** Text, brought to text form on the way unless it `isTextForm`. */
  text(source: Uint8Array, start: number, end: number, isTextForm: boolean): void {
    const from = this.out.used
    putText(this.out, source, start, end, isTextForm)
    const type = 13 + 2 * (this.out.used - from)
    if (type < 0x80) this.types[this.typesUsed++] = type
    else this.typesUsed = writeVarint(this.types, this.typesUsed, type)
  }

  /** Puts the header before the values. */
  finish(): void {
    const { types, typesUsed } = this
    const { bytes } = this.out
    const headerSize = sizeHeader(typesUsed)
    this.start = this.headroom - headerSize
    let at = writeVarint(bytes, this.start, headerSize)
    for (let index = 0; index < typesUsed; index++) bytes[at++] = types[index] as number
  }

  private putByte(value: number): void {
    if (value === 0 || value === 1) {
      this.types[this.typesUsed++] = 8 + value
      return
    }
    this.types[this.typesUsed++] = 1
    this.out.bytes[this.out.used++] = value
  }

  private putInt32(value: number): void {
    if (value >= -0x8000 && value < 0x8000) {
      this.types[this.typesUsed++] = 2
      this.put16(value)
    } else if (value >= -0x80_0000 && value < 0x80_0000) {
      this.types[this.typesUsed++] = 3
      this.out.bytes[this.out.used++] = value >> 16
      this.put16(value)
    } else {
      this.types[this.typesUsed++] = 4
      this.put32(value)
    }
  }

  private put16(value: number): void {
    const { bytes, used } = this.out
    bytes[used] = value >> 8
    bytes[used + 1] = value
    this.out.used = used + 2
  }

  private put32(value: number): void {
    const { bytes, used } = this.out
    bytes[used] = value >> 24
    bytes[used + 1] = value >> 16
    bytes[used + 2] = value >> 8
    bytes[used + 3] = value
    this.out.used = used + 4
  }
}

/** The header's size counts its own varint. */
function sizeHeader(typesLength: number): number {
  const size = typesLength + varintLength(typesLength)
  return typesLength + varintLength(size)
}
