/** Finds an event's fields by name, in one walk over its tape and without an allocation. */
import { type EventTape, TAPE } from "../../formats/windows/event-tape.ts"
import { NAMES } from "../../formats/windows/names.ts"

const DATA = NAMES.intern("Data")
const NAME = NAMES.intern("Name")
const SYSTEM = NAMES.intern("System")
const EVENT_DATA = NAMES.intern("EventData")
const USER_DATA = NAMES.intern("UserData")
const FIRST_NAMES = 1024
const MINUS = 0x2d

/** What `System` says, as numbers of slots. */
export const SYS = {
  provider: 0,
  guid: 1,
  eventId: 2,
  level: 3,
  task: 4,
  keywords: 5,
  time: 6,
  recordId: 7,
  processId: 8,
  channel: 9,
  computer: 10,
} as const

/** Slot by element and attribute ("" for the text). */
const SYSTEM_SLOTS: readonly (readonly [element: string, attribute: string, slot: number])[] = [
  ["Provider", "Name", SYS.provider],
  ["Provider", "Guid", SYS.guid],
  ["EventID", "", SYS.eventId],
  ["Level", "", SYS.level],
  ["Task", "", SYS.task],
  ["Keywords", "", SYS.keywords],
  ["TimeCreated", "SystemTime", SYS.time],
  ["EventRecordID", "", SYS.recordId],
  ["Execution", "ProcessID", SYS.processId],
  ["Channel", "", SYS.channel],
  ["Computer", "", SYS.computer],
]

export class EventFields {
  tape!: EventTape
  /** Number of the provider's name in `NAMES`, -1 when it has none. */
  provider = -1
  /** Of the text found last: `tape.bytes[from, to)`. */
  from = 0
  to = 0
  readonly #texts = new Map<number, number>()
  readonly #attributes = new Map<number, number>()
  readonly #system = new Int32Array(SYSTEM_SLOTS.length * 2)
  #starts = new Int32Array(FIRST_NAMES)
  #ends = new Int32Array(FIRST_NAMES)
  /** By number of a name: the event whose field it was last. */
  #events = new Float64Array(FIRST_NAMES)
  #event = 0

  constructor() {
    for (const [element, attribute, slot] of SYSTEM_SLOTS) {
      if (attribute === "") this.#texts.set(NAMES.intern(element), slot)
      else this.#attributes.set(pairOf(NAMES.intern(element), NAMES.intern(attribute)), slot)
    }
  }

  read(tape: EventTape): void {
    this.tape = tape
    this.#event++
    this.provider = -1
    this.#system.fill(0)
    let at = skipAttributes(tape, 1)
    while (at < tape.count && tape.kind(at) !== TAPE.close) {
      if (tape.kind(at) !== TAPE.open) {
        at++
        continue
      }
      const name = tape.name(at)
      if (name === SYSTEM) at = this.#readSystem(at)
      else if (name === EVENT_DATA) at = this.#readFields(at)
      else if (name === USER_DATA) at = this.#readLeaves(at)
      else at = tape.skip(at)
    }
  }

  /** Sets `from` and `to` to the text of a field; false when the event has none of that name. */
  find(name: number): boolean {
    if (this.#events[name] !== this.#event) return false
    this.from = this.#starts[name] as number
    this.to = this.#ends[name] as number
    return true
  }

  /** As `find`, and false for an empty text and for `-`, by which Windows says that there is nothing. */
  findValue(name: number): boolean {
    return this.find(name) && !this.#isNothing()
  }

  /** As `find`, for a slot of `SYS`; false for an empty text. */
  findSystem(slot: number): boolean {
    this.from = this.#system[slot * 2] as number
    this.to = this.#system[slot * 2 + 1] as number
    return this.to > this.from
  }

  #isNothing(): boolean {
    return this.to === this.from || (this.to === this.from + 1 && this.tape.bytes[this.from] === MINUS)
  }

  #readSystem(open: number): number {
    const { tape } = this
    let at = skipAttributes(tape, open + 1)
    while (at < tape.count && tape.kind(at) !== TAPE.close) {
      if (tape.kind(at) !== TAPE.open) {
        at++
        continue
      }
      const element = tape.name(at)
      for (at++; at < tape.count && tape.kind(at) === TAPE.attribute; at++) {
        const slot = this.#attributes.get(pairOf(element, tape.name(at)))
        if (slot === undefined) continue
        this.#setSystem(slot, tape.start(at), tape.end(at))
        if (slot === SYS.provider) this.provider = tape.valueName(at)
      }
      const slot = this.#texts.get(element)
      at = this.#readText(at)
      if (slot !== undefined) this.#setSystem(slot, this.from, this.to)
    }
    return at + 1
  }

  #setSystem(slot: number, start: number, end: number): void {
    this.#system[slot * 2] = start
    this.#system[slot * 2 + 1] = end
  }

  /** Data by their names, other elements by their tags; of a repeated name the last counts, as in `data`. */
  #readFields(open: number): number {
    const { tape } = this
    let at = skipAttributes(tape, open + 1)
    while (at < tape.count && tape.kind(at) !== TAPE.close) {
      if (tape.kind(at) !== TAPE.open) {
        at++
        continue
      }
      let name = tape.name(at) === DATA ? -1 : tape.name(at)
      for (at++; at < tape.count && tape.kind(at) === TAPE.attribute; at++) {
        if (tape.name(at) === NAME) name = tape.valueName(at)
      }
      at = this.#readText(at)
      if (name >= 0) this.#set(name)
    }
    return at + 1
  }

  /** Elements without elements, by their tags, at any depth; the first counts. */
  #readLeaves(open: number): number {
    const { tape } = this
    const end = tape.skip(open)
    for (let at = open + 1; at < end; at++) {
      if (tape.kind(at) !== TAPE.open) continue
      const name = tape.name(at)
      const content = skipAttributes(tape, at + 1)
      if (tape.kind(content) === TAPE.open) continue
      if (name >= 0 && this.#events[name] !== this.#event) {
        this.#readText(content)
        this.#set(name)
      }
    }
    return end
  }

  #set(name: number): void {
    if (name >= this.#starts.length) this.#grow(name)
    this.#events[name] = this.#event
    this.#starts[name] = this.from
    this.#ends[name] = this.to
  }

  /** Reads the text of the element whose content begins at `content`; returns the index behind the element. */
  #readText(content: number): number {
    const { tape } = this
    if (tape.kind(content) === TAPE.close) {
      this.from = this.to = 0
      return content + 1
    }
    this.from = tape.start(content)
    this.to = tape.end(content)
    const isWhole = tape.kind(content) === TAPE.text && tape.kind(content + 1) === TAPE.close
    return isWhole ? content + 2 : this.#joinText(content)
  }

  /** Pieces of one text are put together at the end of the tape's arena. */
  #joinText(content: number): number {
    const { tape } = this
    const start = tape.length
    let depth = 0
    let at = content
    for (; at < tape.count; at++) {
      const kind = tape.kind(at)
      if (kind === TAPE.open) depth++
      else if (kind === TAPE.close && --depth < 0) break
      else if (kind === TAPE.text && depth === 0) {
        tape.reserve(tape.end(at) - tape.start(at))
        tape.length += tape.bytes.copy(tape.bytes, tape.length, tape.start(at), tape.end(at))
      }
    }
    this.from = start
    this.to = tape.length
    return at + 1
  }

  #grow(name: number): void {
    const length = Math.max(name + 1, this.#starts.length * 2)
    const [starts, ends, events] = [new Int32Array(length), new Int32Array(length), new Float64Array(length)]
    starts.set(this.#starts)
    ends.set(this.#ends)
    events.set(this.#events)
    this.#starts = starts
    this.#ends = ends
    this.#events = events
  }
}

function skipAttributes(tape: EventTape, from: number): number {
  let at = from
  while (at < tape.count && tape.kind(at) === TAPE.attribute) at++
  return at
}

const pairOf = (element: number, attribute: number): number => element * 65_536 + attribute
