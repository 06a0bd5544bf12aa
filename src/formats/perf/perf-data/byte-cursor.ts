/** Reads the integers and texts of a header one behind the other; behind the end it gives zeros and says so. */

export class ByteCursor {
  readonly bytes: Buffer
  readonly end: number
  at: number
  /** Whether more was asked for than there is. */
  isOver = false
  readonly #isBigEndian: boolean

  constructor(bytes: Buffer, isBigEndian: boolean, from = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = from
    this.end = Math.min(end, bytes.length)
    this.#isBigEndian = isBigEndian
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.#take(1) ? (this.bytes[this.at - 1] as number) : 0
  }

  u16(): number {
    if (!this.#take(2)) return 0
    return this.#isBigEndian ? this.bytes.readUInt16BE(this.at - 2) : this.bytes.readUInt16LE(this.at - 2)
  }

  u32(): number {
    if (!this.#take(4)) return 0
    return this.#isBigEndian ? this.bytes.readUInt32BE(this.at - 4) : this.bytes.readUInt32LE(this.at - 4)
  }

  /** Sizes, offsets and ids: exact up to 2^53. */
  u64(): number {
    const first = this.u32()
    const second = this.u32()
    return this.#isBigEndian ? first * 0x1_0000_0000 + second : second * 0x1_0000_0000 + first
  }

  big(): bigint {
    const first = BigInt(this.u32())
    const second = BigInt(this.u32())
    return this.#isBigEndian ? (first << 32n) | second : (second << 32n) | first
  }

  /** Up to the next NUL, which is passed over. */
  cString(): string {
    const nul = this.bytes.indexOf(0, this.at)
    if (nul < 0 || nul >= this.end) {
      this.isOver = true
      this.at = this.end
      return ""
    }
    const text = this.bytes.latin1Slice(this.at, nul)
    this.at = nul + 1
    return text
  }

  /** perf's strings: u32 room, then text with NULs up to that. */
  sizedString(): string {
    const piece = this.slice(this.u32())
    const nul = piece.indexOf(0)
    return piece.utf8Slice(0, nul < 0 ? piece.length : nul)
  }

  slice(length: number): Buffer {
    const start = this.at
    return this.#take(length) ? this.bytes.subarray(start, start + length) : this.bytes.subarray(start, start)
  }

  #take(length: number): boolean {
    if (length > this.left) {
      this.isOver = true
      this.at = this.end
      return false
    }
    this.at += length
    return true
  }
}
