/**
 * Two tools write events in an XML of their own; here it becomes what Windows prints.
 *
 *   python-evtx   SystemTime="2013-10-23 16:22:39.973499" · Qualifiers="" · Keywords 0x0080000000000000 · LogonId 0x00000000000003e7
 *   evtxexport    SystemTime="2013-10-23T16:22:39.973500000Z" · 0x00000000000003e7
 *
 * Source of truth: python-evtx Evtx/Nodes.py; libyal/libfwevt libfwevt_xml_value.c.
 */
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { printTime, readTime } from "./time-text.ts"

const SYSTEM = NAMES.intern("System")
const TIME_CREATED = NAMES.intern("TimeCreated")
const SYSTEM_TIME = NAMES.intern("SystemTime")
const KEYWORDS = NAMES.intern("Keywords")
/** Sysmon's field is a text that is padded at its origin. */
const START_ADDRESS = NAMES.intern("StartAddress")
const NAME = NAMES.intern("Name")
const SPACE = 0x20
const ZERO = 0x30
/** Of `2013-10-23`, after which Windows writes T. */
const DATE_LENGTH = 10
/** `0x` with 8 or 16 digits: a number as wide as its type. */
const PADDED_LENGTHS = [10, 18]
/** EvtxECmd writes seven digits of the second, and numbers as Windows does. */
const LONGEST_OF_PYTHON = "2013-10-23 16:22:39.973499".length

export interface Dialect {
  readonly hasEmptyAttributes: boolean
  readonly hasPaddedNumbers: boolean
}

/** The dialect of an event, null for what Windows could have written. @param isPadded as the text around events says */
export function dialectOf(tape: EventTape, isPadded: boolean): Dialect | null {
  const at = findSystemTime(tape)
  const isForeign = at >= 0 && tape.bytes[tape.start(at) + DATE_LENGTH] === SPACE
  if (!isForeign) return isPadded ? { hasEmptyAttributes: false, hasPaddedNumbers: true } : null
  const length = tape.end(at) - tape.start(at)
  return { hasEmptyAttributes: true, hasPaddedNumbers: isPadded || length <= LONGEST_OF_PYTHON }
}

/** Copies an event from `tape` to `target` in Windows' own form. */
export function translate(tape: EventTape, target: EventTape, dialect: Dialect): void {
  const systemEnd = systemEndOf(tape)
  let element = -1
  target.reset()
  for (let at = 0; at < tape.count; at++) {
    const kind = tape.kind(at)
    if (kind === TAPE.attribute && tape.valueName(at) === START_ADDRESS) element = START_ADDRESS
    if (kind === TAPE.open) element = tape.name(at)
    const isEmpty = kind === TAPE.attribute && tape.start(at) === tape.end(at) && tape.name(at) !== NAME
    if (isEmpty && at < systemEnd && dialect.hasEmptyAttributes) continue
    if (kind === TAPE.attribute && element === TIME_CREATED && tape.name(at) === SYSTEM_TIME)
      copyTime(tape, at, target)
    else copyItem(tape, at, target, isPaddedAt(tape, at, dialect, element))
  }
}

function copyTime(tape: EventTape, at: number, target: EventTape): void {
  const text = tape.bytes.utf8Slice(tape.start(at), tape.end(at))
  const time = readTime(text)
  const start = target.length
  const has = target.append(time === null || time.isWindowsForm ? text : printTime(time, 0))
  target.attribute(SYSTEM_TIME, start, target.length, has, -1)
}

function isPaddedAt(tape: EventTape, at: number, dialect: Dialect, element: number): boolean {
  if (
    tape.kind(at) !== TAPE.text ||
    element === START_ADDRESS ||
    (!dialect.hasPaddedNumbers && element !== KEYWORDS)
  )
    return false
  const start = tape.start(at)
  const { bytes } = tape
  return (
    PADDED_LENGTHS.includes(tape.end(at) - start) &&
    bytes[start] === ZERO &&
    bytes[start + 1] === 0x78 &&
    bytes[start + 2] === ZERO &&
    isLowerHex(bytes, start + 2, tape.end(at))
  )
}

/** Numbers are written in lower case; upper case is a text of the event, as Sysmon's addresses. */
function isLowerHex(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (!(byte >= 0x30 && byte <= 0x39) && !(byte >= 0x61 && byte <= 0x66)) return false
  }
  return true
}

function copyItem(tape: EventTape, at: number, target: EventTape, isPadded: boolean): void {
  const { bytes } = tape
  const end = tape.end(at)
  let from = tape.start(at)
  const start = target.length
  target.reserve(end - from)
  if (isPadded) {
    target.length += bytes.copy(target.bytes, target.length, from, from + 2)
    for (from += 2; from < end - 1 && bytes[from] === ZERO; ) from++
  }
  target.length += bytes.copy(target.bytes, target.length, from, end)
  target.item(tape.kind(at), tape.name(at), start, target.length, tape.has(at), tape.valueName(at))
}

function systemEndOf(tape: EventTape): number {
  for (let at = 1; at < tape.count; at = nextChild(tape, at))
    if (tape.kind(at) === TAPE.open && tape.name(at) === SYSTEM) return tape.skip(at)
  return 0
}

function findSystemTime(tape: EventTape): number {
  const end = systemEndOf(tape)
  for (let at = 0; at < end; at++)
    if (tape.kind(at) === TAPE.attribute && tape.name(at) === SYSTEM_TIME) return at
  return -1
}

function nextChild(tape: EventTape, at: number): number {
  return tape.kind(at) === TAPE.open ? tape.skip(at) : at + 1
}
