/**
 * Internet addresses as inet_ntop(3) prints them, which is as RFC 5952 writes them, appended to growing bytes.
 *
 *   20 01 0d b8 00 … 00 01   2001:db8::1
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { readU16 } from "../tokens/integers.ts"

/** Eight groups of four digits, or six and an IPv4 address. */
const ADDRESS_BYTES = 46

const GROUPS = 8
const DOT = 0x2e
const COLON = 0x3a
const DIGITS = Buffer.from("0123456789abcdef", "latin1")

/** Dotted, of the 4 bytes at `at`. */
export function putIp4(out: GrowingBytes, bytes: Uint8Array, at: number): void {
  out.reserve(ADDRESS_BYTES)
  out.used = writeIp4(out.bytes, out.used, bytes, at)
}

/** Of the 16 bytes at `at`: the first of the longest runs of zero groups is `::`, an embedded IPv4 address dotted. */
export function putIp6(out: GrowingBytes, bytes: Uint8Array, at: number): void {
  out.reserve(ADDRESS_BYTES)
  out.used = writeIp6(out.bytes, out.used, bytes, at)
}

function writeIp4(target: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  let to = writeByte(target, at, bytes[from] as number)
  for (let part = 1; part < 4; part++) {
    target[to] = DOT
    to = writeByte(target, to + 1, bytes[from + part] as number)
  }
  return to
}

function writeIp6(target: Uint8Array, at: number, bytes: Uint8Array, from: number): number {
  const run = longestRun(bytes, from)
  const first = run >> 4
  const length = run & 15
  let to = at
  for (let group = 0; group < GROUPS; group++) {
    if (length > 0 && group >= first && group < first + length) {
      if (group === first) target[to++] = COLON
      continue
    }
    if (group > 0) target[to++] = COLON
    if (group === 6 && first === 0 && isEmbedded(bytes, from, length))
      return writeIp4(target, to, bytes, from + 12)
    to = writeGroup(target, to, readU16(bytes, from + group * 2))
  }
  if (length > 0 && first + length === GROUPS) target[to++] = COLON
  return to
}

/** Decimal digits of one byte. */
function writeByte(target: Uint8Array, at: number, value: number): number {
  const hundreds = (value / 100) | 0
  const tens = (value / 10) | 0
  let to = at
  if (hundreds > 0) target[to++] = 0x30 + hundreds
  if (tens > 0) target[to++] = 0x30 + tens - hundreds * 10
  target[to++] = 0x30 + value - tens * 10
  return to
}

/** Hexadecimal digits without leading zeros. */
function writeGroup(target: Uint8Array, at: number, value: number): number {
  let to = at
  if (value >= 0x1000) target[to++] = DIGITS[value >> 12] as number
  if (value >= 0x100) target[to++] = DIGITS[(value >> 8) & 15] as number
  if (value >= 0x10) target[to++] = DIGITS[(value >> 4) & 15] as number
  target[to++] = DIGITS[value & 15] as number
  return to
}

/** First group times 16, plus the length; 0 when no two groups in a row are zero. */
function longestRun(bytes: Uint8Array, at: number): number {
  let best = 0
  let bestLength = 1
  let length = 0
  for (let group = 0; group < GROUPS; group++) {
    length = readU16(bytes, at + group * 2) === 0 ? length + 1 : 0
    if (length <= bestLength) continue
    bestLength = length
    best = ((group - length + 1) << 4) | length
  }
  return best
}

/** ::a.b.c.d and ::ffff:a.b.c.d. */
function isEmbedded(bytes: Uint8Array, at: number, length: number): boolean {
  return length === 6 || (length === 5 && readU16(bytes, at + 10) === 0xffff)
}
