/**
 * CSV cells (RFC 4180) from raw bytes: the text form of base/text.ts, the quoting of csv-stringify's defaults, and
 * optionally a `'` before what a spreadsheet would run as a formula (OWASP, CSV injection), in one pass.
 */
import { writeByteEscape } from "../base/text.ts"
import type { GrowingBytes } from "./growing-bytes.ts"
import { keptLength } from "./text-cell.ts"

const QUOTE = 0x22
const SPACE = 0x20

/** 0: copied. 1: asks for quotes. 2: backslash, NUL, or what may not be UTF-8. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE || byte === 0x2c || byte === 0x0d || byte === 0x0a) return 1
  return byte === 0 || byte === 0x5c || byte >= 0x80 ? 2 : 0
})

/** Appends the cell of `source[start, end)` to `out`; `isTextForm` as in text-cell.ts. */
export function putCsvText(
  out: GrowingBytes,
  source: Uint8Array,
  start: number,
  end: number,
  isTextForm: boolean,
  escapeFormulas: boolean,
): void {
  out.reserve(end - start + 4)
  const cell = out.used
  let target = out.bytes
  let used = cell
  let isQuoted = false
  if (escapeFormulas && isFormula(source, start, end)) target[used++] = 0x27
  for (let at = start; at < end; at++) {
    const byte = source[at] as number
    const kind = KINDS[byte]
    if (kind === 0) {
      target[used++] = byte
      continue
    }
    out.used = used
    out.reserve(end - at + 4)
    target = out.bytes
    if (kind === 1) {
      if (!isQuoted) used = openQuotes(target, cell, used)
      isQuoted = true
      if (byte === QUOTE) target[used++] = QUOTE
      target[used++] = byte
      continue
    }
    const kept = keptLength(source, at, end, isTextForm)
    if (kept === 0) used = writeByteEscape(target, used, byte)
    for (let copied = 0; copied < kept; copied++) target[used++] = source[at + copied] as number
    if (kept > 1) at += kept - 1
  }
  if (isQuoted) target[used++] = QUOTE
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
    case 0x0d:
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

/** Puts a quote before what was written of the cell so far. */
function openQuotes(target: Uint8Array, cell: number, used: number): number {
  if (used - cell > 32) target.copyWithin(cell + 1, cell, used)
  else for (let at = used; at > cell; at--) target[at] = target[at - 1] as number
  target[cell] = QUOTE
  return used + 1
}
