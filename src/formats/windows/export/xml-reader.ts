/**
 * Finds the events in XML text: with a root around them or back to back, with what evtx_dump, evtxexport, the old event
 * viewer or a syslog put between them. After damage it goes on at the next event.
 *
 *   Record 12 / <?xml version="1.0" encoding="utf-8"?> / <Event xmlns="…"><System>…</System>…</Event>
 *
 * Source of truth: output of wevtutil, Event Viewer, evtx_dump 0.12, evtxexport 20181227 and python-evtx.
 */
import { LIMITS } from "../../../base/limits.ts"
import { type EventPlace, EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { dialectOf, translate } from "./dialect.ts"
import type { NameLookup } from "./name-lookup.ts"
import { StretchReader } from "./stretch-reader.ts"
import type { TextWindow } from "./text-window.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"
import { isSpace } from "./xml-names.ts"
import { type ScanResult, XmlScanner } from "./xml-scanner.ts"

const SYSTEM = NAMES.intern("System")
const OPENING = "<Event"
const CLOSING = "</Event>"
const GT = 0x3e
const SLASH = 0x2f
/** Between two events nothing that matters is longer. */
const STRETCH_BYTES = 4096
/** So often an end is tried for events that do not end there; more would make hostile text cost its square. */
const TRIES = 16
/** An event's start tag is shorter: its only attribute is a namespace. */
const TAG_BYTES = 1024
const NO_SYSTEM = "an element named Event without a System section: it is no Windows event"
const MAX_BYTES = LIMITS.lineBytes.value

export class XmlReader implements UnitReader {
  readonly #sink: RecordSink
  readonly #scanner: XmlScanner
  readonly #tape = new EventTape()
  readonly #translated = new EventTape()
  readonly #stretch: StretchReader
  readonly #place: EventPlace = { offset: 0, length: 0, headerId: Number.NaN, recovered: "" }
  #consumedTo = 0
  /** An event begins at `window.at`. */
  #isInside = false
  /** Position in the text before which no end of an event stands that has not been tried. */
  #soughtTo = 0
  /** Ends tried since the last event that was read. */
  #tries = 0

  constructor(sink: RecordSink, names: NameLookup) {
    this.#sink = sink
    this.#scanner = new XmlScanner(names, this.#tape)
    this.#stretch = new StretchReader(sink)
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  /** Texts that were not UTF-8. */
  get strayTexts(): number {
    return this.#scanner.strayTexts
  }

  run(window: TextWindow): void {
    let goesOn = true
    while (goesOn) goesOn = this.#isInside ? this.#findEnd(window) : this.#findStart(window)
    this.#consumedTo = window.offsetOf(window.at)
  }

  save(): string {
    return this.#stretch.save()
  }

  restore(state: string): void {
    this.#stretch.restore(state)
  }

  /** Moves to the next `<Event>`; false when more text is needed. */
  #findStart(window: TextWindow): boolean {
    const start = eventStart(window.bytes, window.at, window.end)
    if (start >= 0) {
      this.#stretch.read(window, start)
      this.#isInside = true
      return true
    }
    const isLong = window.end - window.at > STRETCH_BYTES
    if (window.isLast) this.#stretch.read(window, window.end)
    else if (isLong) this.#stretch.read(window, stretchEnd(window))
    return false
  }

  /** Reads the event at `window.at`; false when more text is needed. */
  #findEnd(window: TextWindow): boolean {
    const { bytes, at, end, base } = window
    const found = bytes.indexOf(CLOSING, Math.max(at, this.#soughtTo - base), "latin1")
    const close = found < 0 || found + CLOSING.length > end ? -1 : found + CLOSING.length
    if (close < 0) {
      this.#soughtTo = base + Math.max(at, end - CLOSING.length)
      if (!window.isLast && end - at <= MAX_BYTES) return false
      this.#giveUp(window, end, window.isLast ? "is cut off" : `is longer than ${MAX_BYTES} bytes`)
      return true
    }
    this.#tape.reset()
    const result = this.#scanner.scan(bytes, at, close, this.#tape)
    if (result === "end") this.#hand(window, this.#scanner.at)
    else this.#retry(window, close, result)
    return true
  }

  /** The event does not end at `close`: it is damaged, or holds text or an element that looks like its end. */
  #retry(window: TextWindow, close: number, result: ScanResult): void {
    const isTorn = nestedStart(window.bytes, window.at + 1, close) >= 0
    if (++this.#tries < TRIES && result === "cut" && !isTorn) this.#soughtTo = window.base + close
    else this.#giveUp(window, close, result === "cut" ? "is cut off" : "is damaged")
  }

  #hand(window: TextWindow, end: number): void {
    const place = this.#place
    place.offset = window.offsetOf(window.at)
    place.length = window.offsetOf(end) - place.offset
    place.headerId = this.#stretch.takeHeaderId()
    window.at = end
    this.#isInside = false
    this.#tries = 0
    if (hasSystem(this.#tape)) this.#emit(place)
    else
      this.#sink.lost({
        code: "windows-export/not-an-event",
        severity: "error",
        ...placeOf(place),
        message: NO_SYSTEM,
      })
  }

  #emit(place: EventPlace): void {
    const dialect = dialectOf(this.#tape, this.#stretch.isPadded)
    if (dialect !== null) translate(this.#tape, this.#translated, dialect)
    this.#sink.event(dialect === null ? this.#tape : this.#translated, place)
  }

  /** Passes over the event at `window.at`, to the next one before `limit` or to there. */
  #giveUp(window: TextWindow, limit: number, what: string): void {
    const offset = window.offsetOf(window.at)
    const find = this.#tries < TRIES ? nestedStart : lastNestedStart
    const next = find(window.bytes, window.at + 1, limit)
    window.at = next < 0 ? limit : next
    this.#stretch.takeHeaderId()
    this.#isInside = false
    if (next < 0) this.#tries = 0
    const length = window.offsetOf(window.at) - offset
    const code = what.startsWith("is longer") ? "windows-export/record-too-long" : "windows-export/bad-xml"
    const message = `an event ${what}; ${length} bytes were passed over`
    this.#sink.lost({ code, severity: "error", offset, length, message })
  }
}

function placeOf({ offset, length }: EventPlace): { offset: number; length: number } {
  return { offset, length }
}

/** Index of the next `<Event` that is a whole name, or -1. */
export function eventStart(bytes: Buffer, from: number, end: number): number {
  for (
    let at = bytes.indexOf(OPENING, from, "latin1");
    at >= 0;
    at = bytes.indexOf(OPENING, at + 1, "latin1")
  ) {
    if (at + OPENING.length >= end) return -1
    const next = bytes[at + OPENING.length] as number
    if (next === GT || next === SLASH || isSpace(next)) return at
  }
  return -1
}

/** Index of the next `<Event` whose first child is `System`, so that it begins an event of its own, or -1. */
function nestedStart(bytes: Buffer, from: number, end: number): number {
  for (let at = eventStart(bytes, from, end); at >= 0; at = eventStart(bytes, at + 1, end))
    if (isNestedStart(bytes, at, end)) return at
  return -1
}

function lastNestedStart(bytes: Buffer, from: number, end: number): number {
  for (let at = bytes.lastIndexOf(OPENING, end - 1, "latin1"); at >= from; ) {
    if (isNestedStart(bytes, at, end)) return at
    at = at === 0 ? -1 : bytes.lastIndexOf(OPENING, at - 1, "latin1")
  }
  return -1
}

function isNestedStart(bytes: Buffer, at: number, end: number): boolean {
  const text = bytes.latin1Slice(at, Math.min(end, at + TAG_BYTES))
  return /^<Event(?:\s[^<>]*)?>[\s\xa0\xc2-]*<System[\s>]/.test(text)
}

/** Where a long stretch without an event may be cut: before what could become its beginning. */
function stretchEnd(window: TextWindow): number {
  const from = window.end - OPENING.length
  const found = window.bytes.indexOf("<", from, "latin1")
  return found < 0 || found >= window.end ? window.end : found
}

function hasSystem(tape: EventTape): boolean {
  for (let at = 1; at < tape.count; at++) {
    if (tape.kind(at) !== TAPE.open) continue
    if (tape.name(at) === SYSTEM) return true
    at = tape.skip(at) - 1
  }
  return false
}
