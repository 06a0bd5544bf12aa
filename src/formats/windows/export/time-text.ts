/**
 * Times of exports in the form that Windows prints: `2021-03-16T14:12:43.1234567Z`.
 *
 *   2020-07-21 23:27:39.123 · 2020-07-21T23:27:39+02:00 · 7/21/2020 11:27:39 PM · /Date(1595366859123)/ · 1595366859.123
 *
 * Nothing goes through a floating point number; digits of the second are kept, and filled up to seven.
 * Source of truth: [MS-EVEN6] for Windows' form; ISO 8601; .NET's JavaScriptSerializer for `/Date(…)/`.
 */

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(?: ?(Z|UTC|GMT)|([+-])(\d\d):?(\d\d))?$/
const US_DATE =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4})[ ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(?: ?([AP])M)?$/i
const DOT_NET = /^\\?\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?\/$/
const EPOCH = /^(\d{1,11})(?:\.(\d{1,12}))?$/
const DIGITS = 7
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export interface ReadTime {
  /** Whole seconds since 1970, as if it were UTC when no zone is known. */
  readonly second: number
  /** Decimal digits of the second. */
  readonly fraction: string
  readonly hasZone: boolean
  /** The text is in Windows' form already. */
  readonly isWindowsForm: boolean
}

/** Reads a time in any of these forms; null when it is none. */
export function readTime(text: string): ReadTime | null {
  return readDate(text) ?? readUsDate(text) ?? readDotNet(text) ?? readEpoch(text)
}

/** The time in Windows' form. @param aheadMs of UTC, what a clock without a zone shows */
export function printTime(time: ReadTime, aheadMs: number): string {
  const second = time.hasZone ? time.second : time.second - Math.round(aheadMs / 1000)
  return `${isoSecond(second)}.${time.fraction.padEnd(DIGITS, "0")}Z`
}

/** Milliseconds since 1970. */
export function msOf({ second, fraction }: ReadTime): number {
  return second * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"))
}

function readDate(text: string): ReadTime | null {
  const match = DATE.exec(text)
  if (match === null) return null
  const [
    ,
    year,
    month,
    day,
    separator,
    hour,
    minute,
    second = "00",
    fraction = "",
    zone,
    sign,
    zoneHours,
    zoneMinutes,
  ] = match
  const ms = utcMs([year, month, day, hour, minute, second].map(Number))
  if (Number.isNaN(ms)) return null
  const ahead = sign === undefined ? 0 : Number(zoneHours) * HOUR_MS + Number(zoneMinutes) * MINUTE_MS
  return {
    second: (ms - (sign === "-" ? -ahead : ahead)) / 1000,
    fraction,
    hasZone: zone !== undefined || sign !== undefined,
    isWindowsForm: separator === "T" && zone === "Z" && match[7] !== undefined,
  }
}

function readUsDate(text: string): ReadTime | null {
  const match = US_DATE.exec(text)
  if (match === null) return null
  const [, month, day, year, clock, minute, second = "0", fraction = "", half] = match
  const hour =
    half === undefined ? Number(clock) : (Number(clock) % 12) + (half.toUpperCase() === "P" ? 12 : 0)
  const ms = utcMs([Number(year), Number(month), Number(day), hour, Number(minute), Number(second)])
  return Number.isNaN(ms) ? null : { second: ms / 1000, fraction, hasZone: false, isWindowsForm: false }
}

function readDotNet(text: string): ReadTime | null {
  const match = DOT_NET.exec(text)
  if (match === null) return null
  const ms = Number(match[1])
  const second = Math.floor(ms / 1000)
  const fraction = String(ms - second * 1000).padStart(3, "0")
  return { second, fraction, hasZone: true, isWindowsForm: false }
}

function readEpoch(text: string): ReadTime | null {
  const match = EPOCH.exec(text)
  if (match === null) return null
  return { second: Number(match[1]), fraction: match[2] ?? "", hasZone: true, isWindowsForm: false }
}

/** Milliseconds of year, month, day, hour, minute, second; NaN for a date that there is not. */
function utcMs([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): number {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return Number.NaN
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, 0)
  return day > 28 && date.getUTCDate() !== day && second < 60 ? Number.NaN : date.getTime()
}

function isoSecond(second: number): string {
  const date = new Date(second * 1000)
  const isUsual = date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999
  return isUsual ? date.toISOString().slice(0, 19) : "1601-01-01T00:00:00"
}
