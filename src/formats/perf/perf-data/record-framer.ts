/**
 * Cuts a stream of perf records, wherever its pieces end, and finds the next records behind damage.
 *
 *   u32 type  u16 misc  u16 size (all of it)  …
 *
 * Two types carry more bytes than their size says. Source: perf_event_open(2); perf.data-file-format.txt.
 */
import { LIMITS } from "../../../base/limits.ts"
import { RECORD } from "./record-types.ts"

export interface FrameSink {
  /** `bytes[from, to)` is one record, with what it carries behind it; `offset` is its place in the source. */
  frame(bytes: Buffer, from: number, to: number, offset: number): void
  /** Takes what it can of the records in `bytes[from, end)` that need no look of their own; returns where they end. */
  run?(bytes: Buffer, from: number, end: number, offset: number): number
  /** Bytes that are no record. */
  skipped(offset: number, length: number): void
  /** The stream ends within a record. */
  cut(offset: number, length: number): void
}

const HEADER_BYTES = 8
const LAST_KERNEL_TYPE = 40
const FIRST_OWN_TYPE = 64
const LAST_OWN_TYPE = 100
const FIRST_BYTES = 128 * 1024
const STEP = 8
/** Of a piece, what the record that began in the one before is looked for in first. */
const JOINT_BYTES = 4096
/** What `#look` says besides a length: more bytes are needed, or there is no record. */
const MORE = -1
const NO_RECORD = -2

export class RecordFramer {
  readonly #sink: FrameSink
  #isLittle = true
  #held = Buffer.allocUnsafe(FIRST_BYTES)
  #used = 0
  /** In the source, of the next byte to be looked at. */
  #offset = 0
  /** Bytes behind a record that nobody wants. */
  #toSkip = 0
  #badFrom = -1

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  begin(isBigEndian: boolean): void {
    this.#isLittle = !isBigEndian
    this.#used = 0
    this.#toSkip = 0
    this.#badFrom = -1
    if (this.#held.length > FIRST_BYTES) this.#held = Buffer.allocUnsafe(FIRST_BYTES)
  }

  /** @param offset of `bytes[0]` in the source, or of the record that the bytes came out of */
  push(bytes: Buffer, offset: number): void {
    if (this.#used === 0) {
      this.#offset = offset
      this.#hold(bytes, this.#run(bytes, 0, bytes.length, false))
      return
    }
    const before = this.#used
    const few = Math.min(bytes.length, JOINT_BYTES)
    this.#hold(bytes.subarray(0, few), 0)
    const done = this.#run(this.#held, 0, this.#used, false)
    const next = done - before
    if (next <= 0) {
      this.#hold(bytes, few)
      this.#runHeld(done)
      return
    }
    // The record that began in the piece before is done with: this one goes on by itself.
    this.#used = 0
    const isAligned = ((bytes.byteOffset + next) & 3) === 0
    this.#hold(bytes, isAligned ? this.#run(bytes, next, bytes.length, false) : next)
    if (!isAligned) this.#runHeld(0)
  }

  /** Takes records from what is held, from `from` on, and keeps what is left. */
  #runHeld(from: number): void {
    const done = this.#run(this.#held, from, this.#used, false)
    this.#held.copy(this.#held, 0, done, this.#used)
    this.#used -= done
  }

  end(): void {
    const done = this.#run(this.#held, 0, this.#used, true)
    const left = this.#used - done
    this.#used = 0
    if (this.#badFrom >= 0) this.#sink.skipped(this.#badFrom, this.#offset + left - this.#badFrom)
    else if (left > 0) this.#sink.cut(this.#offset, left)
    this.#badFrom = -1
  }

  /** Takes records from `bytes[from, end)`, and returns where it needs more bytes. */
  #run(bytes: Buffer, from: number, end: number, isEnd: boolean): number {
    let at = from
    while (at < end) {
      if (this.#toSkip > 0) {
        const step = Math.min(this.#toSkip, end - at)
        this.#toSkip -= step
        this.#offset += step
        at += step
        continue
      }
      const taken = this.#badFrom >= 0 ? at : (this.#sink.run?.(bytes, at, end, this.#offset) ?? at)
      if (taken > at) {
        this.#offset += taken - at
        at = taken
        continue
      }
      const length = this.#look(bytes, at, end, isEnd)
      if (length === MORE) return at
      if (length === NO_RECORD) {
        if (this.#badFrom < 0) this.#badFrom = this.#offset
        const step = Math.min(STEP, end - at)
        at += step
        this.#offset += step
        continue
      }
      if (this.#badFrom >= 0) this.#sink.skipped(this.#badFrom, this.#offset - this.#badFrom)
      this.#badFrom = -1
      this.#sink.frame(bytes, at, at + length, this.#offset)
      at += length
      this.#offset += length
    }
    return at
  }

  /** Length of the record at `at`, MORE or NO_RECORD. Behind damage a second record has to follow. */
  #look(bytes: Buffer, at: number, end: number, isEnd: boolean): number {
    if (at + HEADER_BYTES > end) return isEnd && this.#badFrom >= 0 ? NO_RECORD : MORE
    const size = this.#sizeAt(bytes, at)
    if (size === NO_RECORD) return NO_RECORD
    const length = size + this.#extraBytes(bytes, at, size, end)
    if (length > LIMITS.perfRecordBytes.value) return NO_RECORD
    if (this.#badFrom >= 0) {
      if (at + size + HEADER_BYTES > end) {
        if (!isEnd) return MORE
        if (at + size !== end) return NO_RECORD
      } else if (this.#sizeAt(bytes, at + size) === NO_RECORD) return NO_RECORD
    }
    if (at + length > end) return MORE
    this.#noteSkip(bytes, at)
    return length
  }

  #sizeAt(bytes: Buffer, at: number): number {
    const type = this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    const size = this.#isLittle ? bytes.readUInt16LE(at + 6) : bytes.readUInt16BE(at + 6)
    if (size < HEADER_BYTES || type === 0 || type > LAST_OWN_TYPE) return NO_RECORD
    if (type < FIRST_OWN_TYPE && (type > LAST_KERNEL_TYPE || size % STEP !== 0)) return NO_RECORD
    return size
  }

  /** Formats follow their record. */
  #extraBytes(bytes: Buffer, at: number, size: number, end: number): number {
    const type = this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    if (type !== RECORD.tracingData || size < 12 || at + 12 > end) return 0
    return this.#isLittle ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8)
  }

  /** Hardware traces follow theirs, and may be large. */
  #noteSkip(bytes: Buffer, at: number): void {
    const type = this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
    if (type !== RECORD.auxTrace || this.#sizeAt(bytes, at) < 16) return
    const low = this.#isLittle ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 12)
    const high = this.#isLittle ? bytes.readUInt32LE(at + 12) : bytes.readUInt32BE(at + 8)
    this.#toSkip = high * 0x1_0000_0000 + low
  }

  #hold(bytes: Buffer, start: number): void {
    const more = bytes.length - start
    if (more === 0) return
    if (this.#used + more > this.#held.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#held.length * 2, this.#used + more))
      this.#held.copy(grown, 0, 0, this.#used)
      this.#held = grown
    }
    bytes.copy(this.#held, this.#used, start)
    this.#used += more
  }
}
