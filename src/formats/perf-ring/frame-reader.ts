/** Cuts the file of a BPF capture into frames, over chunks of any size, and finds the next frame behind damage. */
import { FRAME, FRAME_HEADER_BYTES, frameBytes, MAX_FRAME_BYTES, RAW_HEADER_BYTES } from "./raw-file.ts"
import { RingRecord } from "./ring-record.ts"

const HIGHEST_KIND = FRAME.round
const NO_BYTES = Buffer.alloc(0)
/** A stretch of damage is told in pieces of at most so much. */
const MAX_SKIP = 1024 * 1024

export interface FrameConsumer {
  header(bytes: Buffer): void
  frame(kind: number, cpu: number, bytes: Buffer, start: number, end: number, offset: number): void
  skipped(offset: number, length: number): void
  /** The file ends within a frame. */
  cut(offset: number, length: number): void
}

export class FrameReader {
  readonly #consumer: FrameConsumer
  readonly #probe = new RingRecord()
  #rest: Buffer = NO_BYTES
  #offset = 0
  #hasHeader = false
  #skipFrom = -1

  constructor(consumer: FrameConsumer) {
    this.#consumer = consumer
  }

  /** First byte that is not read yet. */
  get consumedTo(): number {
    return this.#offset
  }

  begin(offset: number): void {
    this.#rest = NO_BYTES
    this.#offset = offset
    this.#hasHeader = offset >= RAW_HEADER_BYTES
    this.#skipFrom = -1
  }

  push(bytes: Buffer, offset: number): void {
    if (this.#rest.length === 0) this.#offset = offset
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const at = this.#readAll(all)
    this.#offset += at
    this.#rest = at < all.length ? Buffer.from(all.subarray(at)) : NO_BYTES
  }

  end(): void {
    this.#endSkip(this.#offset)
    if (this.#rest.length > 0) this.#consumer.cut(this.#offset, this.#rest.length)
    this.#offset += this.#rest.length
    this.#rest = NO_BYTES
  }

  #readAll(bytes: Buffer): number {
    let at = 0
    if (!this.#hasHeader) {
      if (bytes.length < RAW_HEADER_BYTES) return 0
      this.#consumer.header(bytes.subarray(0, RAW_HEADER_BYTES))
      this.#hasHeader = true
      at = RAW_HEADER_BYTES
    }
    while (at + FRAME_HEADER_BYTES <= bytes.length) {
      const length = bytes.readUInt32LE(at)
      const end = at + frameBytes(length)
      if (!this.#looksRight(bytes, at, length)) {
        if (this.#skipFrom < 0) this.#skipFrom = this.#offset + at
        at += 8
        if (this.#offset + at - this.#skipFrom >= MAX_SKIP) this.#endSkip(this.#offset + at)
        continue
      }
      if (end > bytes.length) break
      this.#endSkip(this.#offset + at)
      const from = at + FRAME_HEADER_BYTES
      this.#consumer.frame(
        bytes.readUInt16LE(at + 4),
        bytes.readUInt16LE(at + 6),
        bytes,
        from,
        from + length,
        this.#offset + at,
      )
      at = end
    }
    return at
  }

  /** Frames are known by their kind and length; a record of ours has its own length too. */
  #looksRight(bytes: Buffer, at: number, length: number): boolean {
    const kind = bytes.readUInt16LE(at + 4)
    if (kind === 0 || kind > HIGHEST_KIND || length > MAX_FRAME_BYTES) return false
    if (kind !== FRAME.record) return kind === FRAME.round ? length === 0 : length >= 8
    const from = at + FRAME_HEADER_BYTES
    if (from + length > bytes.length) return length >= 88
    return this.#probe.read(bytes, from, from + length, 0, -1) && this.#probe.length === length
  }

  #endSkip(to: number): void {
    if (this.#skipFrom >= 0) this.#consumer.skipped(this.#skipFrom, to - this.#skipFrom)
    this.#skipFrom = -1
  }
}
