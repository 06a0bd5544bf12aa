/**
 * JSON strings (RFC 8259) from raw bytes: first the text form of base/text.ts, then the quoting, in one pass.
 * `a"b<0xff>` becomes `"a\"b\\xFF"`.
 */
import { writeByteEscape } from "../base/text.ts"
import type { GrowingBytes } from "./growing-bytes.ts"
import { keptLength, type TextSource } from "./text-source.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = Buffer.from("0123456789abcdef", "latin1")
const ESCAPE_BYTES = 8

const HIGH_BITS = 0x80808080 | 0
const ONES = 0x01010101
const SPACES = 0x20202020
const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c

/** Appends the JSON string of `source[start, end)` to `out`. */
export function putJsonText(out: GrowingBytes, source: TextSource, start: number, end: number): void {
  out.reserve(end - start + 2)
  const { bytes, view } = source
  let target = out.view
  let used = out.used
  let at = start
  target.setInt8(used++, QUOTE)
  while (at < end) {
    while (at + 4 <= end) {
      const word = view.getInt32(at)
      if (hasSpecial(word)) break
      target.setInt32(used, word)
      used += 4
      at += 4
    }
    if (at + 4 > end && end - start >= 4) {
      const word = view.getInt32(end - 4)
      if (!hasSpecial(word)) {
        // The last four bytes again: those of them that are written already are written as they are.
        used += end - at
        target.setInt32(used - 4, word)
        break
      }
    }
    const byte = bytes[at] as number
    const kept = keptLength(source, at, end)
    if (kept > 0 && byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) {
      for (let copied = 0; copied < kept; copied++) target.setInt8(used++, bytes[at++] as number)
      continue
    }
    out.used = used
    out.reserve(end - at + ESCAPE_BYTES)
    target = out.view
    used = writeJsonEscape(out.bytes, used, byte, kept > 0)
    at++
  }
  target.setInt8(used++, QUOTE)
  out.used = used
}

/** Is one of four bytes a control, a quote, a backslash, or not ASCII? */
function hasSpecial(word: number): boolean {
  const quotes = (word ^ QUOTES) - ONES
  const backslashes = (word ^ BACKSLASHES) - ONES
  return ((word | (word - SPACES) | quotes | backslashes) & HIGH_BITS) !== 0
}

/** A byte of its own, quoted if it stays, else the JSON form of its `\xHH`. */
function writeJsonEscape(target: Uint8Array, at: number, byte: number, stays: boolean): number {
  target[at] = BACKSLASH
  if (!stays) return writeByteEscape(target, at + 1, byte)
  if (byte >= 0x20) {
    target[at + 1] = byte
    return at + 2
  }
  target[at + 1] = 0x75
  target[at + 2] = 0x30
  target[at + 3] = 0x30
  target[at + 4] = HEX[byte >> 4] as number
  target[at + 5] = HEX[byte & 15] as number
  return at + 6
}
