/** Numbers as printf(3) prints them, appended to growing bytes. 64-bit values come as two unsigned halves. */
import { INTEGER_BYTES, writeInteger, writeInteger64 } from "../../../../base/decimal.ts"
import type { GrowingBytes } from "../../../../base/growing-bytes.ts"

const MINUS = 0x2d
const HIGH = 0x1_0000_0000
/** Beyond it a number is no longer exact. */
const SAFE_HIGH = 0x20_0000
/** More than any 64-bit number has in octal, decimal or hexadecimal digits. */
const MOST_DIGITS = 24
const DIGITS = Buffer.from("0123456789abcdef", "latin1")

export function put(out: GrowingBytes, piece: Uint8Array): void {
  out.reserve(piece.length)
  for (let at = 0; at < piece.length; at++) out.bytes[out.used++] = piece[at] as number
}

/** %u of a whole number up to 2^53. */
export function putUnsigned(out: GrowingBytes, value: number): void {
  out.reserve(INTEGER_BYTES)
  out.used = writeInteger(out.view, out.used, value)
}

/** %d of an unsigned 32-bit number. */
export function putSigned32(out: GrowingBytes, value: number): void {
  if (value <= 0x7fffffff) putUnsigned(out, value)
  else {
    putMinus(out)
    putUnsigned(out, HIGH - value)
  }
}

export function putUnsigned64(out: GrowingBytes, high: number, low: number): void {
  if (high < SAFE_HIGH) putUnsigned(out, high * HIGH + low)
  else {
    out.reserve(INTEGER_BYTES)
    out.used = writeInteger64(out.view, out.used, high, low)
  }
}

export function putSigned64(out: GrowingBytes, high: number, low: number): void {
  if (high <= 0x7fffffff) putUnsigned64(out, high, low)
  else {
    putMinus(out)
    putUnsigned64(out, low === 0 ? HIGH - high : HIGH - 1 - high, low === 0 ? 0 : HIGH - low)
  }
}

/** %x. */
export function putHex(out: GrowingBytes, high: number, low: number): void {
  putBits(out, high, low, 4)
}

/** %o. */
export function putOctal(out: GrowingBytes, high: number, low: number): void {
  if (high === 0) putBits(out, 0, low, 3)
  else put(out, Buffer.from(((BigInt(high) << 32n) | BigInt(low)).toString(8), "latin1"))
}

/** Two hexadecimal digits a byte. */
export function putHexBytes(out: GrowingBytes, bytes: Uint8Array, from: number, to: number): void {
  out.reserve((to - from) * 2)
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    out.bytes[out.used++] = DIGITS[byte >> 4] as number
    out.bytes[out.used++] = DIGITS[byte & 15] as number
  }
}

function putMinus(out: GrowingBytes): void {
  out.reserve(1)
  out.bytes[out.used++] = MINUS
}

/** Digits of `width` bits each; the high half is looked at for hexadecimal only. */
function putBits(out: GrowingBytes, high: number, low: number, width: number): void {
  out.reserve(MOST_DIGITS)
  const mask = (1 << width) - 1
  let shift = high > 0 ? 60 : width === 4 ? 28 : 30
  const digit = () => (shift >= 32 ? high >>> (shift - 32) : low >>> shift) & mask
  while (shift > 0 && digit() === 0) shift -= width
  for (; shift >= 0; shift -= width) out.bytes[out.used++] = DIGITS[digit()] as number
}
