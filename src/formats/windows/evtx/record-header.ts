/** The 24 bytes before the BinXML of a record. */
import { RECORD, unixMsOf } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"

const TWO_32 = 0x1_0000_0000

/** Number in the record's header; exact below 2^53. */
export function headerIdAt(bytes: Buffer, at: number): number {
  return readU32(bytes, at + RECORD.idAt + 4) * TWO_32 + readU32(bytes, at + RECORD.idAt)
}

/** FILETIME in the record's header. */
export function writtenAt(bytes: Buffer, at: number): bigint {
  return bytes.readBigUInt64LE(at + RECORD.writtenAt)
}

/** The same in ms since 1970; NaN when it was not set, as in the last record of an export. */
export function writtenMsAt(bytes: Buffer, at: number): number {
  const written = writtenAt(bytes, at)
  return written === 0n ? Number.NaN : unixMsOf(written)
}
