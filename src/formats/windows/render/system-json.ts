/**
 * `System` of an event's JSON: the members in one order, numbers as numbers, whatever the source had.
 * Source of truth: docs/windows-json.md.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { contentOf, writeOwnText } from "./elements.ts"
import { append, appendByte, type JsonStyle } from "./json-text.ts"

const SAFE_DIGITS = 15
const QUOTE = 0x22
/** 2^53 - 1 */
const MOST_SAFE = "9007199254740991"

type Form = "number" | "text"

interface Member {
  /** `,"EventID":`, and the same with the quote of a text */
  readonly key: Buffer
  readonly textKey: Buffer
  readonly element: number
  /** The attribute that holds the value; -1: the text of the element. */
  readonly attribute: number
  readonly form: Form
  /** Number of the object that it is a member of, the element's; -1: System itself. */
  readonly parent: number
  /** `"Provider":{` */
  readonly opener: Buffer
}

const TABLE: readonly (readonly [
  parent: string,
  key: string,
  element: string,
  attribute: string,
  form: Form,
])[] = [
  ["Provider", "Name", "Provider", "Name", "text"],
  ["Provider", "Guid", "Provider", "Guid", "text"],
  ["Provider", "EventSourceName", "Provider", "EventSourceName", "text"],
  ["", "EventID", "EventID", "", "number"],
  ["", "Qualifiers", "EventID", "Qualifiers", "number"],
  ["", "Version", "Version", "", "number"],
  ["", "Level", "Level", "", "number"],
  ["", "Task", "Task", "", "number"],
  ["", "Opcode", "Opcode", "", "number"],
  ["", "Keywords", "Keywords", "", "text"],
  ["", "TimeCreated", "TimeCreated", "SystemTime", "text"],
  ["", "EventRecordID", "EventRecordID", "", "number"],
  ["Correlation", "ActivityID", "Correlation", "ActivityID", "text"],
  ["Correlation", "RelatedActivityID", "Correlation", "RelatedActivityID", "text"],
  ["Execution", "ProcessID", "Execution", "ProcessID", "number"],
  ["Execution", "ThreadID", "Execution", "ThreadID", "number"],
  ["", "Channel", "Channel", "", "text"],
  ["", "Computer", "Computer", "", "text"],
  ["Security", "UserID", "Security", "UserID", "text"],
]

export class SystemJson {
  readonly #style: JsonStyle
  readonly #members: readonly Member[] = TABLE.map(([parent, key, element, attribute, form]) => ({
    key: Buffer.from(`,"${key}":`, "latin1"),
    textKey: Buffer.from(`,"${key}":"`, "latin1"),
    element: NAMES.intern(element),
    attribute: attribute === "" ? -1 : NAMES.intern(attribute),
    form,
    parent: parent === "" ? -1 : NAMES.intern(parent),
    opener: Buffer.from(`,"${parent}":{`, "latin1"),
  }))
  /** By number of a name: where that element opened in this System, -1 for nowhere. */
  readonly #places: Int32Array

  constructor(style: JsonStyle) {
    this.#style = style
    this.#places = new Int32Array(Math.max(...this.#members.map(({ element }) => element)) + 1)
  }

  /** Appends the object; returns the index behind the element that opens at `at`. */
  write(tape: EventTape, at: number, out: GrowingBytes): number {
    const end = this.#findElements(tape, at)
    let parent = -1
    let isFirst = true
    appendByte(out, 0x7b)
    for (const member of this.#members) {
      const place = this.#places[member.element] as number
      if (place < 0) continue
      const value = member.attribute < 0 ? contentOf(tape, place) : attributeOf(tape, place, member.attribute)
      if (value < 0 || (member.attribute < 0 && tape.kind(value) !== TAPE.text)) continue
      if (parent !== member.parent) {
        if (parent >= 0) appendByte(out, 0x7d)
        if (member.parent >= 0) {
          append(out, member.opener, isFirst ? 1 : 0, member.opener.length)
          isFirst = true
        }
        parent = member.parent
      }
      this.#writeMember(tape, value, member, isFirst, out)
      isFirst = false
    }
    if (parent >= 0) appendByte(out, 0x7d)
    appendByte(out, 0x7d)
    return end
  }

  #findElements(tape: EventTape, at: number): number {
    const places = this.#places
    places.fill(-1)
    let next = contentOf(tape, at)
    while (next < tape.count && tape.kind(next) !== TAPE.close) {
      if (tape.kind(next) !== TAPE.open) {
        next++
        continue
      }
      const name = tape.name(next)
      if (name >= 0 && name < places.length && places[name] === -1) places[name] = next
      next = tape.skip(next)
    }
    return next + 1
  }

  /** The comma that keys begin with is left out of a first member. */
  #writeMember(tape: EventTape, value: number, member: Member, isFirst: boolean, out: GrowingBytes): void {
    const { form, attribute, key, textKey } = member
    const start = tape.start(value)
    const end = tape.end(value)
    const from = isFirst ? 1 : 0
    const isWhole = attribute >= 0 || tape.kind(value + 1) === TAPE.close
    if (form === "text" && isWhole && (tape.has(value) & this.#style.mask) === 0) {
      append(out, textKey, from, textKey.length)
      append(out, tape.bytes, start, end)
      appendByte(out, QUOTE)
      return
    }
    append(out, key, from, key.length)
    if (form === "number" && isWhole && isJsonNumber(tape.bytes, start, end)) {
      append(out, tape.bytes, start, end)
    } else if (isWhole) this.#style.string(out, tape.bytes, start, end, tape.has(value))
    else writeOwnText(tape, value, out, this.#style)
  }
}

function attributeOf(tape: EventTape, at: number, name: number): number {
  for (let next = at + 1; next < tape.count && tape.kind(next) === TAPE.attribute; next++) {
    if (tape.name(next) === name) return next
  }
  return -1
}

/** A decimal integer that JSON may hold as it stands and every reader takes exactly. */
function isJsonNumber(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start
  if (length === 0 || (bytes[start] === 0x30 && length > 1)) return false
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return false
  }
  if (length <= SAFE_DIGITS) return true
  return (
    length < MOST_SAFE.length || (length === MOST_SAFE.length && bytes.latin1Slice(start, end) <= MOST_SAFE)
  )
}
