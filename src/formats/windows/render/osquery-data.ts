/**
 * Column `data` of windows_events, byte for byte as osquery writes it:
 *
 *   {"EventData":{"SubjectUserSid":"S-1-5-18","NewProcessName":"C:\\Windows\\System32\\cmd.exe"}}
 *
 * EventData, then UserData. The first Data decides: without a name they become an array of strings, with one, members.
 * Other elements are members by their tag, objects when they hold attributes or elements, and then without their text.
 * All values are strings; `/` is escaped. An event with neither gives `{}`, where osquery drops it.
 *
 * Source of truth: osquery windowseventlogparser.cpp, and its golden pairs (specs of windows_events).
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import {
  contentOf,
  DATA,
  EVENT_DATA,
  hasElements,
  isBlank,
  MAX_DEPTH,
  nameAttribute,
  USER_DATA,
  writeOwnText,
} from "./elements.ts"
import { append, appendByte, JsonStyle } from "./json-text.ts"
import { writeTree } from "./osquery-tree.ts"

const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b
const ATTRIBUTES_KEY = Buffer.from('"<xmlattr>":', "latin1")
const EMPTY_KEY = Buffer.from('"":', "latin1")
const DOT = 0x2e

class OsqueryDataRenderer {
  readonly #style = new JsonStyle(true)
  #tape!: EventTape
  #out!: GrowingBytes
  /** By number of a name: the element in which it was last met, to see the second of the same name. */
  #seen = new Float64Array(1024)
  /** By number of a name: 1 without a dot, 2 with one, 0 not looked at. */
  #dots = new Uint8Array(1024)
  #elements = 0

  render(tape: EventTape, out: GrowingBytes): void {
    this.#tape = tape
    this.#out = out
    appendByte(out, OPEN_OBJECT)
    const isFirst = this.#writeSections(EVENT_DATA, true)
    this.#writeSections(USER_DATA, isFirst)
    appendByte(out, 0x7d)
  }

  #writeSections(name: number, isFirstMember: boolean): boolean {
    const tape = this.#tape
    let isFirst = isFirstMember
    for (let at = contentOf(tape, 0); at < tape.count && tape.kind(at) !== TAPE.close; ) {
      const isWanted = tape.kind(at) === TAPE.open && tape.name(at) === name
      if (isWanted) {
        if (!isFirst) appendByte(this.#out, COMMA)
        isFirst = false
        this.#style.key(this.#out, name)
        at = this.#writeElement(at, 1)
      } else at = tape.kind(at) === TAPE.open ? tape.skip(at) : at + 1
    }
    return isFirst
  }

  /** Writes the element as what it holds, and returns the index behind it. */
  #writeElement(at: number, depth: number): number {
    const out = this.#out
    const from = out.used
    const end = this.#tryMembers(at, depth)
    if (end >= 0) return end
    out.used = from
    writeTree(this.#tape, at, out, this.#style, depth)
    return this.#tape.skip(at)
  }

  /**
   * Returns -1 when the element has one of the rare shapes; what was written is then of no use. Fields behind an
   * element with members are such a shape: it may have used the marks of this one.
   */
  #tryMembers(at: number, depth: number): number {
    const tape = this.#tape
    const out = this.#out
    const element = ++this.#elements
    const content = contentOf(tape, at)
    let opener = this.#writeAttributes(at, content)
    let isArray = -1
    let next = content
    while (next < tape.count && tape.kind(next) !== TAPE.close) {
      if (tape.kind(next) !== TAPE.open) {
        next++
        continue
      }
      const isData = tape.name(next) === DATA
      const named = isData ? nameAttribute(tape, next) : -1
      if (isData && isArray < 0) isArray = named < 0 ? 1 : 0
      const isItem = isData && (isArray === 1 || named < 0)
      if (opener === OPEN_ARRAY && !isItem) return -1
      if (opener === 0) {
        opener = isItem ? OPEN_ARRAY : OPEN_OBJECT
        appendByte(out, opener)
      } else appendByte(out, COMMA)
      if (isItem) {
        if (opener === OPEN_OBJECT) append(out, EMPTY_KEY, 0, EMPTY_KEY.length)
      } else if (isData && (this.#elements !== element || !this.#writeName(named, element))) return -1
      if (isData) next = writeOwnText(tape, contentOf(tape, next), out, this.#style)
      else next = this.#writeChild(next, depth, element)
      if (next < 0) return -1
    }
    if (opener === 0) this.#writeOwnText(content)
    else appendByte(out, opener + 2)
    return next + 1
  }

  /** Returns the bracket that it opened, 0 without attributes. */
  #writeAttributes(at: number, content: number): number {
    if (content === at + 1) return 0
    const tape = this.#tape
    const out = this.#out
    appendByte(out, OPEN_OBJECT)
    append(out, ATTRIBUTES_KEY, 0, ATTRIBUTES_KEY.length)
    for (let next = at + 1; next < content; next++) {
      appendByte(out, next === at + 1 ? OPEN_OBJECT : COMMA)
      this.#style.key(out, tape.name(next))
      this.#style.string(out, tape.bytes, tape.start(next), tape.end(next), tape.has(next))
    }
    appendByte(out, 0x7d)
    return OPEN_OBJECT
  }

  /** False for a name that was there before, or that has a dot. */
  #writeName(attribute: number, element: number): boolean {
    const name = this.#tape.valueName(attribute)
    if (name < 0 || !this.#isNew(name, element) || this.#hasDot(name)) return false
    this.#style.key(this.#out, name)
    return true
  }

  #writeChild(at: number, depth: number, element: number): number {
    const tape = this.#tape
    const name = tape.name(at)
    // A field of the same name would have to find it.
    if (name >= 0) this.#isNew(name, element)
    this.#style.key(this.#out, name)
    const content = contentOf(tape, at)
    const isLeaf = content === at + 1 && !hasElements(tape, content)
    if (!isLeaf && depth < MAX_DEPTH) return this.#writeElement(at, depth + 1)
    return writeOwnText(tape, content, this.#out, this.#style)
  }

  /**
   * Of an element that holds nothing else; white space between tags is no text.
   * DEVIATION(osquery): windows-own-text: osquery loses it.
   */
  #writeOwnText(content: number): void {
    const tape = this.#tape
    const isText =
      tape.kind(content) === TAPE.text && !isBlank(tape.bytes, tape.start(content), tape.end(content))
    if (isText) writeOwnText(tape, content, this.#out, this.#style)
    else append(this.#out, EMPTY_STRING, 0, EMPTY_STRING.length)
  }

  #isNew(name: number, element: number): boolean {
    if (name >= this.#seen.length) this.#grow(name)
    if (this.#seen[name] === element) return false
    this.#seen[name] = element
    return true
  }

  #hasDot(name: number): boolean {
    if (this.#dots[name] === 0) this.#dots[name] = NAMES.utf8(name).includes(DOT) ? 2 : 1
    return this.#dots[name] === 2
  }

  #grow(name: number): void {
    const seen = new Float64Array(Math.max(name + 1, this.#seen.length * 2))
    const dots = new Uint8Array(seen.length)
    seen.set(this.#seen)
    dots.set(this.#dots)
    this.#seen = seen
    this.#dots = dots
  }
}

const EMPTY_STRING = Buffer.from('""', "latin1")
const RENDERER = new OsqueryDataRenderer()

/** Appends the JSON text of the event's `data`. */
export function renderOsqueryData(tape: EventTape, out: GrowingBytes): void {
  RENDERER.render(tape, out)
}
