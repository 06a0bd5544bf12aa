/**
 * Splits the bytes of one record into its tokens. The record's size is known by then: an unknown token costs the bytes
 * up to the trailer, never the next record. Source: libbsm fetch_invalid_tok() for unknown ids.
 */
import { TOKEN } from "./layout.ts"
import type { BsmRecord, RecordFailure } from "./record.ts"
import { NO_END, tokenEnd } from "./token-end.ts"
import { readU16, readU32, readU64 } from "./tokens/integers.ts"

export const TRAILER_BYTES = 7
export const TRAILER_MAGIC = 0xb105
/** A header32 and a trailer. */
export const SMALLEST_RECORD = 25

/** Fills `record` with the tokens of `bytes[start, end)`, which begins with a header's id byte. */
export function walkRecord(
  record: BsmRecord,
  bytes: Buffer,
  start: number,
  end: number,
  offset: number,
): void {
  record.begin(bytes, start, end, offset)
  record.kind = "record"
  record.hasTrailer = isTrailer(bytes, end - TRAILER_BYTES, start)
  const bodyEnd = record.hasTrailer ? end - TRAILER_BYTES : end
  walkTokens(record, start, bodyEnd)
  readHeader(record)
  if (record.hasTrailer) record.add(TOKEN.trailer, bodyEnd + 1, end)
}

/** Fills `record` with the one file token of `bytes[start, end)`. */
export function walkFileToken(
  record: BsmRecord,
  bytes: Buffer,
  start: number,
  end: number,
  offset: number,
): void {
  record.begin(bytes, start, end, offset)
  record.kind = "file"
  const id = bytes[start] as number
  record.add(id, start + 1, end)
  const wide = id === TOKEN.file64
  record.sec = wide ? readU64(bytes, start + 1) : readU32(bytes, start + 1)
  record.msec = wide ? readU64(bytes, start + 9) : readU32(bytes, start + 5)
}

/** Adds the tokens of `record.bytes[from, end)`; what no token can be read from is kept as raw. */
export function walkTokens(record: BsmRecord, from: number, end: number): void {
  const bytes = record.bytes
  let at = from
  while (at < end) {
    const id = bytes[at] as number
    const to = tokenEnd(bytes, id, at + 1, end)
    if (to < 0) {
      record.fail(failureOf(to), at, end)
      return
    }
    record.add(id, at + 1, to)
    at = to
  }
}

function isTrailer(bytes: Uint8Array, at: number, start: number): boolean {
  return at >= start && bytes[at] === TOKEN.trailer && readU16(bytes, at + 1) === TRAILER_MAGIC
}

function readHeader(record: BsmRecord): void {
  const { bytes, start } = record
  record.version = bytes[start + 5] as number
  record.event = readU16(bytes, start + 6)
  record.modifier = readU16(bytes, start + 8)
  record.sec = 0
  record.msec = 0
  // A header with an address may be longer than its record.
  if (record.count === 0) return
  const id = record.id(0)
  if (id === TOKEN.header64 || id === TOKEN.header64Ex) {
    record.sec = readU64(bytes, record.to(0) - 16)
    record.msec = readU64(bytes, record.to(0) - 8)
  } else {
    record.sec = readU32(bytes, record.to(0) - 8)
    record.msec = readU32(bytes, record.to(0) - 4)
  }
}

function failureOf(end: number): RecordFailure {
  if (end === NO_END.unknownToken) return "unknown-token"
  return end === NO_END.badAddress ? "bad-address" : "token-overrun"
}
