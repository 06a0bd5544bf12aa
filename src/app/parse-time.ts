/**
 * Times as people give them on the command line: ISO 8601, `@epoch`, `-24h`, and ausearch's words and forms.
 * Without a zone a time is UTC. Source of truth for the words: ausearch(8) --start.
 */
import { UsageError } from "./errors.ts"

const DAY = 86_400
const UNITS = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", DAY],
  ["w", 7 * DAY],
])
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/
const RELATIVE = /^[-+](\d+)([smhdw])$/

/**
 * Unix seconds.
 * @param nowMs the present, ms since 1970
 * @throws UsageError when the text is no time
 */
export function parseTime(text: string, flag: string, nowMs: number): number {
  const now = Math.floor(nowMs / 1000)
  const word = parseWord(text, now)
  if (word !== undefined) return word
  if (/^@-?\d+(\.\d+)?$/.test(text)) return Number(text.slice(1))
  const relative = RELATIVE.exec(text)
  if (relative !== null) {
    const seconds = Number(relative[1]) * (UNITS.get(relative[2] ?? "") ?? 1)
    return text.startsWith("-") ? now - seconds : now + seconds
  }
  if (ISO.test(text)) {
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))
      ? text
      : `${text.length === 10 ? `${text}T00:00` : text}Z`
    const ms = Date.parse(zoned.replace(" ", "T").replace(/([+-]\d{2})(\d{2})$/, "$1:$2"))
    if (!Number.isNaN(ms)) return ms / 1000
  }
  throw new UsageError(
    `${flag}: ${text} is no time`,
    "Give 2026-03-09T22:40Z, 2026-03-09, @1773095400, -24h, today, yesterday, this-week, this-month or this-year.",
  )
}

function parseWord(text: string, now: number): number | undefined {
  const today = now - (now % DAY)
  const date = new Date(now * 1000)
  switch (text) {
    case "now":
      return now
    case "recent":
      return now - 600
    case "this-hour":
      return now - (now % 3600)
    case "today":
      return today
    case "yesterday":
      return today - DAY
    case "week-ago":
      return today - 7 * DAY
    case "this-week":
      return today - date.getUTCDay() * DAY
    case "this-month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / 1000
    case "this-year":
      return Date.UTC(date.getUTCFullYear()) / 1000
    default:
      return undefined
  }
}
