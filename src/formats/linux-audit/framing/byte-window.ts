/** The bytes of a stream that a reader has not finished with, across chunk borders. */

const EMPTY: Buffer = Buffer.alloc(0)
const SMALLEST_STORE = 64 * 1024

/**
 * `buffer[at, end)` is what is left to read. A reader moves `at` forward between `add` and `settle`; between
 * `settle` and the next `add` the window keeps its own copy, in a store that grows by doubling.
 */
export class ByteWindow {
  buffer: Buffer = EMPTY
  at = 0
  end = 0
  #base = 0
  #store: Buffer = EMPTY
  #isStored = false

  /** Offset in the source of `buffer[index]`. */
  offsetOf(index: number): number {
    return this.#base + index
  }

  /** Index in `buffer` of a source offset within the window. */
  indexOf(offset: number): number {
    return offset - this.#base
  }

  /** Appends a chunk that begins where the bytes so far end. The chunk itself is used until `settle`. */
  add(chunk: Buffer, offset: number): void {
    if (this.at === this.end) {
      this.buffer = chunk
      this.at = 0
      this.end = chunk.length
      this.#base = offset
      this.#isStored = false
      return
    }
    this.#reserve(chunk.length)
    chunk.copy(this.buffer, this.end)
    this.end += chunk.length
  }

  /** Copies what is left, so that the caller may reuse its chunk. */
  settle(): void {
    if (this.#isStored) return
    const length = this.end - this.at
    if (this.#store.length < length) this.#store = Buffer.allocUnsafe(Math.max(SMALLEST_STORE, length * 2))
    this.buffer.copy(this.#store, 0, this.at, this.end)
    this.#adopt(this.#store, length)
  }

  #reserve(more: number): void {
    if (this.buffer.length - this.end >= more) return
    const length = this.end - this.at
    const needed = length + more
    if (needed * 2 <= this.#store.length) {
      this.buffer.copyWithin(0, this.at, this.end)
      this.#adopt(this.#store, length)
      return
    }
    const grown = Buffer.allocUnsafe(Math.max(SMALLEST_STORE, needed * 2))
    this.buffer.copy(grown, 0, this.at, this.end)
    this.#adopt(grown, length)
  }

  #adopt(store: Buffer, length: number): void {
    this.#base += this.at
    this.#store = store
    this.buffer = store
    this.at = 0
    this.end = length
    this.#isStored = true
  }
}
