/** A second as ctime(3) prints it, in UTC: `Tue Nov 14 22:13:20 2023`. */
import type { GrowingBytes } from "../../../../base/growing-bytes.ts"
import { CalendarClock } from "../calendar-clock.ts"
import { put } from "./put-numbers.ts"

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const

export class CalendarTime {
  readonly #clock = new CalendarClock(calendarText)

  put(out: GrowingBytes, second: number): void {
    put(out, this.#clock.textOf(second))
  }
}

/** The number itself where no calendar reaches. */
function calendarText(second: number): string {
  const time = new Date(second * 1000)
  if (Number.isNaN(time.getTime())) return String(second)
  const clock = time.toISOString().slice(-13, -5)
  const day = String(time.getUTCDate()).padStart(2)
  return `${DAYS[time.getUTCDay()]} ${MONTHS[time.getUTCMonth()]} ${day} ${clock} ${time.getUTCFullYear()}`
}
