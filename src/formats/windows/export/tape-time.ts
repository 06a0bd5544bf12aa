/** The time of an event on a tape, for the order of rotated files. */
import type { EventTape } from "../event-tape.ts"
import { SystemFields } from "../system-fields.ts"

const SYSTEM = new SystemFields()

/** Milliseconds since 1970; NaN when the event has none. */
export function timeOf(tape: EventTape): number {
  SYSTEM.read(tape, null)
  return SYSTEM.second * 1000 + Math.floor(SYSTEM.nsec / 1e6)
}
