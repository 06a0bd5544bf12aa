/** The System fields of one event that reading itself needs: which event, when, where. Found in one walk of the tape. */
import { parseDecimal } from "../../base/digits.ts"
import { type EventTape, TAPE } from "./event-tape.ts"
import { NAMES } from "./names.ts"

const ROOT = NAMES.intern("Event")
const SYSTEM = NAMES.intern("System")
const EVENT_ID = NAMES.intern("EventID")
const RECORD_ID = NAMES.intern("EventRecordID")
const COMPUTER = NAMES.intern("Computer")
const TIME_CREATED = NAMES.intern("TimeCreated")
const SYSTEM_TIME = NAMES.intern("SystemTime")
const FIRST_DIGITS = "YYYY-MM-DDThh:mm:ss".length
const DAY_SECONDS = 86_400

export class SystemFields {
  /** NaN when there is none. */
  eventId = Number.NaN
  /** Items of the tape, -1 where there is none: digits, text, ISO time. */
  recordIdAt = -1
  computerAt = -1
  timeAt = -1
  /** Seconds since 1970, NaN without a time. */
  second = Number.NaN

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
      this.second = secondOf(tape.bytes, tape.start(at), tape.end(at))
      return
    }
  }
}

/** Unix second of `YYYY-MM-DDThh:mm:ss…`, which is UTC; NaN for anything else. */
export function secondOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < FIRST_DIGITS) return Number.NaN
  const year = parseDecimal(bytes, start, start + 4)
  const month = parseDecimal(bytes, start + 5, start + 7)
  const day = parseDecimal(bytes, start + 8, start + 10)
  const hour = parseDecimal(bytes, start + 11, start + 13)
  const minute = parseDecimal(bytes, start + 14, start + 16)
  const second = parseDecimal(bytes, start + 17, start + 19)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN
  return daysSince1970(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second
}

/** In the Gregorian calendar, for years from 1 on; counted from March, so that the leap day ends a year. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1
  const fromMarch = (month + 9) % 12
  const dayOfYear = Math.floor((153 * fromMarch + 2) / 5) + day - 1
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400)
  return shifted * 365 + leapDays + dayOfYear - 719_468
}
