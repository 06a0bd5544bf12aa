/**
 * Escapes of JSON strings to the bytes that they stand for.
 * Source of truth: RFC 8259 section 7. A half of a surrogate pair alone stands for nothing: it becomes U+FFFD.
 */
import { hexValue } from "../../../base/digits.ts"
import type { GrowingBytes } from "../../../base/growing-bytes.ts"

const BACKSLASH = 0x5c
export const LETTER_U = 0x75
/** Of `\\uXXXX`. */
export const UNICODE_BYTES = 6
const REPLACEMENT = 0xfffd
/** By the letter of the escape; 0 for what is none. */
const MEANINGS = new Uint8Array(256)
for (const [letter, meaning] of ['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"])
  MEANINGS[(letter as string).charCodeAt(0)] = (meaning as string).charCodeAt(0)

/** Length of the escape whose backslash is at `at`; 0 when none begins there. */
export function escapeLength(bytes: Uint8Array, at: number): number {
  const letter = bytes[at + 1] as number
  if (letter !== LETTER_U) return (MEANINGS[letter] as number) > 0 ? 2 : 0
  return unitAt(bytes, at) < 0 ? 0 : UNICODE_BYTES
}

/** Appends what the text of a string, `bytes[start, end)` between its quotes, stands for. Stray backslashes stay. */
export function appendUnescaped(bytes: Uint8Array, start: number, end: number, out: GrowingBytes): void {
  out.reserve(end - start)
  const target = out.bytes
  let { used } = out
  let at = start
  while (at < end) {
    const byte = bytes[at] as number
    if (byte !== BACKSLASH) {
      target[used++] = byte
      at++
      continue
    }
    const meaning = MEANINGS[bytes[at + 1] as number] as number
    if (meaning > 0 && at + 1 < end) {
      target[used++] = meaning
      at += 2
      continue
    }
    const isUnit = at + UNICODE_BYTES <= end && unitAt(bytes, at) >= 0
    if (!isUnit) {
      target[used++] = BACKSLASH
      at++
      continue
    }
    const code = codeAt(bytes, at, end)
    used = putUtf8(target, used, code)
    at += code > 0xffff ? 2 * UNICODE_BYTES : UNICODE_BYTES
  }
  out.used = used
}

/** The code point of the escape at `at`, and of the one behind it when they are a pair. */
function codeAt(bytes: Uint8Array, at: number, end: number): number {
  const unit = unitAt(bytes, at)
  if (unit < 0xd800 || unit > 0xdfff) return unit
  const second = at + 2 * UNICODE_BYTES <= end ? unitAt(bytes, at + UNICODE_BYTES) : -1
  if (unit > 0xdbff || second < 0xdc00 || second > 0xdfff) return REPLACEMENT
  return 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00)
}

/** The UTF-16 unit of `\uXXXX`; -1 when that does not stand there. */
function unitAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return -1
  let unit = 0
  for (let index = at + 2; index < at + UNICODE_BYTES; index++) {
    const digit = index < bytes.length ? hexValue(bytes[index] as number) : -1
    if (digit < 0) return -1
    unit = unit * 16 + digit
  }
  return unit
}

/** At most as long as the escape. */
function putUtf8(target: Uint8Array, at: number, code: number): number {
  let out = at
  if (code < 0x80) target[out++] = code
  else {
    if (code < 0x800) target[out++] = 0xc0 | (code >> 6)
    else {
      if (code < 0x10000) target[out++] = 0xe0 | (code >> 12)
      else {
        target[out++] = 0xf0 | (code >> 18)
        target[out++] = 0x80 | ((code >> 12) & 0x3f)
      }
      target[out++] = 0x80 | ((code >> 6) & 0x3f)
    }
    target[out++] = 0x80 | (code & 0x3f)
  }
  return out
}
