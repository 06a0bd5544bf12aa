/** FILETIME and SYSTEMTIME as Windows 10 prints them: `2019-04-30T19:30:24.6602227Z`. */
import { printDigits } from "./print-numbers.ts"

const SECOND = 10_000_000
const DAY_SECONDS = 86_400
/** Days from 1 January 1601 to 1 March 1600 of the proleptic calendar, where the year's count begins. */
const DAYS_FROM_MARCH_1600 = 306
const DAYS_400_YEARS = 146_097
const TEXT_BYTES = 32

export class TimePrinter {
  /** `2019-04-30T` of the day printed last. */
  readonly #date = Buffer.alloc(TEXT_BYTES)
  #dateEnd = 0
  #day = -1
  /** Of the FILETIME split last: whole seconds since 1601, and 100 ns. */
  seconds = 0
  fraction = 0

  /** Exact for all 64 bits: the division is done 16 bits at a time. */
  split(low: number, high: number): void {
    const first = Math.floor(high / SECOND)
    const middle = (high - first * SECOND) * 0x10000 + (low >>> 16)
    const second = Math.floor(middle / SECOND)
    const last = (middle - second * SECOND) * 0x10000 + (low & 0xffff)
    const third = Math.floor(last / SECOND)
    this.seconds = (first * 0x10000 + second) * 0x10000 + third
    this.fraction = last - third * SECOND
  }

  fileTime(target: Buffer, at: number, low: number, high: number): number {
    this.split(low, high)
    const day = Math.floor(this.seconds / DAY_SECONDS)
    if (day !== this.#day) this.#setDay(day)
    const second = this.seconds - day * DAY_SECONDS
    let out = at
    for (let next = 0; next < this.#dateEnd; next++) target[out++] = this.#date[next] as number
    out = printClock(target, out, second)
    target[out++] = 0x2e
    out = printDigits(target, out, this.fraction, 7)
    target[out++] = 0x5a
    return out
  }

  /** u16 year, month, day of week, day, hour, minute, second, millisecond; all zero is the first day of FILETIME. */
  systemTime(target: Buffer, at: number, bytes: Buffer, from: number): number {
    const field = (index: number): number => bytes.readUInt16LE(from + index * 2)
    const isZero = bytes.subarray(from, from + 16).every((byte) => byte === 0)
    const [year, month, day] = isZero ? [1601, 1, 1] : [field(0), field(1), field(3)]
    let out = printDate(target, at, year, month, day)
    const clock = [field(4), field(5), field(6)]
    for (let next = 0; next < clock.length; next++) {
      if (next > 0) target[out++] = 0x3a
      const value = clock[next] as number
      out = printDigits(target, out, value, value > 99 ? 5 : 2)
    }
    target[out++] = 0x2e
    out = printDigits(target, out, field(7), field(7) > 999 ? 5 : 3)
    target[out++] = 0x5a
    return out
  }

  #setDay(day: number): void {
    this.#day = day
    const count = day + DAYS_FROM_MARCH_1600
    const era = Math.floor(count / DAYS_400_YEARS)
    const ofEra = count - era * DAYS_400_YEARS
    const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096)
    const yearOfEra = Math.floor((ofEra - leaps) / 365)
    const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
    const fromMarch = Math.floor((5 * ofYear + 2) / 153)
    const dayOfMonth = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1
    const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    const year = 1600 + era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    this.#dateEnd = printDate(this.#date, 0, year, month, dayOfMonth)
  }
}

function printDate(target: Buffer, at: number, year: number, month: number, day: number): number {
  let out = printDigits(target, at, year, year > 9999 ? 5 : 4)
  target[out++] = 0x2d
  out = printDigits(target, out, month, month > 99 ? 5 : 2)
  target[out++] = 0x2d
  out = printDigits(target, out, day, day > 99 ? 5 : 2)
  target[out++] = 0x54
  return out
}

function printClock(target: Buffer, at: number, second: number): number {
  const hour = Math.floor(second / 3600)
  const minute = Math.floor((second - hour * 3600) / 60)
  let out = printDigits(target, at, hour, 2)
  target[out++] = 0x3a
  out = printDigits(target, out, minute, 2)
  target[out++] = 0x3a
  return printDigits(target, out, second - hour * 3600 - minute * 60, 2)
}
