/**
 * The bytes of a source that a reader has not finished with. `bytes[at, end)` is left to read; a reader moves `at`
 * forward. Behind `end` stands a 0, so that a scanner needs no look at the length.
 */

const FIRST_BYTES = 256 * 1024
/** A store that grew for one long message is given back. */
const KEPT_BYTES = 4 * 1024 * 1024

export class UnitWindow {
  bytes: Buffer = Buffer.alloc(FIRST_BYTES)
  at = 0
  end = 0
  /** No more bytes come. */
  isLast = false
  #offset = 0

  /** The next bytes begin at `offset` of a source. */
  begin(offset: number): void {
    this.at = 0
    this.end = 0
    this.isLast = false
    this.#offset = offset
  }

  append(chunk: Uint8Array): void {
    this.#reserve(chunk.length + 1)
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
    this.bytes[this.end] = 0
  }

  /** Offset in the source of `bytes[index]`. */
  offsetOf(index: number): number {
    return this.#offset + index
  }

  /** What was read is dropped. */
  #reserve(more: number): void {
    if (this.bytes.length - this.end >= more) return
    const left = this.end - this.at
    const needed = left + more
    const isTooLarge = this.bytes.length > KEPT_BYTES && needed * 4 < this.bytes.length
    if (needed > this.bytes.length || isTooLarge) {
      const store = Buffer.alloc(Math.max(FIRST_BYTES, needed * 2))
      this.bytes.copy(store, 0, this.at, this.end)
      this.bytes = store
    } else this.bytes.copyWithin(0, this.at, this.end)
    this.#offset += this.at
    this.at = 0
    this.end = left
  }
}
