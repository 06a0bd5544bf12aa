/**
 * JSON strings (RFC 8259) from raw bytes: first the text form of base/text.ts, then the quoting, in one pass.
 * `a"b<0xff>` becomes `"a\"b\\xFF"`.
 */
import { writeByteEscape } from "../base/text.ts"
import type { GrowingBytes } from "./growing-bytes.ts"
import { keptLength } from "./text-cell.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = Buffer.from("0123456789abcdef", "latin1")
const ESCAPE_BYTES = 8

/** 1 for bytes that cannot simply be copied: controls, quote, backslash, and what may not be UTF-8. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
)

/** Appends the JSON string of `source[start, end)` to `out`; `isTextForm` as in text-cell.ts. */
export function putJsonText(
  out: GrowingBytes,
  source: Uint8Array,
  start: number,
  end: number,
  isTextForm: boolean,
): void {
  out.reserve(end - start + 2)
  let target = out.bytes
  let used = out.used
  target[used++] = QUOTE
  for (let at = start; at < end; at++) {
    const byte = source[at] as number
    if (SPECIAL[byte] === 0) {
      target[used++] = byte
      continue
    }
    const kept = keptLength(source, at, end, isTextForm)
    if (byte >= 0x80 && kept > 0) {
      for (let copied = 0; copied < kept; copied++) target[used++] = source[at + copied] as number
      at += kept - 1
      continue
    }
    out.used = used
    out.reserve(end - at + ESCAPE_BYTES)
    target = out.bytes
    used = writeJsonEscape(target, used, byte, kept > 0)
  }
  target[used++] = QUOTE
  out.used = used
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
