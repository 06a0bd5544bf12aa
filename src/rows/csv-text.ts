/**
 * CSV cells (RFC 4180) from raw bytes: the text form of base/text.ts, the quoting of csv-stringify's defaults, and
 * optionally a `'` before what a spreadsheet would run as a formula (OWASP, CSV injection), in one pass.
 */
import { writeByteEscape } from "../base/text.ts"
import type { GrowingBytes } from "./growing-bytes.ts"
import { keptLength, type TextSource } from "./text-source.ts"

const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const COMMA = 0x2c
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const ESCAPE_BYTES = 4

const HIGH_BITS = 0x80808080 | 0
const ONES = 0x01010101
const SPACES = 0x20202020
const QUOTES = 0x22222222
const COMMAS = 0x2c2c2c2c
const BACKSLASHES = 0x5c5c5c5c

/** Appends the cell of `source[start, end)` to `out`. */
export function putCsvText(
  out: GrowingBytes,
  source: TextSource,
  start: number,
  end: number,
  escapeFormulas: boolean,
): void {
  out.reserve(end - start + 3)
  const { bytes, view } = source
  const cell = out.used
  let target = out.view
  let used = cell
  let at = start
  let isQuoted = false
  if (escapeFormulas && isFormula(bytes, start, end)) target.setInt8(used++, APOSTROPHE)
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
    if (kept > 0 && !needsQuotes(byte)) {
      for (let copied = 0; copied < kept; copied++) target.setInt8(used++, bytes[at++] as number)
      continue
    }
    out.used = used
    out.reserve(end - at + ESCAPE_BYTES)
    target = out.view
    at++
    if (kept === 0) {
      used = writeByteEscape(out.bytes, used, byte)
      continue
    }
    if (!isQuoted) used = openQuotes(out.bytes, cell, used)
    isQuoted = true
    if (byte === QUOTE) target.setInt8(used++, QUOTE)
    target.setInt8(used++, byte)
  }
  if (isQuoted) target.setInt8(used++, QUOTE)
  out.used = used
}

/**
 * Would a spreadsheet take the cell for a formula? True when the first byte after leading spaces is `=`, `+`, `-`,
 * `@`, TAB or CR, or a full-width `＝`, `＋`, `－`, `＠`.
 */
export function isFormula(source: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && source[at] === SPACE) at++
  if (at >= end) return false
  switch (source[at]) {
    case 0x3d:
    case 0x2b:
    case 0x2d:
    case 0x40:
    case 0x09:
    case CARRIAGE_RETURN:
      return true
    case 0xef:
      return at + 2 < end && isFullWidthSign(source[at + 1] as number, source[at + 2] as number)
    default:
      return false
  }
}

/** U+FF1D, U+FF0B, U+FF0D and U+FF20 without their first byte, EF. */
function isFullWidthSign(second: number, third: number): boolean {
  return second === 0xbc && (third === 0x9d || third === 0x8b || third === 0x8d || third === 0xa0)
}

function needsQuotes(byte: number): boolean {
  return byte === QUOTE || byte === COMMA || byte === LINE_FEED || byte === CARRIAGE_RETURN
}

/** Is one of four bytes a control, a quote, a comma, a backslash, or not ASCII? */
function hasSpecial(word: number): boolean {
  const quotes = (word ^ QUOTES) - ONES
  const commas = (word ^ COMMAS) - ONES
  const backslashes = (word ^ BACKSLASHES) - ONES
  return ((word | (word - SPACES) | quotes | commas | backslashes) & HIGH_BITS) !== 0
}

/** Puts a quote before what was written of the cell so far. */
function openQuotes(target: Uint8Array, cell: number, used: number): number {
  if (used - cell > 32) target.copyWithin(cell + 1, cell, used)
  else for (let at = used; at > cell; at--) target[at] = target[at - 1] as number
  target[cell] = QUOTE
  return used + 1
}
