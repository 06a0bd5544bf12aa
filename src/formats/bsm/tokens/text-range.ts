/** The strings of a token as ranges of the record's bytes, without the NUL that ends them. */
import type { BsmRecord } from "../record.ts"
import { readU16 } from "./integers.ts"

export interface TextRange {
  from: number
  to: number
}

/** The str16 at `at`; one NUL at its end is left out. */
export function readStr16(bytes: Uint8Array, at: number, into: TextRange): void {
  const to = at + 2 + readU16(bytes, at)
  into.from = at + 2
  into.to = to > into.from && bytes[to - 1] === 0 ? to - 1 : to
}

/** The blob16 at `at`, whole. */
export function readBlob16(bytes: Uint8Array, at: number, into: TextRange): void {
  into.from = at + 2
  into.to = into.from + readU16(bytes, at)
}

/** Text of a path, text, zonename or xatom token. */
export function readText(record: BsmRecord, token: number, into: TextRange): void {
  readStr16(record.bytes, record.from(token), into)
}
