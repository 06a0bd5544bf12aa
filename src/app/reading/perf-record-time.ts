/** The moment of a sample in its record: a second as text, where there is one. */
import { CLOCK, type Clock } from "../../formats/perf/sample.ts"

/** The last second that a date of JavaScript can hold. */
const LAST_SECOND = 8_640_000_000_000

/** Whether the moment is Unix time that can be written. */
export function isDated(clock: Clock, second: number): boolean {
  return (clock === CLOCK.unix || clock === CLOCK.estimated) && Math.abs(second) <= LAST_SECOND
}

/** `2026-01-02T03:04:05` */
export function secondText(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, -5)
}
