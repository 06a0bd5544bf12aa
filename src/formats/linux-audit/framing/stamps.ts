/**
 * The time stamps that journalctl and syslog daemons put at the start of a line.
 *
 *   Nov 21 22:14:34[.990908]              short, short-precise (RFC 3164: no year, no zone)
 *   2026-11-21T22:14:34[.990908]+0000     short-iso, short-iso-precise
 *   Sat 2026-11-21 22:14:34[.990908] UTC  short-full, with-unit, verbose
 *   1795299274.990908                     short-unix
 *   [ 1921.152224]                        short-monotonic, short-delta
 *
 * Source of truth: systemd src/shared/logs-show.c output_timestamp_*, journalctl(1).
 */

/** No stamp is longer. */
const STAMP_BYTES = 80
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
const DAY_MS = 86_400_000

const RFC3164 = /^([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? /
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)? /
const FULL =
  /^[A-Z][a-z]{2} (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ([A-Z]{1,6}|[+-]\d\d(?::?\d\d)?) /
const UNIX = /^(\d{1,12})\.(\d{6}) /
const MONOTONIC = /^\[ *\d+\.\d{6}(?: *<[^\]]{0,30}>)?\] /

export type StampForm = "rfc3164" | "iso" | "full" | "unix" | "monotonic"

/** Reads one stamp after the other; the last one read is remembered, neighbours mostly share it. */
export class StampReader {
  /** Unix seconds; NaN when the stamp does not tell (no year known, an unknown zone, monotonic). */
  sec = Number.NaN
  nsec = 0
  form: StampForm = "rfc3164"
  /** Index of the first byte after the stamp and its blank. */
  end = 0
  /** Abbreviation of a zone that is not UTC and whose offset only the host knows, else ''. */
  unknownZone = ""
  readonly #modifiedMs: number
  #text = ""

  /** @param modifiedMs of the file, NaN when unknown: gives the year that RFC 3164 lacks */
  constructor(modifiedMs: number) {
    this.#modifiedMs = modifiedMs
  }

  /** Fills sec, nsec, form and end from the stamp at `start`; false when there is none. */
  read(buffer: Buffer, start: number, end: number): boolean {
    const text = buffer.latin1Slice(start, Math.min(end, start + STAMP_BYTES))
    const known = this.#text
    if (known === "" || !text.startsWith(known)) {
      const length = this.#parse(text)
      this.#text = text.slice(0, length)
      if (length === 0) return false
    }
    this.end = start + this.#text.length
    return true
  }

  #parse(text: string): number {
    this.sec = Number.NaN
    this.nsec = 0
    this.unknownZone = ""
    const first = text.charCodeAt(0)
    if (first === 0x5b) return this.#match("monotonic", MONOTONIC.exec(text))
    if (first >= 0x30 && first <= 0x39) {
      const unix = UNIX.exec(text)
      if (unix === null) return this.#match("iso", ISO.exec(text))
      this.sec = Number(unix[1])
      this.nsec = nanoseconds(unix[2])
      return this.#match("unix", unix)
    }
    return this.#match("rfc3164", RFC3164.exec(text)) || this.#match("full", FULL.exec(text))
  }

  #match(form: StampForm, match: RegExpExecArray | null): number {
    if (match === null) return 0
    this.form = form
    if (form === "rfc3164" && !this.#takeRfc3164(match)) return 0
    if (form === "iso" || form === "full") this.#takeDated(match)
    return match[0].length
  }

  #takeRfc3164(match: RegExpExecArray): boolean {
    const month = MONTHS.indexOf(match[1] as string) / 3
    if (!Number.isInteger(month) || month < 0) return false
    const [day, hour, minute, second] = [match[2], match[4], match[5], match[6]].map(Number) as [
      number,
      number,
      number,
      number,
    ]
    this.nsec = nanoseconds(match[7])
    const year = match[3] === undefined ? yearOf(this.#modifiedMs, month, day) : Number(match[3])
    this.sec = Date.UTC(year, month, day, hour, minute, second) / 1000
    return true
  }

  #takeDated(match: RegExpExecArray): void {
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    this.nsec = nanoseconds(match[7])
    const zoneSeconds = zoneOffset(match[8] ?? "Z")
    if (Number.isNaN(zoneSeconds)) this.unknownZone = match[8] as string
    this.sec = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - zoneSeconds
  }
}

/** Latest year in which the day does not lie more than a day after the file's modification; NaN when unknown. */
function yearOf(modifiedMs: number, month: number, day: number): number {
  if (Number.isNaN(modifiedMs)) return Number.NaN
  const latest = modifiedMs + DAY_MS
  let year = new Date(latest).getUTCFullYear()
  // 29 February: at most eight years back (1896 to 1904) lies a year that has it.
  for (let tried = 0; tried < 9; tried++, year--) {
    const time = Date.UTC(year, month, day)
    if (time <= latest && new Date(time).getUTCDate() === day) return year
  }
  return Number.NaN
}

function nanoseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(9, "0"))
}

/** Seconds east of UTC; NaN for an abbreviation other than UTC's. */
function zoneOffset(zone: string): number {
  if (zone === "UTC" || zone === "GMT" || zone === "Z") return 0
  const sign = zone.startsWith("-") ? -1 : 1
  const digits = zone.replace(/[+:-]/g, "")
  if (!/^\d{2}(?:\d\d)?$/.test(digits)) return Number.NaN
  return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2) || "0") * 60)
}
