/** Numbers as Windows writes them, `0x3e7` or `999`, as two halves: logon ids and handles have 64 bits. */
import { hexValue } from "../../base/digits.ts"

const TWO_32 = 4_294_967_296

export class WholeNumber {
  /** Signed, as the high half of a column is. */
  high = 0
  /** Unsigned. */
  low = 0

  /** Reads all of `bytes[start, end)`; false when that is no number of 64 bits. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const isHex = end - start > 2 && bytes[start] === 0x30 && ((bytes[start + 1] as number) | 0x20) === 0x78
    const isNegative = bytes[start] === 0x2d
    const from = isHex ? start + 2 : isNegative ? start + 1 : start
    if (from >= end || !this.#readDigits(bytes, from, end, isHex ? 16 : 10)) return false
    if (isNegative) this.#negate()
    this.high |= 0
    return true
  }

  /** The number where it is exact and positive, else NaN. */
  get value(): number {
    return this.high >= 0 && this.high < 2 ** 21 ? this.high * TWO_32 + this.low : Number.NaN
  }

  #readDigits(bytes: Uint8Array, start: number, end: number, base: number): boolean {
    let high = 0
    let low = 0
    for (let at = start; at < end; at++) {
      const digit = hexValue(bytes[at] as number)
      if (digit < 0 || digit >= base) return false
      low = low * base + digit
      const carry = Math.floor(low / TWO_32)
      low -= carry * TWO_32
      high = high * base + carry
      if (high >= TWO_32) return false
    }
    this.high = high
    this.low = low
    return true
  }

  #negate(): void {
    this.high = ~this.high + (this.low === 0 ? 1 : 0)
    this.low = this.low === 0 ? 0 : TWO_32 - this.low
  }
}
