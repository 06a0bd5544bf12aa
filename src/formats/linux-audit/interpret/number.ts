/** Numbers as they stand in fields: the C library's strtoul, without its habit to read nothing as 0. */

/** Digits at the start of `text` from `from` on, NaN when there is none. `59success=yes` is 59. */
export function leadingDecimal(text: string, from = 0): number {
  let value = 0
  let at = from
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  return at === from ? Number.NaN : value
}

/** Octal digits at the start of `text`, NaN when there is none. */
export function leadingOctal(text: string): number {
  let value = 0
  let at = 0
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 7) break
    value = value * 8 + digit
  }
  return at === 0 ? Number.NaN : value
}

/** Hexadecimal words as two unsigned halves, since masks and arguments have 64 bits; undefined when it is none. */
export function hexHalves(text: string): { readonly low: number; readonly high: number } | undefined {
  const low = hexLow(text)
  if (Number.isNaN(low)) return undefined
  const digits = text.startsWith("0x") ? text.slice(2) : text
  return { low, high: digits.length > 8 ? Number.parseInt(digits.slice(0, -8), 16) : 0 }
}

/** The lower 32 bits of a hexadecimal word of up to 64, NaN when it is none. */
export function hexLow(text: string): number {
  const from = text.charCodeAt(0) === 0x30 && text.charCodeAt(1) === 0x78 ? 2 : 0
  const end = text.length
  if (end === from || end - from > 16) return Number.NaN
  let low = 0
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) low = (low << 4) | (code - 0x30)
    else {
      const lower = code | 0x20
      if (lower < 0x61 || lower > 0x66) return Number.NaN
      low = (low << 4) | (lower - 0x57)
    }
  }
  return low >>> 0
}

/** True when all of `text`, and something at least, is `0-9A-F`: what the kernel writes for bytes. */
export function isUpperHex(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x46 || (code > 0x39 && code < 0x41)) return false
  }
  return text.length > 0
}
