/**
 * Cuts what is pushed into the header block and chunks, wherever the pieces end.
 * A piece that holds whole chunks is not copied.
 */
import { CHUNK, FILE } from "./layout.ts"

export interface BlockSink {
  /** The first block of the file; what is there of it. */
  header(bytes: Buffer): void
  /**
   * @param bytes at least a whole chunk long, zeros behind `length`
   * @param length what is there of the chunk
   * @param offset in the source, exact beyond 4 GiB
   * Returns how many bytes belong to it: fewer than `length` when another chunk begins there.
   */
  chunk(bytes: Buffer, length: number, offset: number): number
}

export class ChunkStream {
  readonly #sink: BlockSink
  readonly #pending = Buffer.alloc(CHUNK.bytes)
  #held = 0
  #headerBytes: number = FILE.bytes
  #wanted: number = FILE.bytes
  #isHeader = true
  /** Of the first byte held, in the source. */
  #offset = 0

  constructor(sink: BlockSink) {
    this.#sink = sink
  }

  /** @param headerBytes 0 when chunks follow at once */
  begin(headerBytes: number): void {
    this.#held = 0
    this.#headerBytes = headerBytes
  }

  /** Bytes that do not follow those before begin a block; what is held of another one is given as it is. */
  push(bytes: Buffer, offset: number): void {
    if (this.#held > 0 && offset !== this.#offset + this.#held) this.end()
    let at = 0
    while (at < bytes.length) {
      if (this.#held === 0) this.#startBlock(offset + at)
      const rest = bytes.length - at
      if (this.#held === 0 && rest >= this.#wanted) {
        at += this.#give(bytes.subarray(at, at + this.#wanted), this.#wanted)
        continue
      }
      const count = Math.min(rest, this.#wanted - this.#held)
      bytes.copy(this.#pending, this.#held, at, at + count)
      this.#held += count
      at += count
      if (this.#held === this.#wanted) this.#giveHeld()
    }
  }

  /** What is held is given as it is: the last chunk of a file that was cut. */
  end(): void {
    while (this.#held > 0) this.#giveHeld()
  }

  #startBlock(offset: number): void {
    this.#offset = offset
    this.#isHeader = offset === 0 && this.#headerBytes > 0
    this.#wanted = this.#isHeader ? this.#headerBytes : CHUNK.bytes
  }

  #giveHeld(): void {
    const length = this.#held
    this.#pending.fill(0, length)
    const used = this.#give(this.#isHeader ? this.#pending.subarray(0, length) : this.#pending, length)
    this.#pending.copyWithin(0, used, length)
    this.#held = length - used
    this.#offset += used
  }

  /** Returns the bytes used, at least one. */
  #give(bytes: Buffer, length: number): number {
    if (!this.#isHeader) return Math.max(1, Math.min(length, this.#sink.chunk(bytes, length, this.#offset)))
    this.#isHeader = false
    this.#wanted = CHUNK.bytes
    this.#sink.header(bytes)
    return length
  }
}
