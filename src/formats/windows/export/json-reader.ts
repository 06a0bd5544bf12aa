/**
 * Finds the events in JSON text: one object a line, objects back to back, lists, wrapped in other objects, pretty printed
 * with `Record 12` between them. After damage it goes on at the next object that is an event.
 * Source of truth: RFC 8259, RFC 7464; the writers named in `shapes.ts`.
 */
import { LIMITS } from "../../../base/limits.ts"
import { findRecords } from "./find-records.ts"
import { isBetweenValues, JsonTree } from "./json-tree.ts"
import type { NameLookup } from "./name-lookup.ts"
import { RecordEmitter } from "./record-emitter.ts"
import type { TextWindow } from "./text-window.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"

const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const LF = 0x0a
const LETTER_R = 0x52
const MAX_BYTES = LIMITS.lineBytes.value
/** An object that was not whole is tried again when the text has grown by a half: all tries cost thrice its length. */
const GROWTH = 1.5
const RECORD_LINE = /^Record (\d{1,15})[ \t\r]*$/
const RECORD_BYTES = 40

export class JsonReader implements UnitReader {
  readonly #sink: RecordSink
  readonly #tree: JsonTree
  readonly #emitter: RecordEmitter
  #consumedTo = 0
  /** Source offset where a damaged stretch begins that was not reported yet, or -1. */
  #damagedFrom = -1
  #damage = ""
  /** Source offset of the brace that is being tried within damage. */
  #candidate = -1
  /** The object at `window.at` is not tried before the text reaches this position. */
  #wantedTo = 0

  constructor(sink: RecordSink, names: NameLookup) {
    this.#sink = sink
    this.#tree = new JsonTree(names)
    this.#emitter = new RecordEmitter(sink, this.#tree, names)
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  get strayTexts(): number {
    return this.#tree.strayTexts
  }

  run(window: TextWindow): void {
    let goesOn = true
    while (goesOn && window.at < window.end) goesOn = this.#step(window)
    if (window.isLast) {
      this.#emitter.end()
      this.#reportDamage(window.offsetOf(window.end))
    }
    const held = this.#emitter.heldFrom
    this.#consumedTo =
      held >= 0 ? held : this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  save(): string {
    return this.#emitter.save()
  }

  restore(state: string): void {
    this.#emitter.restore(state)
  }

  /** One object, or what stands before it; false when more text is needed. */
  #step(window: TextWindow): boolean {
    const { bytes, end } = window
    if (this.#damagedFrom >= 0) {
      // What made a brace fresh is not looked at again while its object waits for more text.
      if (window.offsetOf(window.at) === this.#candidate) return this.#object(window)
      const next = nextFresh(bytes, window.at, end)
      // A line break behind which nothing stands yet stays, so that what follows is seen to be fresh.
      if (next < 0) window.at = window.isLast ? end : lastBreak(bytes, window.at, end)
      else window.at = next
      if (next < 0) return false
      this.#candidate = window.offsetOf(next)
      return this.#object(window)
    }
    while (window.at < end && isBetweenValues(bytes[window.at] as number)) window.at++
    if (window.at === end) return false
    if (bytes[window.at] === OPEN_BRACE) return this.#object(window)
    return this.#otherText(window)
  }

  /** The object at `window.at`. */
  #object(window: TextWindow): boolean {
    const { bytes, at, end, base } = window
    if (!window.isLast && base + end < this.#wantedTo) return false
    const result = this.#tree.parse(bytes, at, end)
    if (result === "more" && !window.isLast && end - at <= MAX_BYTES) {
      this.#wantedTo = base + at + Math.ceil((end - at) * GROWTH)
      return false
    }
    this.#wantedTo = 0
    if (result === "end" && this.#tree.at - at <= MAX_BYTES) this.#record(window)
    else if (result === "damaged") this.#noteDamage(window, "an object that is no JSON")
    else
      this.#noteDamage(
        window,
        end - at > MAX_BYTES ? `an object longer than ${MAX_BYTES} bytes` : "an object that is cut off",
      )
    return true
  }

  #record(window: TextWindow): void {
    const start = window.at
    const offset = window.offsetOf(start)
    const end = this.#tree.at
    // Within damage any object may be a piece of an event; only a whole one ends it.
    if (this.#damagedFrom >= 0 && !holdsRecord(this.#tree)) {
      window.at = start + 1
      return
    }
    this.#reportDamage(offset)
    const count = this.#emitter.emit(window, start, end)
    window.at = end
    if (count > 0) return
    const length = window.offsetOf(end) - offset
    const message = "a JSON object that is no Windows event of a known shape"
    this.#sink.lost({ code: "windows-export/not-an-event", severity: "error", offset, length, message })
  }

  /** A line that is no object: evtx_dump's record number, or damage. */
  #otherText(window: TextWindow): boolean {
    const { bytes, at, end } = window
    const found = bytes[at] === LETTER_R ? bytes.indexOf(LF, at) : -1
    const lineEnd = found < 0 || found >= end ? end : found
    const isWhole = lineEnd < end || window.isLast || end - at > RECORD_BYTES
    if (bytes[at] === LETTER_R && !isWhole) return false
    const match = lineEnd - at > RECORD_BYTES ? null : RECORD_LINE.exec(bytes.latin1Slice(at, lineEnd))
    if (match === null) this.#noteDamage(window, "text outside of any object")
    else {
      this.#emitter.headerId = Number(match[1])
      window.at = lineEnd
    }
    return true
  }

  /** Begins a damaged stretch at `window.at`, or goes on with the one there is, one byte further. */
  #noteDamage(window: TextWindow, what: string): void {
    if (this.#damagedFrom < 0) {
      this.#damagedFrom = window.offsetOf(window.at)
      this.#damage = what
    }
    window.at++
  }

  #reportDamage(to: number): void {
    const offset = this.#damagedFrom
    if (offset < 0) return
    this.#damagedFrom = -1
    const length = to - offset
    const isLong = this.#damage.includes("longer")
    const code = isLong ? "windows-export/record-too-long" : "windows-export/bad-json"
    const message = `${this.#damage}; ${length} bytes were passed over`
    this.#sink.lost({ code, severity: "error", offset, length, message })
  }
}

function holdsRecord(tree: JsonTree): boolean {
  return findRecords(tree, 0, () => {}) > 0
}

/** Index of the next brace that begins its line, or follows a closed object or a list's beginning; -1 if none. */
function nextFresh(bytes: Uint8Array, start: number, end: number): number {
  let isFresh = bytes[start - 1] === LF
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === OPEN_BRACE && isFresh) return at
    if (byte === LF || byte === CLOSE_BRACE || byte === OPEN_BRACKET) isFresh = true
    else if (byte !== COMMA && byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) isFresh = false
  }
  return -1
}

/** Index of the last byte after which a brace would be fresh, or `end`. */
function lastBreak(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) {
    const byte = bytes[at] as number
    if (byte === LF || byte === CLOSE_BRACE || byte === OPEN_BRACKET) return at
    if (byte !== COMMA && byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return end
  }
  return end
}
