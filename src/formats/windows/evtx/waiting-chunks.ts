/**
 * Chunks of a log that is still written in which something is not as it will be: a record that is torn, a checksum that
 * does not fit yet. They are read again when they change, and told of as they are when nobody waits any more.
 */
import { CHUNK, RECORD_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import { headerIdAt } from "./record-header.ts"

/** A log is written at one place; of damage elsewhere nothing comes of waiting. */
const MAX_WAITING = 64

export interface WaitingChunk {
  /** A whole chunk long. */
  readonly bytes: Buffer
  readonly length: number
  readonly offset: number
}

export class WaitingChunks {
  readonly #chunks = new Map<number, WaitingChunk>()

  /** Takes a copy, and gives the chunk that has waited too long. */
  keep({ bytes, length, offset }: WaitingChunk): WaitingChunk | null {
    this.#chunks.set(offset, { bytes: Buffer.from(bytes.subarray(0, CHUNK.bytes)), length, offset })
    if (this.#chunks.size <= MAX_WAITING) return null
    const [oldest] = this.#chunks.values()
    if (oldest === undefined) return null
    this.#chunks.delete(oldest.offset)
    return oldest
  }

  /** These bytes have come in its place: gives the chunk that waited there, if they are no later state of it. */
  replace(bytes: Buffer, offset: number): WaitingChunk | null {
    const before = this.#chunks.get(offset)
    if (before === undefined) return null
    this.#chunks.delete(offset)
    const [wasId, isId] = [firstIdOf(before.bytes), firstIdOf(bytes)]
    return wasId === isId || wasId === null ? null : before
  }

  /** All that wait, by their place; none do afterwards. */
  takeAll(): readonly WaitingChunk[] {
    const chunks = [...this.#chunks.values()].sort((a, b) => a.offset - b.offset)
    this.#chunks.clear()
    return chunks
  }
}

/** Header id of the first record; null without one. @param bytes a whole chunk long */
export function firstIdOf(bytes: Buffer): number | null {
  return readU32(bytes, CHUNK.recordsAt) === RECORD_MAGIC ? headerIdAt(bytes, CHUNK.recordsAt) : null
}
