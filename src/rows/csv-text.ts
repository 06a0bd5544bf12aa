/**
 * CSV cells (RFC 4180) from raw bytes: the text form of base/text.ts, the quoting of csv-stringify's defaults, and
 * optionally a `'` before what a spreadsheet would run as a formula (OWASP, CSV injection), in one pass.
 */

import type { GrowingBytes } from "../base/growing-bytes.ts"
import { writeByteEscape } from "../base/text.ts"
import { putPlainRun, takeCare } from "./plain-run.ts"
import { putKept } from "./text-cell.ts"
import { keptLength, type TextSource } from "./text-source.ts"

const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c
const COMMA = 0x2c
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const ESCAPE_BYTES = 4

const CARE = takeCare(0x20, [QUOTE, COMMA, BACKSLASH])

/** Appends the cell of `source[start, end)` to `out`. */
export function putCsvText(
  out: GrowingBytes,
  source: TextSource,
  start: number,
  end: number,
  escapeFormulas: boolean,
): void {
  out.reserve(end - start + 3)
  const cell = out.used
  let isQuoted = false
  if (escapeFormulas && isFormula(source.bytes, start, end)) out.bytes[out.used++] = APOSTROPHE
  let at = putPlainRun(out, source, start, end, CARE)
  while (at < end) {
    const byte = source.bytes[at] as number
    const kept = keptLength(source, at, end)
    out.reserve(end - at + ESCAPE_BYTES)
    if (kept === 0) out.used = writeByteEscape(out.bytes, out.used, byte)
    else {
      if (needsQuotes(byte)) {
        if (!isQuoted) openQuotes(out, cell)
        isQuoted = true
        if (byte === QUOTE) out.bytes[out.used++] = QUOTE
      }
      putKept(out, source, at, kept)
    }
    at = putPlainRun(out, source, at + (kept || 1), end, CARE)
  }
  if (isQuoted) out.bytes[out.used++] = QUOTE
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

/** Puts a quote before what was written of the cell so far. */
function openQuotes(out: GrowingBytes, cell: number): void {
  const { bytes, used } = out
  if (used - cell > 32) bytes.copyWithin(cell + 1, cell, used)
  else for (let at = used; at > cell; at--) bytes[at] = bytes[at - 1] as number
  bytes[cell] = QUOTE
  out.used = used + 1
}
