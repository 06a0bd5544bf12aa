/** Small questions about the elements of a tape that every renderer asks. */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { appendByte, type JsonStyle } from "./json-text.ts"

/** Elements nested deeper are left out: the deepest that Windows writes is a dozen, hostile ones could go on for ever. */
export const MAX_DEPTH = 256

export const DATA = NAMES.intern("Data")
export const NAME = NAMES.intern("Name")
export const SYSTEM = NAMES.intern("System")
export const EVENT_DATA = NAMES.intern("EventData")
export const USER_DATA = NAMES.intern("UserData")

/** Index behind the attributes of the element that opens at `at`. */
export function contentOf(tape: EventTape, at: number): number {
  let next = at + 1
  while (next < tape.count && tape.kind(next) === TAPE.attribute) next++
  return next
}

/** Index of the attribute `Name` of the element that opens at `at`, -1 without one. */
export function nameAttribute(tape: EventTape, at: number): number {
  for (let next = at + 1; next < tape.count && tape.kind(next) === TAPE.attribute; next++) {
    if (tape.name(next) === NAME) return next
  }
  return -1
}

/** True when the element whose content begins at `content` holds elements. */
export function hasElements(tape: EventTape, content: number): boolean {
  let at = content
  while (at < tape.count && (tape.kind(at) === TAPE.text || tape.kind(at) === TAPE.instruction)) at++
  return at < tape.count && tape.kind(at) === TAPE.open
}

/** Its own text, for what is not on the hot path. */
export function textOf(tape: EventTape, content: number): string {
  let text = ""
  let depth = 0
  for (let at = content; at < tape.count; at++) {
    const kind = tape.kind(at)
    if (kind === TAPE.open) depth++
    else if (kind === TAPE.close && --depth < 0) break
    else if (kind === TAPE.text && depth === 0) text += tape.bytes.utf8Slice(tape.start(at), tape.end(at))
  }
  return text
}

/** Items of its own texts, in order. */
export function ownTexts(tape: EventTape, content: number): number[] {
  const texts: number[] = []
  for (let at = content; at < tape.count && tape.kind(at) !== TAPE.close; ) {
    const kind = tape.kind(at)
    if (kind === TAPE.text) texts.push(at)
    at = kind === TAPE.open ? tape.skip(at) : at + 1
  }
  return texts
}

/** True when there is nothing but white space between `start` and `end`. */
export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false
  }
  return true
}

/** Appends the own text of the element whose content begins at `content`; returns the index behind the element. */
export function writeOwnText(tape: EventTape, content: number, out: GrowingBytes, style: JsonStyle): number {
  if (tape.kind(content) === TAPE.text && tape.kind(content + 1) === TAPE.close) {
    style.string(out, tape.bytes, tape.start(content), tape.end(content), tape.has(content))
    return content + 2
  }
  appendByte(out, 0x22)
  let depth = 0
  let at = content
  for (; at < tape.count; at++) {
    const kind = tape.kind(at)
    if (kind === TAPE.open) depth++
    else if (kind === TAPE.close && --depth < 0) break
    else if (kind === TAPE.text && depth === 0) {
      style.part(out, tape.bytes, tape.start(at), tape.end(at), tape.has(at))
    }
  }
  appendByte(out, 0x22)
  return at + 1
}
