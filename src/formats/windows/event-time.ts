/**
 * Times of events, exact to the nanosecond without bigint.
 *
 *   2024-01-02T03:04:05.1234567Z     2013-10-23 16:22:39.973499     2020-03-03T03:11:06.252766100+00:00
 *
 * What has no zone is UTC: every writer of event logs means it so.
 */
export class EventTime {
  /** Seconds since 1970; NaN when there is no time. */
  sec = Number.NaN
  nsec = 0

  /** Reads `bytes[start, end)`; false when that is no time. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.sec = Number.NaN
    this.nsec = 0
    const year = digits(bytes, start, end, 4)
    const month = digits(bytes, start + 5, end, 2)
    const day = digits(bytes, start + 8, end, 2)
    const hour = digits(bytes, start + 11, end, 2)
    const minute = digits(bytes, start + 14, end, 2)
    const second = digits(bytes, start + 17, end, 2)
    if (!isTime(month, day, hour, minute, second) || !hasMarks(bytes, start)) return false
    if (Number.isNaN(year)) return false
    let at = start + 19
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) at = this.#readFraction(bytes, at + 1, end)
    const offset = zoneSeconds(bytes, at, end)
    if (Number.isNaN(offset)) return false
    this.sec = daysOf(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return true
  }

  #readFraction(bytes: Uint8Array, from: number, end: number): number {
    let at = from
    let unit = 1e8
    let nsec = 0
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30
      if (digit < 0 || digit > 9) break
      nsec += digit * unit
      unit = Math.floor(unit / 10)
    }
    this.nsec = nsec
    return at
  }
}

/** NaN unless exactly so many digits stand there. */
function digits(bytes: Uint8Array, start: number, end: number, count: number): number {
  if (start + count > end) return Number.NaN
  let value = 0
  for (let at = start; at < start + count; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function isTime(month: number, day: number, hour: number, minute: number, second: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60
}

function hasMarks(bytes: Uint8Array, start: number): boolean {
  const between = bytes[start + 10]
  const isDate = bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d
  return (
    isDate &&
    (between === 0x54 || between === 0x20) &&
    bytes[start + 13] === 0x3a &&
    bytes[start + 16] === 0x3a
  )
}

/** Seconds that the zone is ahead of UTC; NaN for what is no zone. */
function zoneSeconds(bytes: Uint8Array, at: number, end: number): number {
  if (at === end || (bytes[at] === 0x5a && at + 1 === end)) return 0
  const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : Number.NaN
  const minutes = digits(bytes, bytes[at + 3] === 0x3a ? at + 4 : at + 3, end, 2)
  return sign * (digits(bytes, at + 1, end, 2) * 3600 + minutes * 60)
}

/** Days since 1970-01-01 of a date in the Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}
