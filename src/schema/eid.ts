/** The column `eid`: a number of ten digits with leading zeros, as osquery writes it, unique in its table. */
import type { RowWriter } from "./row-writer.ts"

const MOST_DIGITS = 16
const HALF = 100_000

/** Gives `eid` columns without making a string for each. */
export class EidWriter {
  private readonly digits = Buffer.alloc(MOST_DIGITS)

  /** Writes `serial` (0 to 2^53) as one text column; beyond ten digits it grows wider, so that it stays unique. */
  write(writer: RowWriter, serial: number): void {
    const upper = Math.floor(serial / HALF)
    this.writeHalf(MOST_DIGITS, serial - upper * HALF)
    let start = MOST_DIGITS - 10
    this.writeHalf(MOST_DIGITS - 5, upper % HALF)
    for (let rest = Math.floor(upper / HALF); rest > 0; rest = Math.floor(rest / 10)) {
      this.digits[--start] = 0x30 + (rest % 10)
    }
    writer.bytes(this.digits, start, MOST_DIGITS)
  }

  /** Five digits that end at `end`. */
  private writeHalf(end: number, value: number): void {
    let rest = value | 0
    for (let at = end - 1; at >= end - 5; at--) {
      const quotient = (rest / 10) | 0
      this.digits[at] = 0x30 + (rest - quotient * 10)
      rest = quotient
    }
  }
}
