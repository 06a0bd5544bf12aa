/**
 * JSON strings of raw bytes, for lists that become one text column: the quoting and the text form of base/text.ts in
 * one pass. A backslash before an `x` is written `\u005c`, so that the JSON never holds what reads as an escape of the
 * text form itself.
 */
import { utf8Length } from "./text.ts"

/** The most that one byte becomes: `\u005cxHH`. */
export const WIDEST_JSON_BYTE = 9

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LOWER_X = 0x78
const HEX = Buffer.from("0123456789abcdef", "latin1")
const UPPER_HEX = Buffer.from("0123456789ABCDEF", "latin1")
/** The digits behind `\x` of which an escape is made. */
const ESCAPE_DIGITS = /^(?:00|5C|[89A-F][0-9A-F])$/

/**
 * Writes `"…"` for `source[start, end)` to `target` at `at`; returns the end of what was written. `target` must have
 * room for `WIDEST_JSON_BYTE` times the source and the two quotes.
 */
export function putJsonString(
  target: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  let out = at
  target[out++] = QUOTE
  for (let from = start; from < end; from++) {
    const byte = source[from] as number
    if (byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH) {
      target[out++] = byte
      continue
    }
    const length = byte >= 0x80 ? utf8Length(source, from, end) : 0
    if (length === 0) out = putQuoted(target, out, source, from, end)
    else {
      for (let copied = 0; copied < length; copied++) target[out++] = source[from + copied] as number
      from += length - 1
    }
  }
  target[out++] = QUOTE
  return out
}

/** One byte that cannot stand as it is. */
function putQuoted(target: Buffer, at: number, source: Buffer, from: number, end: number): number {
  const byte = source[from] as number
  if (byte > 0 && byte < 0x20) return putUnicode(target, at, byte)
  if (byte === QUOTE || (byte === BACKSLASH && source[from + 1] !== LOWER_X)) {
    target[at] = BACKSLASH
    target[at + 1] = byte
    return at + 2
  }
  const out = putUnicode(target, at, BACKSLASH)
  // A literal backslash keeps standing for itself unless the text form would take it for an escape.
  if (byte === BACKSLASH && !readsAsEscape(source, from, end)) return out
  target[out] = LOWER_X
  target[out + 1] = UPPER_HEX[byte >> 4] as number
  target[out + 2] = UPPER_HEX[byte & 15] as number
  return out + 3
}

function putUnicode(target: Buffer, at: number, byte: number): number {
  target[at] = BACKSLASH
  target[at + 1] = 0x75
  target[at + 2] = 0x30
  target[at + 3] = 0x30
  target[at + 4] = HEX[byte >> 4] as number
  target[at + 5] = HEX[byte & 15] as number
  return at + 6
}

function readsAsEscape(source: Buffer, at: number, end: number): boolean {
  return at + 3 < end && ESCAPE_DIGITS.test(source.latin1Slice(at + 2, at + 4))
}
