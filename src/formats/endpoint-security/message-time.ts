/**
 * Times of messages: `2025-07-22T15:09:01.084030274Z`, with any number of digits behind the second, `Z`, an offset
 * (`+0200`, `+02:00`, ` +0000`), or none, which is UTC. A blank may stand for the T.
 * Source of truth: RFC 3339.
 */

const SECONDS_A_DAY = 86_400
const NANO_DIGITS = 9
const MAX_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

export class MessageTime {
  /** Since 1970; NaN when the text was no time. */
  sec = Number.NaN
  nsec = 0
  #day = ""
  #daySec = 0
  readonly #dayBytes = new Uint8Array(10)

  /** Reads all of `bytes[start, end)`; false when it is no time. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.sec = Number.NaN
    this.nsec = 0
    const separator = bytes[start + 10]
    if (end - start < 19 || (separator !== 0x54 && separator !== 0x74 && separator !== 0x20)) return false
    const day = this.#readDay(bytes, start)
    const hour = pair(bytes, start + 11)
    const minute = pair(bytes, start + 14)
    const second = pair(bytes, start + 17)
    const isClock = bytes[start + 13] === 0x3a && bytes[start + 16] === 0x3a
    if (Number.isNaN(day) || !isClock || !(hour < 24 && minute < 60 && second < 61)) return false
    const at = this.#readFraction(bytes, start + 19, end)
    const offset = readOffset(bytes, at, end)
    if (Number.isNaN(offset)) return false
    this.sec = day + hour * 3600 + minute * 60 + second - offset
    return true
  }

  /** Most messages are of the day that the one before was of. */
  #readDay(bytes: Uint8Array, start: number): number {
    const known = this.#dayBytes
    let same = 0
    while (same < 10 && known[same] === bytes[start + same]) same++
    if (same === 10 && this.#day !== "") return this.#daySec
    const year = pair(bytes, start) * 100 + pair(bytes, start + 2)
    const month = pair(bytes, start + 5)
    const day = pair(bytes, start + 8)
    const isDate = bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d
    if (!isDate || !(year >= 1) || !(day >= 1 && day <= (MAX_DAYS[month - 1] ?? 0))) return Number.NaN
    for (let index = 0; index < 10; index++) known[index] = bytes[start + index] as number
    this.#day = "read"
    this.#daySec = daysBefore(year, month, day) * SECONDS_A_DAY
    return this.#daySec
  }

  #readFraction(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end || (bytes[start] !== 0x2e && bytes[start] !== 0x2c)) return start
    let at = start + 1
    let digits = 0
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30
      if (digit < 0 || digit > 9) break
      if (digits === NANO_DIGITS) continue
      this.nsec = this.nsec * 10 + digit
      digits++
    }
    for (; digits < NANO_DIGITS; digits++) this.nsec *= 10
    return at
  }
}

/** Two digits; NaN for anything else. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 0x30
  const ones = (bytes[at + 1] as number) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Days from 1970 to a date of the Gregorian calendar. */
function daysBefore(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const past = year - 1
  const days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const leap = isLeap && month > 2 ? 1 : 0
  return days + (BEFORE_MONTH[month - 1] as number) + leap + day - 1 - 719_162
}

/** Seconds east of UTC of what stands at the end; NaN when it is no offset. */
function readOffset(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  if (bytes[at] === 0x20 && at < end) at++
  if (at === end) return 0
  const sign = bytes[at]
  if (sign === 0x5a || sign === 0x7a) return at + 1 === end ? 0 : Number.NaN
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN
  const hours = at + 3 <= end ? pair(bytes, at + 1) : Number.NaN
  at += 3
  if (bytes[at] === 0x3a && at < end) at++
  const minutes = at === end ? 0 : at + 2 === end ? pair(bytes, at) : Number.NaN
  const seconds = hours * 3600 + minutes * 60
  return sign === 0x2d ? -seconds : seconds
}
