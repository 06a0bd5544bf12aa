/**
 * JSON strings (RFC 8259) from raw bytes: first the text form of base/text.ts, then the quoting, in one pass.
 * `a"b<0xff>` becomes `"a\"b\\xFF"`.
 */

import type { GrowingBytes } from "../base/growing-bytes.ts"
import { writeByteEscape } from "../base/text.ts"
import { putPlainRun, takeCare } from "./plain-run.ts"
import { putKept } from "./text-cell.ts"
import { keptLength, type TextSource } from "./text-source.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = Buffer.from("0123456789abcdef", "latin1")
const ESCAPE_BYTES = 8

const CARE = takeCare(0x20, [QUOTE, BACKSLASH])

/** Appends the JSON string of `source[start, end)` to `out`. */
export function putJsonText(out: GrowingBytes, source: TextSource, start: number, end: number): void {
  out.reserve(end - start + 2)
  out.bytes[out.used++] = QUOTE
  let at = putPlainRun(out, source, start, end, CARE)
  while (at < end) {
    const byte = source.bytes[at] as number
    const kept = keptLength(source, at, end)
    if (kept > 0 && byte >= 0x80) putKept(out, source, at, kept)
    else {
      out.reserve(end - at + ESCAPE_BYTES)
      out.used = writeJsonEscape(out.bytes, out.used, byte, kept > 0)
    }
    at = putPlainRun(out, source, at + (kept || 1), end, CARE)
  }
  out.bytes[out.used++] = QUOTE
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
