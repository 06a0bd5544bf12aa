/** The System fields of one event that reading itself needs: which event, when, where. Found in one walk of the tape. */
import { parseDecimal } from "../../base/digits.ts"
import { type EventTape, TAPE } from "./event-tape.ts"
import { EventTime } from "./event-time.ts"
import { NAMES } from "./names.ts"

const ROOT = NAMES.intern("Event")
const SYSTEM = NAMES.intern("System")
const EVENT_ID = NAMES.intern("EventID")
const RECORD_ID = NAMES.intern("EventRecordID")
const COMPUTER = NAMES.intern("Computer")
const TIME_CREATED = NAMES.intern("TimeCreated")
const SYSTEM_TIME = NAMES.intern("SystemTime")

export class SystemFields {
  /** NaN when there is none. */
  eventId = Number.NaN
  /** Items of the tape, -1 where there is none: digits, text, ISO time. */
  recordIdAt = -1
  computerAt = -1
  timeAt = -1
  /** Seconds since 1970, NaN without a time, and the nanoseconds of the second. */
  second = Number.NaN
  nsec = 0
  readonly #time = new EventTime()

  read(tape: EventTape): void {
    this.eventId = this.second = Number.NaN
    this.recordIdAt = this.computerAt = this.timeAt = -1
    let at = 0
    while (at < tape.count && !(tape.kind(at) === TAPE.open && tape.name(at) === SYSTEM)) {
      at = tape.kind(at) === TAPE.open && tape.name(at) !== ROOT ? tape.skip(at) : at + 1
    }
    const end = at < tape.count ? tape.skip(at) : at
    for (let next = at + 1; next < end; next++) {
      if (tape.kind(next) !== TAPE.open) continue
      const name = tape.name(next)
      if (name === TIME_CREATED) this.#readTime(tape, next + 1)
      else if (name === EVENT_ID || name === RECORD_ID || name === COMPUTER)
        this.#readText(tape, name, next + 1)
    }
  }

  #readText(tape: EventTape, name: number, from: number): void {
    let at = from
    while (at < tape.count && tape.kind(at) === TAPE.attribute) at++
    if (at >= tape.count || tape.kind(at) !== TAPE.text) return
    if (name === EVENT_ID) this.eventId = parseDecimal(tape.bytes, tape.start(at), tape.end(at))
    else if (name === RECORD_ID) this.recordIdAt = at
    else this.computerAt = at
  }

  #readTime(tape: EventTape, from: number): void {
    for (let at = from; at < tape.count && tape.kind(at) === TAPE.attribute; at++) {
      if (tape.name(at) !== SYSTEM_TIME) continue
      this.timeAt = at
      this.#time.read(tape.bytes, tape.start(at), tape.end(at))
      this.second = this.#time.sec
      this.nsec = this.#time.nsec
      return
    }
  }
}
