/**
 * Finds the objects in a stream of JSON: one a line, one list, or back to back and pretty printed. After damage it goes
 * on at the next object that is a message, so that a broken line costs that line.
 *
 *   {"version":10,…}\n{"version":10,…}\n      eslogger
 *   [ {…}, {…} ]                              Crescendo
 *   {\n  "es_event_type" : …\n}\n{\n          Mac Monitor
 *
 * Source of truth: RFC 8259, RFC 7464; the writers named in `shapes/`.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { Problem } from "../../../base/problem.ts"
import type { UnitWindow } from "../unit-window.ts"
import { type JsonResult, JsonTape } from "./json-tape.ts"

const LF = 0x0a
const CR = 0x0d
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const MAX_BYTES = LIMITS.lineBytes.value
/** An object that was not whole is tried again when it has grown by a half: all tries cost thrice its length. */
const GROWTH = 1.5
/** Up to this length also when a line end came. */
const EAGER_BYTES = 64 * 1024
/** Of a line that is no JSON; Santa's hold all arguments of a program. */
const LINE_BYTES = 2 * 1024 * 1024

export interface ValueSink {
  /** Takes an object that is like an earlier one without a tape; returns the index behind it, or -1. */
  takesLike(bytes: Buffer, start: number, end: number, offset: number): number
  /** Whether the object on the tape is a message of a known shape. */
  recognises(tape: JsonTape): boolean
  /** An object; `isKnown` as `recognises` said. */
  value(tape: JsonTape, start: number, end: number, offset: number, isKnown: boolean): void
  /** Bytes that gave nothing. */
  lost(problem: Problem): void
  /** Whether a line that begins with no brace is a message of its own, or stands where it does by right. */
  knowsLine(bytes: Buffer, start: number, end: number): boolean
  /** Such a line, without its end. */
  line(bytes: Buffer, start: number, end: number, offset: number): void
}

export class ValueStream {
  readonly tape = new JsonTape()
  readonly #sink: ValueSink
  #consumedTo = 0
  /** Source offset where a damaged stretch begins that was not reported yet, or -1. */
  #damagedFrom = -1
  #damage = ""
  #isTooLong = false
  /** Source offset within damage where a unit may begin that is not whole yet, or -1. */
  #candidate = -1
  /** The object at `window.at` is not tried before this source offset is reached. */
  #wantedTo = 0
  /** Source offset up to which line ends were looked for. */
  #lookedTo = 0

  constructor(sink: ValueSink) {
    this.#sink = sink
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  run(window: UnitWindow): void {
    while (window.at < window.end && this.#step(window)) {
      // Each step moves `window.at`.
    }
    if (window.isLast) this.#reportDamage(window.offsetOf(window.end))
    this.#consumedTo = this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  /** One object, or what stands before it; false when more bytes are needed. */
  #step(window: UnitWindow): boolean {
    const { bytes, end } = window
    if (this.#damagedFrom >= 0 && window.offsetOf(window.at) !== this.#candidate) {
      const next = nextFresh(bytes, window.at, end)
      // A line break behind which nothing stands yet stays, so that what follows is seen to be fresh.
      if (next < 0) window.at = window.isLast ? end : lastBreak(bytes, window.at, end)
      else window.at = next
      if (next < 0) return false
      this.#candidate = window.offsetOf(next)
    }
    if (this.#damagedFrom >= 0) return this.#unit(window)
    while (window.at < end && isBetween(bytes, window.at)) {
      // What follows tells a list from a line that begins with its time.
      if (bytes[window.at] === OPEN_BRACKET && window.at + 1 === end && !window.isLast) return false
      window.at++
    }
    return window.at < end && this.#unit(window)
  }

  #unit(window: UnitWindow): boolean {
    return window.bytes[window.at] === OPEN_BRACE ? this.#object(window) : this.#line(window)
  }

  /** The object at `window.at`. */
  #object(window: UnitWindow): boolean {
    const { bytes, at, end } = window
    if (!window.isLast && this.#waits(window)) return false
    const behind = this.#damagedFrom < 0 ? this.#sink.takesLike(bytes, at, end, window.offsetOf(at)) : -1
    if (behind >= 0) {
      this.#wantedTo = 0
      window.at = behind
      return true
    }
    const result = this.#parse(bytes, at, end)
    if (result === "more" && !window.isLast && end - at <= MAX_BYTES) {
      this.#wantedTo = window.offsetOf(at + Math.ceil((end - at) * GROWTH))
      this.#lookedTo = window.offsetOf(end)
      return false
    }
    this.#wantedTo = 0
    if (result === "end" && this.tape.at - at <= MAX_BYTES) this.#take(window)
    else if (result === "damaged") this.#noteDamage(window, "an object that is no JSON")
    else if (end - at > MAX_BYTES) {
      this.#isTooLong = this.#damagedFrom < 0
      this.#noteDamage(window, `an object longer than ${MAX_BYTES} bytes`)
    } else this.#noteDamage(window, "an object that is cut off")
    return true
  }

  /** Hand-made JSON is read leniently when nothing else helps, and only what is then a message counts. */
  #parse(bytes: Buffer, at: number, end: number): JsonResult {
    const { tape } = this
    const result = tape.parse(bytes, at, end)
    if (result !== "damaged") return result
    const stop = tape.at
    tape.isLenient = true
    const second = tape.parse(bytes, at, end)
    tape.isLenient = false
    if (second === "more") return "more"
    if (second === "end" && this.#sink.recognises(tape)) return "end"
    tape.at = stop
    return "damaged"
  }

  #waits(window: UnitWindow): boolean {
    const { bytes, at, end } = window
    if (window.offsetOf(end) >= this.#wantedTo) return false
    if (end - at > EAGER_BYTES) return true
    const from = this.#lookedTo - window.offsetOf(0)
    const found = bytes.indexOf(LF, Math.max(at, from))
    return found < 0 || found >= end
  }

  #take(window: UnitWindow): void {
    const { tape } = this
    const start = window.at
    const offset = window.offsetOf(start)
    const isKnown = this.#sink.recognises(tape)
    // Within damage any object may be a piece of a message; only a whole one ends it.
    if (this.#damagedFrom >= 0 && !isKnown) {
      window.at = start + 1
      return
    }
    this.#reportDamage(offset)
    window.at = tape.at
    this.#sink.value(tape, start, tape.at, offset, isKnown)
  }

  /** Text that begins no object: a line that is known, or damage. */
  #line(window: UnitWindow): boolean {
    const { bytes, at, end } = window
    const found = bytes.indexOf(LF, Math.max(at, this.#lookedTo - window.offsetOf(0)))
    const lineEnd = found < 0 || found >= end ? end : found
    if (lineEnd === end && !window.isLast && end - at < LINE_BYTES) {
      this.#lookedTo = window.offsetOf(end)
      return false
    }
    const textEnd = bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
    if (this.#sink.knowsLine(bytes, at, textEnd)) {
      this.#reportDamage(window.offsetOf(at))
      window.at = lineEnd
      this.#sink.line(bytes, at, textEnd, window.offsetOf(at))
    } else this.#noteDamage(window, "text outside of any object")
    return true
  }

  /** Begins a damaged stretch at `window.at`, or goes on with the one there is, one byte further. */
  #noteDamage(window: UnitWindow, what: string): void {
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
    const code = this.#isTooLong ? "endpoint-security/record-too-long" : "endpoint-security/bad-json"
    this.#isTooLong = false
    const message = `${this.#damage}; ${length} bytes were passed over`
    this.#sink.lost({ code, severity: "error", offset, length, message })
  }
}

/** White space, commas, the brackets of a list, a byte order mark, RS (RFC 7464). */
function isBetween(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number
  const isSpace = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1e
  const isMark = byte === 0xef || byte === 0xbb || byte === 0xbf
  if (byte === OPEN_BRACKET) return !isDigit(bytes[at + 1] as number)
  return isSpace || isMark || byte === COMMA || byte === 0x5d
}

/**
 * Index of the next brace that begins its line, or follows a closed object or a list's beginning, or of the bracket of
 * a time that begins its line; -1 if none.
 */
function nextFresh(bytes: Uint8Array, start: number, end: number): number {
  let isLine = bytes[start - 1] === LF
  let isFresh = isLine
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === OPEN_BRACE && isFresh) return at
    if (byte === OPEN_BRACKET && isLine && isDigit(bytes[at + 1] as number)) return at
    isLine = byte === LF
    if (byte === LF || byte === CLOSE_BRACE || byte === OPEN_BRACKET) isFresh = true
    else if (byte !== COMMA && byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) isFresh = false
  }
  return -1
}

/** Index of the last byte after which a unit would be fresh, or `end`. */
function lastBreak(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) {
    const byte = bytes[at] as number
    if (byte === OPEN_BRACKET && at > start && bytes[at - 1] === LF) return at - 1
    if (byte === LF || byte === CLOSE_BRACE || byte === OPEN_BRACKET) return at
    if (byte !== COMMA && byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return end
  }
  return end
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
