/** Buffers of one size that are used again: what is in one is nobody's once it was given back. */

/** Kept at most: two a file that is read, and files inside files. */
const MOST_KEPT = 8

export class SpareBuffers {
  readonly #length: number
  readonly #spare: Buffer[] = []

  constructor(length: number) {
    this.#length = length
  }

  /** Holds whatever was in it before. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#length)
  }

  give(buffer: Buffer): void {
    if (this.#spare.length < MOST_KEPT) this.#spare.push(buffer)
  }
}
