/** The time of an event on a tape, for the order of rotated files. */
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { msOf, readTime } from "./time-text.ts"

const SYSTEM_TIME = NAMES.intern("SystemTime")

/** Milliseconds since 1970; NaN when the event has none. */
export function timeOf(tape: EventTape): number {
  for (let at = 0; at < tape.count; at++) {
    if (tape.kind(at) !== TAPE.attribute || tape.name(at) !== SYSTEM_TIME) continue
    const time = readTime(tape.bytes.utf8Slice(tape.start(at), tape.end(at)))
    return time === null ? Number.NaN : msOf(time)
  }
  return Number.NaN
}
