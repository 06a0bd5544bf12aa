/** Integers of two halves as digits, as printf writes them. */
import { writeInteger, writeInteger64, writeUnsigned64 } from "../../../base/decimal.ts"

/** Room for 64 bits as hexadecimal digits behind `0x`. */
export const HEX_BYTES = 18
const ZERO = 0x30
const SPACE = 0x20
const MINUS = 0x2d
const LOWER_X = 0x78
/** From a digit above nine to its letter. */
const TO_LETTER = 0x27

/** Writes at least `least` hexadecimal digits, and returns the end. */
export function writeHex(
  target: DataView,
  at: number,
  low: number,
  high: number,
  least: number,
  hasPrefix: boolean,
): number {
  let from = at
  if (hasPrefix) {
    target.setInt8(from++, ZERO)
    target.setInt8(from++, LOWER_X)
  }
  const own = high === 0 ? hexDigits(low) : 8 + hexDigits(high)
  const end = from + Math.max(own, least)
  let rest = low
  let to = end
  for (let digit = 0; digit < 8 && to > from; digit++) {
    target.setInt8(--to, hexDigit(rest & 15))
    rest >>>= 4
  }
  rest = high
  while (to > from) {
    target.setInt8(--to, hexDigit(rest & 15))
    rest >>>= 4
  }
  return end
}

function hexDigits(value: number): number {
  return value === 0 ? 1 : 8 - (Math.clz32(value) >> 2)
}

function hexDigit(value: number): number {
  return value < 10 ? ZERO + value : ZERO + TO_LETTER + value
}

/** Writes decimal digits, and returns the end. */
export function writeDecimal(
  target: DataView,
  at: number,
  low: number,
  high: number,
  isSigned: boolean,
): number {
  if (high === 0) return writeInteger(target, at, low >>> 0)
  return isSigned ? writeInteger64(target, at, high, low) : writeUnsigned64(target, at, high >>> 0, low >>> 0)
}

/** Moves `target[from, end)` to the right so that it fills `width`: with zeros behind the sign, or spaces before all. */
export function padLeft(
  target: DataView,
  from: number,
  end: number,
  width: number,
  hasZeros: boolean,
): number {
  const missing = width - (end - from)
  if (missing <= 0) return end
  const start = hasZeros && target.getInt8(from) === MINUS ? from + 1 : from
  for (let at = end - 1; at >= start; at--) target.setInt8(at + missing, target.getInt8(at))
  for (let at = start; at < start + missing; at++) target.setInt8(at, hasZeros ? ZERO : SPACE)
  return end + missing
}
