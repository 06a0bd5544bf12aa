/** Durations on the command line: `30s`, `500ms`, `2m`, `1h`; a bare number is seconds, 0 is no limit. */
import { UsageError } from "../errors.ts"

const MS_OF_UNIT = new Map([
  ["ms", 1],
  ["", 1000],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
])
const MS_OF_DAY = 86_400_000
/** The longest delay a timer can have. */
const LONGEST_MS = 2 ** 31 - 1

/** Milliseconds; Infinity for 0. `flag` is named in the error. */
export function parseDuration(text: string, flag: string): number {
  const ms = readMs(text)
  if (Number.isNaN(ms) || ms > LONGEST_MS) {
    throw new UsageError(`${flag} ${text} is no duration`, "Write 500ms, 30s, 2m or 1h; 0 for no limit.")
  }
  return ms === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(ms))
}

/** Full seconds, at least one; days too. `flag` is named in the error. */
export function parseAge(text: string, flag: string): number {
  const days = /^(\d{1,6})d$/.exec(text.trim())?.[1]
  const seconds = Math.floor((days === undefined ? readMs(text) : Number(days) * MS_OF_DAY) / 1000)
  if (seconds >= 1 && Number.isSafeInteger(seconds)) return seconds
  throw new UsageError(`${flag} ${text} is no age`, "Write 90s, 30m, 12h or 7d, one second at least.")
}

/** NaN for what is no duration. */
function readMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim())
  return Number(match?.[1]) * (MS_OF_UNIT.get(match?.[2] ?? "") ?? Number.NaN)
}

/** `30 s`, `500 ms`, `2 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000 || ms % 60_000 !== 0) return `${ms / 1000} s`
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 60_000} min`
}
