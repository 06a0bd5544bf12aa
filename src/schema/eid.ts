/** The column `eid`: a number of ten digits with leading zeros, as osquery writes it, unique in its table. */
import type { RowWriter } from "./row-writer.ts"

const MOST_DIGITS = 16

/** Gives `eid` columns without making a string for each. */
export class EidWriter {
  private readonly digits = new Uint8Array(MOST_DIGITS)

  /** Writes `serial` (0 to 2^53) as one text column; beyond ten digits it grows wider, so that it stays unique. */
  write(writer: RowWriter, serial: number): void {
    const { digits } = this
    let start = MOST_DIGITS
    for (let rest = serial; rest > 0 || start > MOST_DIGITS - 10; rest = Math.floor(rest / 10)) {
      digits[--start] = 0x30 + (rest % 10)
    }
    writer.bytes(digits, start, MOST_DIGITS)
  }
}
