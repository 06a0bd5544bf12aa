/** The System fields of one event that reading itself needs: which event, when, where. */
import { parseDecimal } from "../../base/digits.ts"
import { type EventTape, TAPE } from "./event-tape.ts"
import { EventTime } from "./event-time.ts"
import { NAMES } from "./names.ts"
import { type Shape, ShapeCache } from "./shape.ts"

const ROOT = NAMES.intern("Event")
const SYSTEM = NAMES.intern("System")
const EVENT_ID = NAMES.intern("EventID")
const RECORD_ID = NAMES.intern("EventRecordID")
const COMPUTER = NAMES.intern("Computer")
const TIME_CREATED = NAMES.intern("TimeCreated")
const SYSTEM_TIME = NAMES.intern("SystemTime")

/** Items of the tape, -1 where there is none. */
interface Places {
  readonly eventIdAt: number
  readonly recordIdAt: number
  readonly computerAt: number
  readonly timeAt: number
}

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
  readonly #places = new ShapeCache<Places>()

  /** @param shape of the tape, where it is known: the places are then looked for once */
  read(tape: EventTape, shape: Shape | null): void {
    const places = this.#places.get(shape) ?? this.#find(tape, shape)
    this.recordIdAt = places.recordIdAt
    this.computerAt = places.computerAt
    this.timeAt = places.timeAt
    const { eventIdAt, timeAt } = places
    this.eventId =
      eventIdAt < 0 ? Number.NaN : parseDecimal(tape.bytes, tape.start(eventIdAt), tape.end(eventIdAt))
    this.second = Number.NaN
    this.nsec = 0
    if (timeAt < 0) return
    this.#time.read(tape.bytes, tape.start(timeAt), tape.end(timeAt))
    this.second = this.#time.sec
    this.nsec = this.#time.nsec
  }

  #find(tape: EventTape, shape: Shape | null): Places {
    const places = findPlaces(tape)
    this.#places.set(shape, places)
    return places
  }
}

function findPlaces(tape: EventTape): Places {
  const places = { eventIdAt: -1, recordIdAt: -1, computerAt: -1, timeAt: -1 }
  let at = 0
  while (at < tape.count && !(tape.kind(at) === TAPE.open && tape.name(at) === SYSTEM)) {
    at = tape.kind(at) === TAPE.open && tape.name(at) !== ROOT ? tape.skip(at) : at + 1
  }
  const end = at < tape.count ? tape.skip(at) : at
  for (let next = at + 1; next < end; next++) {
    if (tape.kind(next) !== TAPE.open) continue
    const name = tape.name(next)
    if (name === TIME_CREATED) places.timeAt = attributeAt(tape, next + 1, SYSTEM_TIME, places.timeAt)
    else if (name === EVENT_ID) places.eventIdAt = textAt(tape, next + 1, places.eventIdAt)
    else if (name === RECORD_ID) places.recordIdAt = textAt(tape, next + 1, places.recordIdAt)
    else if (name === COMPUTER) places.computerAt = textAt(tape, next + 1, places.computerAt)
  }
  return places
}

/** The text that the element begins with; `before` when it has none. */
function textAt(tape: EventTape, from: number, before: number): number {
  let at = from
  while (at < tape.count && tape.kind(at) === TAPE.attribute) at++
  return at < tape.count && tape.kind(at) === TAPE.text ? at : before
}

function attributeAt(tape: EventTape, from: number, name: number, before: number): number {
  for (let at = from; at < tape.count && tape.kind(at) === TAPE.attribute; at++) {
    if (tape.name(at) === name) return at
  }
  return before
}
