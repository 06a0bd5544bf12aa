/** Integers as decimal digits, four at a time; 64-bit values come as two halves and stay exact. */

const MINUS = 0x2d
const BILLION = 1_000_000_000

/** Room that one integer needs: a sign and 19 digits, and as the last digits are written as a word, three more. */
export const INTEGER_BYTES = 23

/** The ASCII digits of 0000 to 9999, first digit in the low byte. */
const FOUR_DIGITS = Int32Array.from({ length: 10_000 }, (_, value) => {
  const thousands = Math.floor(value / 1000)
  const hundreds = Math.floor(value / 100) % 10
  const tens = Math.floor(value / 10) % 10
  return 0x30303030 + thousands + (hundreds << 8) + (tens << 16) + ((value % 10) << 24)
})

/** Writes an integer within ±2^53 and returns the end. */
export function writeInteger(target: DataView, at: number, value: number): number {
  if (value >= 0 && value < 10_000) return writeUpToFour(target, at, value)
  let out = at
  let rest = value
  if (rest < 0) {
    target.setInt8(out++, MINUS)
    rest = -rest
  }
  return rest <= 0x7fffffff ? writeDigits(target, out, rest) : writeLarge(target, out, rest)
}

/** Writes a 64-bit integer given as high half, signed or unsigned, and unsigned low half; returns the end. */
export function writeInteger64(target: DataView, at: number, high: number, low: number): number {
  let out = at
  let upper = high
  let lower = low >>> 0
  if (upper < 0) {
    target.setInt8(out++, MINUS)
    lower = -lower >>> 0
    upper = lower === 0 ? -upper : -upper - 1
  }
  return writeUnsigned64(target, out, upper >>> 0, lower)
}

/** Writes an unsigned 64-bit integer given as two halves without sign, and returns the end. */
export function writeUnsigned64(target: DataView, at: number, upper: number, lower: number): number {
  if (upper < 0x200000) return writeInteger(target, at, upper * 0x1_0000_0000 + lower)
  // Long division by 10^9 in steps of 16 bits: no step leaves 2^53.
  const top = Math.floor(upper / BILLION)
  const middle = (upper - top * BILLION) * 0x10000 + (lower >>> 16)
  const middleQuotient = Math.floor(middle / BILLION)
  const bottom = (middle - middleQuotient * BILLION) * 0x10000 + (lower & 0xffff)
  const bottomQuotient = Math.floor(bottom / BILLION)
  const quotient = top * 0x1_0000_0000 + middleQuotient * 0x10000 + bottomQuotient
  const end = writeInteger(target, at, quotient)
  return writeNineDigits(target, end, bottom - bottomQuotient * BILLION)
}

/** 2^31 to 2^53. */
function writeLarge(target: DataView, at: number, value: number): number {
  const upper = Math.floor(value / BILLION)
  return writeNineDigits(target, writeDigits(target, at, upper), value - upper * BILLION)
}

/** 0 to 2^31 - 1, without leading zeros. */
function writeDigits(target: DataView, at: number, value: number): number {
  const whole = value | 0
  if (whole < 10_000) return writeUpToFour(target, at, whole)
  const upper = (whole / 10_000) | 0
  const lower = whole - upper * 10_000
  if (upper < 10_000) return writeFour(target, writeUpToFour(target, at, upper), lower)
  const top = (upper / 10_000) | 0
  return writeFour(target, writeFour(target, writeUpToFour(target, at, top), upper - top * 10_000), lower)
}

/** 0 to 999,999,999, with leading zeros. */
export function writeNineDigits(target: DataView, at: number, value: number): number {
  const whole = value | 0
  const upper = (whole / 10_000) | 0
  const top = (upper / 10_000) | 0
  target.setInt8(at, 0x30 + top)
  return writeFour(target, writeFour(target, at + 1, upper - top * 10_000), whole - upper * 10_000)
}

function writeFour(target: DataView, at: number, value: number): number {
  target.setInt32(at, FOUR_DIGITS[value] as number, true)
  return at + 4
}

/** 0 to 9999 without leading zeros; writes a whole word, the bytes after the end are for the next to overwrite. */
function writeUpToFour(target: DataView, at: number, value: number): number {
  const length = value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4
  target.setInt32(at, (FOUR_DIGITS[value] as number) >>> (32 - length * 8), true)
  return at + length
}
