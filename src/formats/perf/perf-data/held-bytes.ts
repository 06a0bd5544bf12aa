/** Bytes that are kept until there are enough of them, and the views over the piece at hand. */

export class HeldBytes {
  #room = Buffer.alloc(0)
  used = 0

  get bytes(): Buffer {
    return this.#room.subarray(0, this.used)
  }

  /** Keeps a copy; false when that would be more than `limit` bytes. */
  add(bytes: Buffer, limit: number): boolean {
    if (this.used + bytes.length > limit) return false
    if (this.used + bytes.length > this.#room.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.used + bytes.length, this.#room.length * 2))
      this.#room.copy(grown, 0, 0, this.used)
      this.#room = grown
    }
    bytes.copy(this.#room, this.used)
    this.used += bytes.length
    return true
  }

  clear(): void {
    this.#room = Buffer.alloc(0)
    this.used = 0
  }
}

/** One DataView for all records of a piece. */
export class FrameView {
  #bytes: Buffer = Buffer.alloc(0)
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, 0)

  of(bytes: Buffer): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    return this.#view
  }
}

/** One list of words for all records of a piece. */
export class WordView {
  #bytes: Buffer = Buffer.alloc(0)
  #words: Int32Array = new Int32Array(0)

  /** Empty for bytes that do not begin where words may. */
  of(bytes: Buffer): Int32Array {
    if (bytes !== this.#bytes) {
      const isAligned = bytes.byteOffset % 4 === 0
      this.#bytes = bytes
      this.#words = new Int32Array(
        bytes.buffer,
        isAligned ? bytes.byteOffset : 0,
        isAligned ? bytes.length >> 2 : 0,
      )
    }
    return this.#words
  }
}
