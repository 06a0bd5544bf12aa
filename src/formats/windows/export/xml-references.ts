/**
 * Entities and character references of XML to UTF-8. What is none (a bare ampersand, an unknown name) stays as it is.
 * Source of truth: XML 1.0, 4.1 and 4.6.
 */
import { hexValue } from "../../../base/digits.ts"
import { writeUtf8 } from "./decode-text.ts"

const SEMICOLON = 0x3b
const HASH = 0x23
/** `&#x10FFFF;` and some leading zeros. */
const MAX_LENGTH = 16
const REPLACEMENT = 0xfffd

const ENTITIES: ReadonlyMap<string, number> = new Map([
  ["lt", 0x3c],
  ["gt", 0x3e],
  ["amp", 0x26],
  ["quot", 0x22],
  ["apos", 0x27],
])

export interface ReadReference {
  /** Bytes that were read. */
  readonly length: number
  /** Behind what was written. */
  readonly end: number
}

/** Reads what begins with the ampersand at `bytes[at]` and writes its character to `target[out…]` (up to 4 bytes). */
export function readReference(
  bytes: Buffer,
  at: number,
  end: number,
  target: Uint8Array,
  out: number,
): ReadReference {
  const limit = Math.min(end, at + MAX_LENGTH)
  let semicolon = at + 1
  while (semicolon < limit && bytes[semicolon] !== SEMICOLON) semicolon++
  const code = semicolon < limit ? codeOf(bytes, at + 1, semicolon) : -1
  if (code < 0) {
    target[out] = bytes[at] as number
    return { length: 1, end: out + 1 }
  }
  return { length: semicolon + 1 - at, end: writeUtf8(target, out, code) }
}

function codeOf(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== HASH) return ENTITIES.get(bytes.latin1Slice(start, end)) ?? -1
  const isHex = ((bytes[start + 1] as number) | 0x20) === 0x78
  const base = isHex ? 16 : 10
  const from = start + (isHex ? 2 : 1)
  let code = from < end ? 0 : -1
  for (let at = from; at < end && code >= 0; at++) {
    const digit = hexValue(bytes[at] as number)
    code = digit < 0 || digit >= base ? -1 : code * base + digit
  }
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? REPLACEMENT : code
}
