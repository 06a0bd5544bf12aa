/** Integers as decimal digits, written straight into bytes; 64-bit values come as two halves and stay exact. */

const MINUS = 0x2d
const ZERO = 0x30
const BILLION = 1_000_000_000

/** The most bytes that one integer takes: a sign and 19 digits. */
export const INTEGER_BYTES = 20

/** Writes an integer within ±2^53 and returns the end. */
export function writeInteger(target: Uint8Array, at: number, value: number): number {
  let out = at
  let rest = value
  if (rest < 0) {
    target[out++] = MINUS
    rest = -rest
  }
  return rest <= 0x7fffffff ? writeDigits(target, out, rest) : writeLarge(target, out, rest)
}

/** Writes a signed 64-bit integer given as signed high and unsigned low half, and returns the end. */
export function writeInteger64(target: Uint8Array, at: number, high: number, low: number): number {
  let out = at
  let upper = high
  let lower = low >>> 0
  if (upper < 0) {
    target[out++] = MINUS
    lower = -lower >>> 0
    upper = lower === 0 ? -upper : -upper - 1
  }
  upper >>>= 0
  if (upper < 0x200000) return writeInteger(target, out, upper * 0x1_0000_0000 + lower)
  // Long division by 10^9 in steps of 16 bits: no step leaves 2^53.
  const top = Math.floor(upper / BILLION)
  const middle = (upper - top * BILLION) * 0x10000 + (lower >>> 16)
  const middleQuotient = Math.floor(middle / BILLION)
  const bottom = (middle - middleQuotient * BILLION) * 0x10000 + (lower & 0xffff)
  const bottomQuotient = Math.floor(bottom / BILLION)
  const quotient = top * 0x1_0000_0000 + middleQuotient * 0x10000 + bottomQuotient
  out = writeInteger(target, out, quotient)
  return writeNineDigits(target, out, bottom - bottomQuotient * BILLION)
}

/** 2^31 to 2^53. */
function writeLarge(target: Uint8Array, at: number, value: number): number {
  const upper = Math.floor(value / BILLION)
  return writeNineDigits(target, writeDigits(target, at, upper), value - upper * BILLION)
}

/** 0 to 2^31 - 1, without leading zeros. */
function writeDigits(target: Uint8Array, at: number, value: number): number {
  const end = at + countDigits(value)
  let rest = value | 0
  for (let out = end - 1; out >= at; out--) {
    const quotient = (rest / 10) | 0
    target[out] = ZERO + (rest - quotient * 10)
    rest = quotient
  }
  return end
}

function writeNineDigits(target: Uint8Array, at: number, value: number): number {
  let rest = value | 0
  for (let out = at + 8; out >= at; out--) {
    const quotient = (rest / 10) | 0
    target[out] = ZERO + (rest - quotient * 10)
    rest = quotient
  }
  return at + 9
}

function countDigits(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : 4
  if (value < 100_000_000) return value < 1_000_000 ? (value < 100_000 ? 5 : 6) : value < 10_000_000 ? 7 : 8
  return value < BILLION ? 9 : 10
}
