/** Numbers as they stand in bytes. No strings are made; a range that holds no number gives NaN. */

const SAFE_DIGITS = 15

/**
 * Decimal integer at the start of `buffer[start, end)`, sign allowed, what follows the digits ignored
 * (as strtoll does: `59success=yes` is 59). Exact within ±2^53; NaN without digits or beyond.
 */
export function parseDecimal(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  const isNegative = buffer[at] === 0x2d
  if (isNegative) at++
  const digitsFrom = at
  let value = 0
  while (at < end) {
    const digit = (buffer[at] as number) - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
    at++
  }
  if (at === digitsFrom) return Number.NaN
  if (at - digitsFrom > SAFE_DIGITS && !Number.isSafeInteger(value)) return Number.NaN
  return isNegative ? -value : value
}

/** The range as one decimal integer, sign allowed; NaN when it holds anything else or is beyond ±2^53. */
export function parseWholeDecimal(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  const isNegative = buffer[at] === 0x2d
  if (isNegative) at++
  if (at >= end) return Number.NaN
  let value = 0
  for (; at < end; at++) {
    const digit = (buffer[at] as number) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  if (end - start > SAFE_DIGITS && !Number.isSafeInteger(value)) return Number.NaN
  return isNegative ? -value : value
}

/** True when `buffer[start, end)` is one decimal integer and nothing else. */
export function isDecimal(buffer: Uint8Array, start: number, end: number): boolean {
  let at = buffer[start] === 0x2d ? start + 1 : start
  if (at >= end) return false
  for (; at < end; at++) {
    const digit = (buffer[at] as number) - 0x30
    if (digit < 0 || digit > 9) return false
  }
  return true
}

/** Value of a hexadecimal digit of either case, -1 for anything else. */
export function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57
  return -1
}

/** Hexadecimal number (with or without 0x) at the start of the range; NaN without digits or beyond 2^53. */
export function parseHex(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  if (buffer[at] === 0x30 && ((buffer[at + 1] as number) | 0x20) === 0x78) at += 2
  const digitsFrom = at
  let value = 0
  for (; at < end; at++) {
    const digit = hexValue(buffer[at] as number)
    if (digit < 0) break
    value = value * 16 + digit
  }
  return at === digitsFrom || value > Number.MAX_SAFE_INTEGER ? Number.NaN : value
}

/** The low 32 bits of a hexadecimal number of up to 64 bits, as an unsigned number; NaN without digits. */
export function parseHexLow32(buffer: Uint8Array, start: number, end: number): number {
  let value = 0
  let at = start
  for (; at < end; at++) {
    const digit = hexValue(buffer[at] as number)
    if (digit < 0) break
    value = ((value << 4) | digit) >>> 0
  }
  return at === start ? Number.NaN : value
}
