/**
 * Walks the records of a chunk, back to back, each with its size in front and behind.
 *
 *   2a 2a 00 00 · size · id · written · BinXML · size
 *
 * A record whose sizes differ is torn: a log that was not closed has zeros from some page on.
 */
import { CHUNK, RECORD, RECORD_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"

export interface RecordSink {
  /** @param isFound it was searched for: the one before it does not tell where it is */
  record(at: number, size: number, isFound: boolean): void
  /** The sizes before and behind differ, or nothing more is there. */
  torn(at: number, size: number): void
  /** No record begins in this stretch, though one should. */
  skipped(from: number, to: number): void
}

export class ChunkWalk {
  readonly #sink: RecordSink
  #isFound = false

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  /**
   * Gives the records of `[from, end)`; returns where it stopped: at `end`, or at zeros before it.
   * @param limit what is there of the chunk; a record may reach beyond `end`, not beyond this
   */
  walk(bytes: Buffer, from: number, end: number, limit: number): number {
    let at = from
    this.#isFound = false
    while (at + RECORD.align <= end) {
      const magic = readU32(bytes, at)
      if (magic === RECORD_MAGIC) at = this.#record(bytes, at, end, limit)
      else {
        const next = findRecord(bytes, at, end)
        if (next < 0 && isBlank(bytes, at, end)) return at
        this.#sink.skipped(at, next < 0 ? end : next)
        this.#isFound = true
        at = next < 0 ? end : next
      }
    }
    return at
  }

  #record(bytes: Buffer, at: number, end: number, limit: number): number {
    const size = readU32(bytes, at + 4)
    const isInside = isSize(size) && at + size <= limit
    if (isInside && readU32(bytes, at + size - 4) === size) {
      this.#sink.record(at, size, this.#isFound)
      this.#isFound = false
      return at + size
    }
    this.#sink.torn(at, Math.min(size, limit - at))
    const next = at + size
    const isPlausible = isInside && (next === end || (next < end && readU32(bytes, next) === RECORD_MAGIC))
    if (isPlausible) return next
    this.#isFound = true
    const found = findRecord(bytes, at + RECORD.align, end)
    return found < 0 ? end : found
  }
}

/** Records are multiples of eight bytes. */
export function isSize(size: number): boolean {
  return size >= RECORD.leastBytes && size <= CHUNK.bytes - CHUNK.recordsAt
}

/** Where the next record seems to begin, in steps of eight; -1 when there is none before `end`. */
export function findRecord(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at + RECORD.leastBytes <= end; at += RECORD.align) {
    if (bytes[at] === 0x2a && readU32(bytes, at) === RECORD_MAGIC && isSize(readU32(bytes, at + 4))) return at
  }
  return -1
}

/** What can be taken for free space: archived logs put the free offset at the chunk's end and fill up with zeros. */
function isBlank(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] !== 0) return false
  return true
}
