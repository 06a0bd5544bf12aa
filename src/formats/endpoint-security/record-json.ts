/**
 * The object of a message as one line of JSON: as it stands in the source, without the line breaks and blanks between
 * its parts when it was pretty printed. What JSON does not allow in a string becomes an escape; bytes that are not
 * UTF-8 become `\xHH`.
 */
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { plainLength, utf8Length, writeByteEscape } from "../../base/text.ts"
import { escapeLength } from "./json/json-text.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const LF = 0x0a
const CR = 0x0d
const WIDEST = 6
const HEX = Buffer.from("0123456789abcdef", "latin1")

/** In each of four bytes. */
const HIGH_BITS = 0x80808080 | 0
const SPACES = 0x20202020

/** Appends the object in `bytes[start, end)`. @param view of the same bytes */
export function appendObject(
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  isValid: boolean,
  out: GrowingBytes,
): void {
  if (isValid && isAscii(view, start, end)) {
    out.reserve(end - start)
    bytes.copy(out.bytes, out.used, start, end)
    out.used += end - start
    return
  }
  out.reserve((end - start) * WIDEST)
  const isPretty = hasLineBreak(bytes, start, end)
  const target = out.bytes
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number
    if (byte === QUOTE) at = appendText(bytes, at, end, out)
    else {
      if (!isPretty || byte > SPACE) target[out.used++] = byte
      at++
    }
  }
}

/**
 * No control characters and nothing beyond ASCII, four bytes at a time: taking a blank away borrows from a byte below
 * it, which sets its high bit.
 */
function isAscii(view: DataView, start: number, end: number): boolean {
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at)
    if (((word | (word - SPACES)) & HIGH_BITS) !== 0) return false
  }
  for (; at < end; at++) {
    const byte = view.getUint8(at)
    if (byte < SPACE || byte >= 0x80) return false
  }
  return true
}

function hasLineBreak(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === LF || bytes[at] === CR) return true
  return false
}

/** The string whose opening quote is at `start`; returns where it ends. */
function appendText(bytes: Buffer, start: number, end: number, out: GrowingBytes): number {
  const target = out.bytes
  let { used } = out
  target[used++] = QUOTE
  let at = start + 1
  while (at < end && bytes[at] !== QUOTE) {
    const byte = bytes[at] as number
    const kept = byte === BACKSLASH ? escapeLength(bytes, at) : byte < SPACE ? 0 : utf8Length(bytes, at, end)
    if (kept > 0) {
      for (let index = 0; index < kept; index++) target[used++] = bytes[at + index] as number
      at += kept
      continue
    }
    used = putEscape(bytes, at, end, target, used)
    at++
  }
  target[used++] = QUOTE
  out.used = used
  return at + 1
}

function putEscape(bytes: Buffer, at: number, end: number, target: Uint8Array, used: number): number {
  const byte = bytes[at] as number
  target[used] = BACKSLASH
  if (byte === BACKSLASH) {
    target[used + 1] = BACKSLASH
    return used + 2
  }
  // A byte of its own in JSON: the text form of the columns.
  if (plainLength(bytes, at, end) === 0) return writeByteEscape(target, used + 1, byte)
  target[used + 1] = 0x75
  target[used + 2] = 0x30
  target[used + 3] = 0x30
  target[used + 4] = HEX[byte >> 4] as number
  target[used + 5] = HEX[byte & 15] as number
  return used + 6
}
