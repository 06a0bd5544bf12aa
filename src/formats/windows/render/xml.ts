/**
 * An event as XML on one line, as `wevtutil` prints it but with double quotes.
 * Characters that XML 1.0 does not allow become U+FFFD: a log's author can put them into any string.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, HAS, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"

const SLOW = HAS.markup | HAS.control | HAS.wide
const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const BLANK = 0x20
const QUESTION = 0x3f
/** A short text is copied faster than a copy is called. */
const SHORT = 48
/** Longest thing that a byte becomes: `&quot;`. */
const WORST = 6
const ESCAPES = new Map<number, Buffer>([
  [0x26, Buffer.from("&amp;")],
  [LT, Buffer.from("&lt;")],
  [GT, Buffer.from("&gt;")],
])
const ATTRIBUTE_ESCAPES = new Map<number, Buffer>([
  ...ESCAPES,
  [0x22, Buffer.from("&quot;")],
  [0x27, Buffer.from("&apos;")],
])
const REPLACEMENT = Buffer.from("\ufffd")

/** Appends the event's XML, without a line end. */
export function renderXml(tape: EventTape, out: GrowingBytes): void {
  const { count } = tape
  const open: number[] = []
  // Set while the start of an element is not closed yet.
  let isOpening = false
  for (let at = 0; at < count; at++) {
    const kind = tape.kind(at)
    if (kind === TAPE.attribute) {
      putName(out, BLANK, tape.name(at))
      putBytes(out, 0x3d, 0x22)
      putText(tape, at, out, ATTRIBUTE_ESCAPES)
      putBytes(out, 0x22, 0)
      continue
    }
    if (kind === TAPE.close) {
      const name = open.pop() as number
      if (isOpening) putBytes(out, SLASH, GT)
      else putEnd(out, name)
      isOpening = false
      continue
    }
    if (isOpening) putBytes(out, GT, 0)
    isOpening = kind === TAPE.open
    if (isOpening) {
      open.push(tape.name(at))
      putName(out, LT, tape.name(at))
    } else if (kind === TAPE.text) putText(tape, at, out, ESCAPES)
    else putInstruction(tape, at, out)
  }
}

function putName(out: GrowingBytes, before: number, name: number): void {
  const text = NAMES.utf8(name)
  out.reserve(text.length + 1)
  out.bytes[out.used++] = before
  put(out, text, 0, text.length)
}

function putEnd(out: GrowingBytes, name: number): void {
  const text = NAMES.utf8(name)
  out.reserve(text.length + 3)
  out.bytes[out.used++] = LT
  out.bytes[out.used++] = SLASH
  put(out, text, 0, text.length)
  out.bytes[out.used++] = GT
}

/** One byte or two; 0 is none. */
function putBytes(out: GrowingBytes, first: number, second: number): void {
  out.reserve(2)
  out.bytes[out.used++] = first
  if (second !== 0) out.bytes[out.used++] = second
}

function putInstruction(tape: EventTape, at: number, out: GrowingBytes): void {
  putBytes(out, LT, QUESTION)
  const name = NAMES.utf8(tape.name(at))
  out.reserve(name.length)
  put(out, name, 0, name.length)
  if (tape.end(at) > tape.start(at)) {
    putBytes(out, BLANK, 0)
    // `?>` inside would end it: its `>` is escaped, which an instruction shows as it is.
    putText(tape, at, out, ESCAPES)
  }
  putBytes(out, QUESTION, GT)
}

function putText(tape: EventTape, at: number, out: GrowingBytes, escapes: ReadonlyMap<number, Buffer>): void {
  const start = tape.start(at)
  const end = tape.end(at)
  const isPlain = (tape.has(at) & SLOW) === 0
  out.reserve((end - start) * (isPlain ? 1 : WORST))
  if (isPlain) put(out, tape.bytes, start, end)
  else putEscaped(out, tape.bytes, start, end, escapes)
}

/** Copies into room that is there. */
function put(out: GrowingBytes, source: Buffer, start: number, end: number): void {
  const { bytes } = out
  let at = out.used
  if (end - start > SHORT) source.copy(bytes, at, start, end)
  else for (let next = start; next < end; next++) bytes[at++] = source[next] as number
  out.used += end - start
}

function putEscaped(
  out: GrowingBytes,
  source: Buffer,
  start: number,
  end: number,
  escapes: ReadonlyMap<number, Buffer>,
): void {
  const { bytes } = out
  for (let next = start; next < end; next++) {
    const byte = source[next] as number
    if (byte >= 0x20 && byte < 0x80) {
      const entity = byte <= GT ? escapes.get(byte) : undefined
      if (entity === undefined) bytes[out.used++] = byte
      else put(out, entity, 0, entity.length)
    } else if (isForbidden(source, next, end)) {
      put(out, REPLACEMENT, 0, REPLACEMENT.length)
      if (byte >= 0x80) next += 2
    } else bytes[out.used++] = byte
  }
}

/** Control characters other than tab, line feed and return; U+FFFE and U+FFFF. */
function isForbidden(source: Buffer, at: number, end: number): boolean {
  const byte = source[at] as number
  if (byte < 0x20) return byte !== 0x09 && byte !== 0x0a && byte !== 0x0d
  return (
    byte === 0xef &&
    at + 2 < end &&
    source[at + 1] === 0xbf &&
    (source[at + 2] as number) >= 0xbe &&
    (source[at + 2] as number) <= 0xbf
  )
}
