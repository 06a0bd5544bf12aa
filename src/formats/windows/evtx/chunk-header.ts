/**
 * What a chunk's header says and whether its checksums hold.
 * Headers of a log that was not closed are stale, so nothing here decides what is read.
 */
import { crc32 } from "node:zlib"
import { CHUNK, CHUNK_FLAG_NO_CRC, CHUNK_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"

const ZEROS = Buffer.alloc(CHUNK.bytes)

export interface ChunkHeader {
  readonly freeOffset: number
  readonly isHeaderRight: boolean
  readonly isDataRight: boolean
}

export function hasChunkMagic(bytes: Buffer, at: number): boolean {
  return bytes.compare(CHUNK_MAGIC, 0, CHUNK_MAGIC.length, at, at + CHUNK_MAGIC.length) === 0
}

/** True when a chunk was allocated, but never written. */
export function isZero(bytes: Buffer, end: number): boolean {
  return bytes[0] === 0 && bytes.compare(ZEROS, 0, end, 0, end) === 0
}

/** CRC32 of bytes 0 to 119 and 128 to 511. */
export function isChunkHeader(bytes: Buffer, at: number): boolean {
  if (at + CHUNK.recordsAt > bytes.length || !hasChunkMagic(bytes, at)) return false
  const first = crc32(bytes.subarray(at, at + CHUNK.flagsAt))
  const whole = crc32(bytes.subarray(at + CHUNK.bucketsAt, at + CHUNK.recordsAt), first)
  return whole === readU32(bytes, at + CHUNK.headerCrcAt)
}

/** @param end of what is there of the chunk */
export function readChunkHeader(bytes: Buffer, end: number, hasCrc: boolean): ChunkHeader {
  const freeOffset = readU32(bytes, CHUNK.freeAt)
  const isChecked = hasCrc && (readU32(bytes, CHUNK.flagsAt) & CHUNK_FLAG_NO_CRC) === 0
  const isInside = freeOffset >= CHUNK.recordsAt && freeOffset <= CHUNK.bytes
  // The flag of bytes that are no header says nothing.
  if (!isChecked) return { freeOffset, isHeaderRight: hasChunkMagic(bytes, 0), isDataRight: true }
  const isHeaderRight = isChunkHeader(bytes, 0)
  // Of a chunk that is cut off the data cannot be checked.
  const isCut = freeOffset > end
  const isDataRight =
    isCut ||
    (isInside && crc32(bytes.subarray(CHUNK.recordsAt, freeOffset)) === readU32(bytes, CHUNK.dataCrcAt))
  return { freeOffset, isHeaderRight, isDataRight }
}

/** Where a chunk begins in `bytes[from, end)`, wherever missing bytes have moved it; -1 when none does. */
export function findChunk(bytes: Buffer, from: number, end: number): number {
  let at = bytes.indexOf(CHUNK_MAGIC, from)
  while (at >= 0 && at + CHUNK.recordsAt <= end) {
    if (isChunkHeader(bytes, at)) return at
    at = bytes.indexOf(CHUNK_MAGIC, at + 1)
  }
  return -1
}
