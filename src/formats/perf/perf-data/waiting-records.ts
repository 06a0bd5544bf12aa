/**
 * Copies of records with what is needed to order them; memory is kept and used again. Records begin at multiples of 8, so
 * that those of a machine that is little endian can be read as words.
 */
import { copyShort } from "../../../base/growing-bytes.ts"

const FIRST_BYTES = 1024 * 1024
const FIRST_RECORDS = 4096

export class WaitingRecords {
  bytes = Buffer.allocUnsafe(FIRST_BYTES)
  view = viewOf(this.bytes)
  /** The same memory. */
  words = wordsOf(this.bytes)
  used = 0
  count = 0
  starts = new Int32Array(FIRST_RECORDS)
  sizes = new Int32Array(FIRST_RECORDS)
  highs = new Uint32Array(FIRST_RECORDS)
  lows = new Uint32Array(FIRST_RECORDS)
  offsets = new Float64Array(FIRST_RECORDS)
  sources = new Int32Array(FIRST_RECORDS)

  /** Copies `source[from, from + size)`; returns the record's place. */
  add(source: DataView, from: number, size: number): number {
    if (this.used + size > this.bytes.length) this.#growBytes(size)
    this.reserveRecords(1)
    const at = this.count++
    // Too short to be worth a call out of JavaScript.
    copyShort(source, from, this.view, this.used, size)
    this.starts[at] = this.used
    this.sizes[at] = size
    // Records begin where a kernel's do: at multiples of 8.
    this.used += (size + 7) & ~7
    return at
  }

  /** Makes room for the notes of so many records. */
  reserveRecords(more: number): void {
    while (this.count + more > this.starts.length) this.#growRecords()
  }

  /** Copies `source[from, to)`, whole records whose notes the caller has made. */
  addBytes(source: Buffer, from: number, to: number): void {
    if (this.used + to - from > this.bytes.length) this.#growBytes(to - from)
    source.copy(this.bytes, this.used, from, to)
    this.used += (to - from + 7) & ~7
  }

  /** Copies one record of another list. */
  addFrom(other: WaitingRecords, place: number): void {
    const at = this.add(other.view, other.starts[place] as number, other.sizes[place] as number)
    this.highs[at] = other.highs[place] as number
    this.lows[at] = other.lows[place] as number
    this.offsets[at] = other.offsets[place] as number
    this.sources[at] = other.sources[place] as number
  }

  /** Drops the records before `place`. */
  dropBefore(place: number): void {
    const from = this.starts[place] as number
    for (let at = place; at < this.count; at++) this.starts[at] = (this.starts[at] as number) - from
    for (const notes of [this.starts, this.sizes, this.highs, this.lows, this.offsets, this.sources])
      notes.copyWithin(0, place, this.count)
    this.bytes.copyWithin(0, from, this.used)
    this.used -= from
    this.count -= place
  }

  clear(): void {
    this.used = 0
    this.count = 0
  }

  /** Whether the time of `a` is later than that of `b`. */
  isLater(a: number, b: number): boolean {
    const highA = this.highs[a] as number
    const highB = this.highs[b] as number
    return highA > highB || (highA === highB && (this.lows[a] as number) > (this.lows[b] as number))
  }

  #growBytes(more: number): void {
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + more))
    this.bytes.copy(grown, 0, 0, this.used)
    this.bytes = grown
    this.view = viewOf(grown)
    this.words = wordsOf(grown)
  }

  #growRecords(): void {
    const length = this.starts.length * 2
    this.starts = grown(this.starts, new Int32Array(length))
    this.sizes = grown(this.sizes, new Int32Array(length))
    this.highs = grown(this.highs, new Uint32Array(length))
    this.lows = grown(this.lows, new Uint32Array(length))
    this.offsets = grown(this.offsets, new Float64Array(length))
    this.sources = grown(this.sources, new Int32Array(length))
  }
}

function grown<Items extends Int32Array | Uint32Array | Float64Array>(old: Items, larger: Items): Items {
  larger.set(old)
  return larger
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Memory of its own begins where words may. */
function wordsOf(bytes: Buffer): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
}
