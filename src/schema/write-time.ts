/** Times of events as columns, exact without bigint. */
import type { RowWriter } from "./row-writer.ts"

const TWO_16 = 65_536
const TWO_32 = 4_294_967_296
/** Whole seconds that 64 bits of nanoseconds reach, either way. */
const MOST_SECONDS = 9_223_372_035
/** Between 1601, when FILETIME begins, and 1970. */
const FILETIME_OFFSET = 11_644_473_600
const TICKS = 1e7

/** Writes nanoseconds since 1970; NULL for no time, and for one that 64 bits do not reach. */
export function writeNanoseconds(writer: RowWriter, sec: number, nsec: number): void {
  if (!(Math.abs(sec) <= MOST_SECONDS)) {
    writer.null()
    return
  }
  writeProduct(writer, sec, 1e9, nsec)
}

/** Writes the FILETIME: steps of 100 ns since 1601; NULL for no time, and for an earlier one. */
export function writeFiletime(writer: RowWriter, sec: number, nsec: number): void {
  const since = sec + FILETIME_OFFSET
  if (since >= 0 && since < 2 ** 39) writeProduct(writer, since, TICKS, Math.floor(nsec / 100))
  else writer.null()
}

/** Writes `value * factor + more`, exactly. */
function writeProduct(writer: RowWriter, value: number, factor: number, more: number): void {
  const upper = Math.floor(value / TWO_16)
  const product = upper * factor
  const high = Math.floor(product / TWO_16)
  const low = (product - high * TWO_16) * TWO_16 + (value - upper * TWO_16) * factor + more
  const carry = Math.floor(low / TWO_32)
  writer.int64(high + carry, low - carry * TWO_32)
}
