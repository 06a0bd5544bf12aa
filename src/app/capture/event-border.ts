/**
 * Finds places in a stream of audit messages where every event that has begun is complete.
 * Source of truth: kernel/auditsc.c audit_log_exit (SYSCALL first, EOE last), kernel/audit.c audit_log_start.
 */
const EOE = 1320
const SYSCALL = 1300
/** `audit(` and the time before the serial are never longer. */
const STAMP_BYTES = 40
/** Events whose EOE was lost must not be waited for: the oldest is forgotten beyond so many. */
const OPEN_EVENTS = 16
const OPENING = 6
const COLON = 0x3a
const DIGIT_0 = 0x30

/** `inside`: the message goes on with an event; `between`: with another one, but one is open; `border`: none is. */
export type Place = "inside" | "between" | "border"

export class EventBorder {
  #serial = -1
  readonly #open = new Set<number>()

  /** Takes the next message, `audit(SEC.MSEC:SERIAL): …` in `buffer[start, end)`, and tells the place before it. */
  take(type: number, buffer: Buffer, start: number, end: number): Place {
    const serial = readSerial(buffer, start, end)
    const place = serial === this.#serial ? "inside" : this.#open.size > 0 ? "between" : "border"
    this.#serial = serial
    if (type === EOE) this.#open.delete(serial)
    else if (type === SYSCALL) this.#begin(serial)
    return place
  }

  #begin(serial: number): void {
    this.#open.add(serial)
    if (this.#open.size <= OPEN_EVENTS) return
    const [oldest] = this.#open
    if (oldest !== undefined) this.#open.delete(oldest)
  }
}

/** -1 where no stamp is. */
function readSerial(buffer: Buffer, start: number, end: number): number {
  const last = Math.min(end, start + STAMP_BYTES)
  let at = start + OPENING
  while (at < last && buffer[at] !== COLON) at++
  let serial = -1
  for (at++; at < last; at++) {
    const digit = (buffer[at] as number) - DIGIT_0
    if (digit < 0 || digit > 9) break
    serial = Math.max(0, serial) * 10 + digit
  }
  return serial
}
