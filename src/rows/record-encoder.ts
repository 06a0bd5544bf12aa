/**
 * One SQLite record: a header of serial types and the values behind it, encoded as the columns come.
 * Source: sqlite.org/fileformat2.html, section 2.1 (record format).
 *
 *     headerSize varint | serial type varint × columns | value × columns
 */
import { copyShort, GrowingBytes, viewOf } from "../base/growing-bytes.ts"
import { putText } from "./text-cell.ts"
import type { TextSource } from "./text-source.ts"
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
  private typesView = viewOf(this.types)
  private typesUsed = 0
  private headroom = 0

  begin(columns: number): void {
    if (this.types.length < columns * TYPE_BYTES) {
      this.types = new Uint8Array(columns * TYPE_BYTES)
      this.typesView = viewOf(this.types)
    }
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

  text(source: TextSource, start: number, end: number): void {
    const from = this.out.used
    putText(this.out, source, start, end)
    const type = 13 + 2 * (this.out.used - from)
    if (type < 0x80) this.types[this.typesUsed++] = type
    else this.typesUsed = writeVarint(this.types, this.typesUsed, type)
  }

  /** Puts the header before the values. */
  finish(): void {
    const { out, typesUsed } = this
    const headerSize = sizeHeader(typesUsed)
    this.start = this.headroom - headerSize
    const at = writeVarint(out.bytes, this.start, headerSize)
    copyShort(this.typesView, 0, out.view, at, typesUsed)
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
    this.out.view.setInt16(this.out.used, value)
    this.out.used += 2
  }

  private put32(value: number): void {
    this.out.view.setInt32(this.out.used, value)
    this.out.used += 4
  }
}

/** The header's size counts its own varint. */
function sizeHeader(typesLength: number): number {
  const size = typesLength + varintLength(typesLength)
  return typesLength + varintLength(size)
}
