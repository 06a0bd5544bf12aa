/**
 * Counts the records of a BSM trail on its way into a queue. What is damaged is counted as its bytes are worth: only
 * the parser has to find its way through it.
 *
 *   14 | 15 | 74 | 79   then the size of the record, u32 big endian, with these five bytes
 *
 * Source of truth: audit.log(5).
 */
import type { Piece, UnitCutter } from "./unit-cutter.ts"

const HEADER_IDS: ReadonlySet<number> = new Set([0x14, 0x15, 0x74, 0x79])
const HEAD_BYTES = 5
const SMALLEST_RECORD = 25
/** Beyond what any kernel builds: a size like that is damage. */
const LARGEST_RECORD = 1024 * 1024

/** Puts one piece together, or several when its bytes are worth more. */
export type PiecesOf = (
  bytes: Buffer,
  from: number,
  to: number,
  offset: number,
  records: number,
) => Iterable<Piece>

export class BsmCutter implements UnitCutter {
  readonly #maxUnits: number
  readonly #piecesOf: PiecesOf
  /** Of the record at hand: its first bytes as far as they have come, and how many are still to come. */
  readonly #head = Buffer.alloc(HEAD_BYTES)
  #headBytes = 0
  #left = 0

  constructor(maxUnits: number, piecesOf: PiecesOf) {
    this.#maxUnits = maxUnits
    this.#piecesOf = piecesOf
  }

  *cut(bytes: Buffer, offset: number): Iterable<Piece> {
    for (let from = 0; from < bytes.length; ) {
      let records = 0
      let to = from
      while (records < this.#maxUnits && to < bytes.length) {
        to = this.#walk(bytes, to)
        if (this.#headBytes === HEAD_BYTES && this.#left === 0) {
          this.#headBytes = 0
          records++
        }
      }
      yield* this.#piecesOf(bytes, from, to, offset, records)
      from = to
    }
  }

  /** Goes on in the record at hand, or by one byte towards the next; returns where it stands. */
  #walk(bytes: Buffer, at: number): number {
    if (this.#left > 0) {
      const step = Math.min(this.#left, bytes.length - at)
      this.#left -= step
      return at + step
    }
    this.#head[this.#headBytes++] = bytes[at] ?? 0
    if (!HEADER_IDS.has(this.#head[0] ?? 0)) this.#headBytes = 0
    if (this.#headBytes < HEAD_BYTES) return at + 1
    const size = this.#head.readUInt32BE(1)
    if (size >= SMALLEST_RECORD && size <= LARGEST_RECORD) this.#left = size - HEAD_BYTES
    else this.#dropByte()
    return at + 1
  }

  /** No header began there: one may begin in what follows. */
  #dropByte(): void {
    const next = this.#head.findIndex((byte, at) => at > 0 && HEADER_IDS.has(byte))
    if (next > 0) this.#head.copyWithin(0, next)
    this.#headBytes = next > 0 ? HEAD_BYTES - next : 0
  }
}
