/**
 * Cuts chunks into pieces of which each is worth a bounded number of records, so that a queue can count them.
 * A piece need not begin or end with a record: who reads them keeps its own tail.
 *
 *   lines    … LF … LF              one unit a line end
 *   frames   u32 length, payload    one unit a frame; lines again from the first length that is none
 *   bsm      id, u32 size …         one unit a record
 */
import { LIMITS } from "../base/limits.ts"
import { BsmCutter } from "./bsm-cutter.ts"

export interface Piece {
  /** Part of the chunk, valid as long as it. */
  readonly bytes: Buffer
  /** Offset of the first byte in the uncompressed source. */
  readonly offset: number
  /** Records that end in it, at least 1; bytes beyond `BYTES_PER_UNIT` a record count as well. */
  readonly units: number
}

/** Takes the chunks of one source in order. */
export interface UnitCutter {
  cut(bytes: Buffer, offset: number): Iterable<Piece>
}

/** Where a frame's length stands, little endian, and what it does not count. */
export interface FrameShape {
  readonly headerBytes: number
  readonly lengthAt: number
  /** Before the first frame; none unless given. */
  readonly fileHeaderBytes?: number
  /** Frames are padded to a multiple of so many bytes, and may be empty. */
  readonly padBytes?: number
  /** Beyond it a length is none. */
  readonly maxBytes?: number
}

export type UnitKind = "lines" | "bsm-records" | FrameShape

export const MAX_UNITS = 1024
/** Twice auditd's longest line: a chunk without line ends is many records' worth of memory. */
const BYTES_PER_UNIT = 16 * 1024
const LF = 0x0a

export function createCutter(kind: UnitKind, maxUnits = MAX_UNITS): UnitCutter {
  if (kind === "bsm-records") {
    return new BsmCutter(maxUnits, (bytes, from, to, offset, records) =>
      piecesOf(bytes, from, to, offset, records, maxUnits),
    )
  }
  return kind === "lines" ? new LineCutter(maxUnits) : new FrameCutter(kind, maxUnits)
}

class LineCutter implements UnitCutter {
  readonly #maxUnits: number

  constructor(maxUnits: number) {
    this.#maxUnits = maxUnits
  }

  *cut(bytes: Buffer, offset: number): Iterable<Piece> {
    for (let from = 0; from < bytes.length; ) {
      let lines = 0
      let to = from
      while (lines < this.#maxUnits) {
        const lineEnd = bytes.indexOf(LF, to)
        to = lineEnd < 0 ? bytes.length : lineEnd + 1
        if (lineEnd < 0) break
        lines++
      }
      yield* piecesOf(bytes, from, to, offset, lines, this.#maxUnits)
      from = to
    }
  }
}

class FrameCutter implements UnitCutter {
  readonly #shape: FrameShape
  readonly #maxUnits: number
  /** The header at hand, as far as it has come, and the bytes of its frame that are still to come. */
  readonly #header: Buffer
  #headerBytes = 0
  #left = 0
  /** Set at the first length that is none. */
  #lines: LineCutter | undefined

  constructor(shape: FrameShape, maxUnits: number) {
    this.#shape = shape
    this.#maxUnits = maxUnits
    this.#header = Buffer.alloc(shape.headerBytes)
    this.#left = shape.fileHeaderBytes ?? 0
  }

  *cut(bytes: Buffer, offset: number): Iterable<Piece> {
    let from = 0
    while (from < bytes.length && this.#lines === undefined) {
      let frames = 0
      let to = from
      while (frames < this.#maxUnits && to < bytes.length && this.#lines === undefined) {
        to = this.#walk(bytes, to)
        if (this.#isAtEnd) frames++
      }
      yield* piecesOf(bytes, from, to, offset, frames, this.#maxUnits)
      from = to
    }
    if (this.#lines !== undefined && from < bytes.length)
      yield* this.#lines.cut(bytes.subarray(from), offset + from)
  }

  get #isAtEnd(): boolean {
    return this.#headerBytes === 0 && this.#left === 0
  }

  /** Goes on in the header or payload at hand; returns where it ends in `bytes`. */
  #walk(bytes: Buffer, at: number): number {
    if (this.#left > 0) {
      const step = Math.min(this.#left, bytes.length - at)
      this.#left -= step
      if (this.#left === 0) this.#headerBytes = 0
      return at + step
    }
    const copied = bytes.copy(this.#header, this.#headerBytes, at)
    this.#headerBytes += copied
    if (this.#headerBytes < this.#header.length) return at + copied
    const { lengthAt, padBytes, maxBytes = LIMITS.netlinkFrameBytes.value } = this.#shape
    const length = this.#header.readUInt32LE(lengthAt)
    const isFrame = length <= maxBytes && (length > 0 || padBytes !== undefined)
    this.#left = isFrame ? Math.ceil(length / (padBytes ?? 1)) * (padBytes ?? 1) : 0
    if (!isFrame) this.#lines = new LineCutter(this.#maxUnits)
    else if (length === 0) this.#headerBytes = 0
    return at + copied
  }
}

/** One piece, or several when the bytes are worth more than the records that end in them. */
function* piecesOf(
  bytes: Buffer,
  from: number,
  to: number,
  offset: number,
  records: number,
  maxUnits: number,
): Iterable<Piece> {
  const most = maxUnits * BYTES_PER_UNIT
  for (let at = from; at < to; at += most) {
    const end = Math.min(to, at + most)
    const units = Math.max(1, at === from ? records : 0, Math.ceil((end - at) / BYTES_PER_UNIT))
    yield { bytes: bytes.subarray(at, end), offset: offset + at, units }
  }
}
