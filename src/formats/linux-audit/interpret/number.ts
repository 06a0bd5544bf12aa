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
  const from = text.startsWith("0x") ? 2 : 0
  const end = text.length
  if (end === from || end - from > 16 || !isHex(text, from)) return undefined
  const middle = Math.max(from, end - 8)
  const low = Number.parseInt(text.slice(middle, end), 16)
  const high = middle > from ? Number.parseInt(text.slice(from, middle), 16) : 0
  return { low, high }
}

/** The lower 32 bits of a hexadecimal word, NaN when it is none. */
export function hexLow(text: string): number {
  return hexHalves(text)?.low ?? Number.NaN
}

/** True when all of `text`, and something at least, is `0-9A-F`: what the kernel writes for bytes. */
export function isUpperHex(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x46 || (code > 0x39 && code < 0x41)) return false
  }
  return text.length > 0
}

function isHex(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at) | 0x20
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false
  }
  return true
}
