/**
 * The text of a source that a reader has not finished with, as UTF-8, with the way back to the source's own bytes.
 * `bytes[at, end)` is what is left to read; a reader moves `at` forward.
 */

const FIRST_BYTES = 128 * 1024
/** A store that grew for one long event is given back. */
const KEPT_BYTES = 4 * 1024 * 1024

export class TextWindow {
  bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES)
  at = 0
  end = 0
  /** No more text comes. */
  isLast = false
  /** Bytes of text that were dropped before `bytes[0]`. */
  base = 0
  /** Bytes of the source for each UTF-16 unit; 0 when the source is UTF-8 and offsets are those of the bytes. */
  #unitBytes = 0
  /** `bytes[#knownAt]` lies at `#knownOffset` in the source. */
  #knownAt = 0
  #knownOffset = 0

  /** @param unitBytes 2 for UTF-16, 0 for UTF-8 */
  begin(unitBytes: number, offset: number): void {
    this.at = 0
    this.end = 0
    this.isLast = false
    this.base = 0
    this.#unitBytes = unitBytes
    this.#knownAt = 0
    this.#knownOffset = offset
  }

  /** Makes room for `more` bytes behind `end`; what was read is dropped. */
  reserve(more: number): void {
    if (this.bytes.length - this.end >= more) return
    const offset = this.offsetOf(this.at)
    const left = this.end - this.at
    const needed = left + more
    const isTooLarge = this.bytes.length > KEPT_BYTES && needed * 4 < this.bytes.length
    if (needed > this.bytes.length || isTooLarge) {
      const store = Buffer.allocUnsafe(Math.max(FIRST_BYTES, needed * 2))
      this.bytes.copy(store, 0, this.at, this.end)
      this.bytes = store
    } else this.bytes.copyWithin(0, this.at, this.end)
    this.base += this.at
    this.at = 0
    this.end = left
    this.#knownAt = 0
    this.#knownOffset = offset
  }

  /** Appends text that is UTF-8 already. */
  append(text: Uint8Array): void {
    this.reserve(text.length)
    this.bytes.set(text, this.end)
    this.end += text.length
  }

  /** Offset in the source of `bytes[index]`, which begins a character. */
  offsetOf(index: number): number {
    if (this.#unitBytes === 0) return this.#knownOffset + index - this.#knownAt
    const [from, to, sign] = index < this.#knownAt ? [index, this.#knownAt, -1] : [this.#knownAt, index, 1]
    this.#knownOffset += sign * countUnits(this.bytes, from, to) * this.#unitBytes
    this.#knownAt = index
    return this.#knownOffset
  }
}

/** UTF-16 units of the UTF-8 text in `bytes[start, end)`. */
function countUnits(bytes: Uint8Array, start: number, end: number): number {
  let units = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}
