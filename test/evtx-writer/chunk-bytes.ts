/** The 64 KiB of one chunk while it is written: a place to write at, and numbers of every width put there. */

export const CHUNK_SIZE = 65_536

/** The record at hand does not fit into what is left of the chunk. */
export class ChunkFullError extends Error {}

export class ChunkBytes {
  readonly bytes: Buffer
  /** Where the next byte goes. */
  at: number

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  u8(value: number): void {
    this.bytes.writeUInt8(value, this.#take(1))
  }

  u16(value: number): void {
    this.bytes.writeUInt16LE(value, this.#take(2))
  }

  u32(value: number): void {
    this.bytes.writeUInt32LE(value, this.#take(4))
  }

  u64(value: bigint): void {
    this.bytes.writeBigUInt64LE(value, this.#take(8))
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#take(bytes.length))
  }

  utf16(text: string): void {
    this.put(Buffer.from(text, "utf16le"))
  }

  /** Four bytes whose value comes later. */
  hole(): number {
    return this.#take(4)
  }

  /** Fills a hole with the number of bytes since. */
  fillWithLength(hole: number): void {
    this.bytes.writeUInt32LE(this.at - hole - 4, hole)
  }

  #take(length: number): number {
    const start = this.at
    if (start + length > this.bytes.length) throw new ChunkFullError(`${length} bytes at ${start}`)
    this.at += length
    return start
  }
}
