/**
 * One event as a JSON object whose shape is the same whoever wrote it, for `convert --records`: docs/windows-json.md.
 *
 *   {"System":{"Provider":{"Name":"…","Guid":"…"},"EventID":4688,"Version":2,…},"EventData":{"NewProcessId":"0x664",…}}
 *
 * Bytes go from the tape to the output; strings are made only for elements that hold the same name twice.
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
  NAME,
  nameAttribute,
  SYSTEM,
  writeOwnText,
} from "./elements.ts"
import { append, appendByte, JsonStyle, writeQuoted } from "./json-text.ts"
import { SystemJson } from "./system-json.ts"

const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d
const TEXT_KEY = Buffer.from('"#text":', "latin1")
const FIRST_NAMES = 1024

class JsonRenderer {
  readonly #style = new JsonStyle(false)
  readonly #attributes = new JsonStyle(false, "@")
  readonly #system = new SystemJson(this.#style)
  #tape!: EventTape
  #out!: GrowingBytes
  /** By number of a name: the look at an element that met it last. */
  #seen = new Float64Array(FIRST_NAMES)
  #looks = 0

  render(tape: EventTape, out: GrowingBytes): void {
    this.#tape = tape
    this.#out = out
    appendByte(out, OPEN)
    this.#writeMembers(contentOf(tape, 0), true, 0, false)
    appendByte(out, CLOSE)
  }

  /** Writes the elements from `content` on as members; returns the index of the close behind them. */
  #writeMembers(content: number, isFirst: boolean, depth: number, isFields: boolean): number {
    const from = this.#out.used
    const close = this.#tryMembers(content, isFirst, depth, isFields)
    if (close >= 0) return close
    this.#out.used = from
    return this.#writeGroups(content, isFirst, depth, isFields)
  }

  /** Returns -1 when a name is there twice; what was written is then of no use. */
  #tryMembers(content: number, isFirstMember: boolean, depth: number, isFields: boolean): number {
    const tape = this.#tape
    const out = this.#out
    const look = ++this.#looks
    let isFirst = isFirstMember
    let isChecked = false
    let at = content
    while (at < tape.count && tape.kind(at) !== TAPE.close) {
      if (tape.kind(at) !== TAPE.open) {
        at++
        continue
      }
      // An element with members has used the marks of this one: look at all of them at once.
      if (!isChecked && this.#looks !== look) {
        if (!this.#isRegular(content, isFields)) return -1
        isChecked = true
      }
      const named = tape.name(at) === DATA ? nameAttribute(tape, at) : -1
      const name = named < 0 ? tape.name(at) : tape.valueName(named)
      if (!isChecked && !this.#isNew(name, look)) return -1
      const isField = named === at + 1 && depth > 0 && isOneText(tape, at + 2)
      if (isField && (tape.has(at + 2) & this.#style.mask) === 0) {
        this.#style.plainMember(out, name, isFirst, tape.bytes, tape.start(at + 2), tape.end(at + 2))
        isFirst = false
        at += 4
        continue
      }
      if (!isFirst) appendByte(out, COMMA)
      isFirst = false
      this.#style.key(out, name)
      at = isFields && named < 0 && name === DATA ? this.#writeRun(at, depth) : this.#writeValue(at, depth)
    }
    return at
  }

  /** True when no name is there twice, and unnamed fields stand together. */
  #isRegular(content: number, isFields: boolean): boolean {
    const tape = this.#tape
    const look = ++this.#looks
    let before = -1
    for (let at = content; at < tape.count && tape.kind(at) !== TAPE.close; ) {
      if (tape.kind(at) !== TAPE.open) {
        at++
        continue
      }
      const named = tape.name(at) === DATA ? nameAttribute(tape, at) : -1
      const name = named < 0 ? tape.name(at) : tape.valueName(named)
      const isRun = isFields && named < 0 && name === DATA
      if (!(isRun && before === DATA) && !this.#isNew(name, look)) return false
      before = isRun ? DATA : -1
      at = tape.skip(at)
    }
    return true
  }

  /** False for a name that this look has met before, and for one without a number. */
  #isNew(name: number, look: number): boolean {
    if (name < 0) return false
    if (name >= this.#seen.length) this.#grow(name)
    if (this.#seen[name] === look) return false
    this.#seen[name] = look
    return true
  }

  /** Unnamed fields that follow each other, as an array. */
  #writeRun(at: number, depth: number): number {
    const tape = this.#tape
    const out = this.#out
    let next = at
    while (next < tape.count && tape.kind(next) === TAPE.open && tape.name(next) === DATA) {
      if (nameAttribute(tape, next) >= 0) break
      appendByte(out, next === at ? OPEN_ARRAY : COMMA)
      next = this.#writeValue(next, depth)
    }
    appendByte(out, CLOSE_ARRAY)
    return next
  }

  /** Members of the same name become one array, in the place of the first. */
  #writeGroups(content: number, isFirstMember: boolean, depth: number, isFields: boolean): number {
    const tape = this.#tape
    const out = this.#out
    const groups = new Map<string, number[]>()
    let at = content
    while (at < tape.count && tape.kind(at) !== TAPE.close) {
      if (tape.kind(at) === TAPE.open) addTo(groups, keyText(tape, at), at)
      at = tape.kind(at) === TAPE.open ? tape.skip(at) : at + 1
    }
    let isFirst = isFirstMember
    for (const [key, places] of groups) {
      if (!isFirst) appendByte(out, COMMA)
      isFirst = false
      writeQuoted(out, key, this.#style)
      appendByte(out, COLON)
      const isList = places.length > 1 || (isFields && isUnnamed(tape, places[0] ?? 0))
      places.forEach((place, index) => {
        if (isList) appendByte(out, index === 0 ? OPEN_ARRAY : COMMA)
        this.#writeValue(place, depth)
      })
      if (isList) appendByte(out, CLOSE_ARRAY)
    }
    return at
  }

  /** Writes what the element that opens at `at` holds; returns the index behind it. */
  #writeValue(at: number, depth: number): number {
    const tape = this.#tape
    const name = tape.name(at)
    if (depth === 0 && name === SYSTEM) return this.#system.write(tape, at, this.#out)
    const content = contentOf(tape, at)
    const attributes = content - at - 1
    const isPlain = attributes === 0 || (attributes === 1 && name === DATA && tape.name(at + 1) === NAME)
    if (depth > 0 && isPlain) {
      if (isOneText(tape, content)) {
        const end = tape.end(content)
        this.#style.string(this.#out, tape.bytes, tape.start(content), end, tape.has(content))
        return content + 2
      }
      if (!hasElements(tape, content)) return writeOwnText(tape, content, this.#out, this.#style)
    }
    if (depth >= MAX_DEPTH) return writeOwnText(tape, content, this.#out, this.#style)
    return this.#writeObject(at, content, depth)
  }

  #writeObject(at: number, content: number, depth: number): number {
    const tape = this.#tape
    const out = this.#out
    let isFirst = true
    appendByte(out, OPEN)
    for (let next = at + 1; next < content; next++) {
      // The name of a field is its key.
      if (tape.name(at) === DATA && tape.name(next) === NAME) continue
      if (!isFirst) appendByte(out, COMMA)
      isFirst = false
      this.#attributes.key(out, tape.name(next))
      this.#style.string(out, tape.bytes, tape.start(next), tape.end(next), tape.has(next))
    }
    if (hasText(tape, content)) {
      if (!isFirst) appendByte(out, COMMA)
      isFirst = false
      append(out, TEXT_KEY, 0, TEXT_KEY.length)
      writeOwnText(tape, content, out, this.#style)
    }
    const close = this.#writeMembers(content, isFirst, depth + 1, depth === 0 && tape.name(at) === EVENT_DATA)
    appendByte(out, CLOSE)
    return close + 1
  }

  #grow(name: number): void {
    const seen = new Float64Array(Math.max(name + 1, this.#seen.length * 2))
    seen.set(this.#seen)
    this.#seen = seen
  }
}

/** True when the content that begins at `content` is one text and no more. */
function isOneText(tape: EventTape, content: number): boolean {
  return tape.kind(content) === TAPE.text && tape.kind(content + 1) === TAPE.close
}

/** White space between tags is no text. */
function hasText(tape: EventTape, content: number): boolean {
  for (let at = content; at < tape.count && tape.kind(at) !== TAPE.close; ) {
    const kind = tape.kind(at)
    if (kind === TAPE.text && !isBlank(tape.bytes, tape.start(at), tape.end(at))) return true
    at = kind === TAPE.open ? tape.skip(at) : at + 1
  }
  return false
}

const isUnnamed = (tape: EventTape, at: number): boolean =>
  tape.name(at) === DATA && nameAttribute(tape, at) < 0

function keyText(tape: EventTape, at: number): string {
  const named = tape.name(at) === DATA ? nameAttribute(tape, at) : -1
  if (named >= 0) return tape.bytes.utf8Slice(tape.start(named), tape.end(named))
  return tape.name(at) < 0 ? "?" : NAMES.text(tape.name(at))
}

function addTo(groups: Map<string, number[]>, key: string, place: number): void {
  const places = groups.get(key)
  if (places === undefined) groups.set(key, [place])
  else places.push(place)
}

const RENDERER = new JsonRenderer()

/** Appends the event as one JSON object, without a line end. */
export function renderEventJson(tape: EventTape, out: GrowingBytes): void {
  RENDERER.render(tape, out)
}
