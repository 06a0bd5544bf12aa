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
const EQUALS = 0x3d
const QUOTE = 0x22
/** A short text is copied faster than a copy is called. */
const SHORT = 48
/** Bytes that a byte becomes at most: `&quot;`. */
const WORST = 6
/** More than an item has around its name and its text. */
const AROUND = 8
const ESCAPES = new Map<number, Buffer>([
  [0x26, Buffer.from("&amp;")],
  [LT, Buffer.from("&lt;")],
  [GT, Buffer.from("&gt;")],
])
const ATTRIBUTE_ESCAPES = new Map<number, Buffer>([
  ...ESCAPES,
  [QUOTE, Buffer.from("&quot;")],
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
    if (kind === TAPE.attribute) putAttribute(tape, at, out)
    else if (kind === TAPE.close) {
      const name = open.pop() as number
      if (isOpening) putTwo(out, SLASH, GT)
      else putEnd(out, NAMES.utf8(name))
      isOpening = false
    } else {
      if (isOpening) putOne(out, GT)
      isOpening = kind === TAPE.open
      if (isOpening) {
        open.push(tape.name(at))
        putStart(out, NAMES.utf8(tape.name(at)))
      } else if (kind === TAPE.text) putText(tape, at, out, ESCAPES, 0)
      else putInstruction(tape, at, out)
    }
  }
}

function putOne(out: GrowingBytes, byte: number): void {
  out.reserve(1)
  out.bytes[out.used++] = byte
}

function putTwo(out: GrowingBytes, first: number, second: number): void {
  out.reserve(2)
  const { bytes, used } = out
  bytes[used] = first
  bytes[used + 1] = second
  out.used = used + 2
}

/** `<Name` */
function putStart(out: GrowingBytes, name: Buffer): void {
  out.reserve(name.length + AROUND)
  const { bytes, used } = out
  bytes[used] = LT
  out.used = copy(bytes, used + 1, name, 0, name.length)
}

/** `</Name>` */
function putEnd(out: GrowingBytes, name: Buffer): void {
  out.reserve(name.length + AROUND)
  const { bytes, used } = out
  bytes[used] = LT
  bytes[used + 1] = SLASH
  const end = copy(bytes, used + 2, name, 0, name.length)
  bytes[end] = GT
  out.used = end + 1
}

/** ` Name="text"` */
function putAttribute(tape: EventTape, at: number, out: GrowingBytes): void {
  const name = NAMES.utf8(tape.name(at))
  out.reserve(name.length + AROUND)
  const { bytes, used } = out
  bytes[used] = BLANK
  const end = copy(bytes, used + 1, name, 0, name.length)
  bytes[end] = EQUALS
  bytes[end + 1] = QUOTE
  out.used = end + 2
  putText(tape, at, out, ATTRIBUTE_ESCAPES, QUOTE)
}

/** `<?target text?>`; a `>` inside is escaped, and so cannot end it. */
function putInstruction(tape: EventTape, at: number, out: GrowingBytes): void {
  putTwo(out, LT, QUESTION)
  const name = NAMES.utf8(tape.name(at))
  out.reserve(name.length)
  out.used = copy(out.bytes, out.used, name, 0, name.length)
  if (tape.end(at) > tape.start(at)) {
    putOne(out, BLANK)
    putText(tape, at, out, ESCAPES, 0)
  }
  putTwo(out, QUESTION, GT)
}

/** @param behind one byte that follows, or 0 */
function putText(
  tape: EventTape,
  at: number,
  out: GrowingBytes,
  escapes: ReadonlyMap<number, Buffer>,
  behind: number,
): void {
  const start = tape.start(at)
  const end = tape.end(at)
  const isPlain = (tape.has(at) & SLOW) === 0
  out.reserve((end - start) * (isPlain ? 1 : WORST) + 1)
  const { bytes, used } = out
  const behindText = isPlain
    ? copy(bytes, used, tape.bytes, start, end)
    : putEscaped(bytes, used, tape.bytes, start, end, escapes)
  bytes[behindText] = behind
  out.used = behind === 0 ? behindText : behindText + 1
}

/** Copies into room that is there; returns its end. */
function copy(bytes: Buffer, at: number, source: Buffer, start: number, end: number): number {
  if (end - start > SHORT) {
    source.copy(bytes, at, start, end)
    return at + end - start
  }
  let next = at
  for (let from = start; from < end; from++) bytes[next++] = source[from] as number
  return next
}

function putEscaped(
  bytes: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
  escapes: ReadonlyMap<number, Buffer>,
): number {
  let next = at
  for (let from = start; from < end; from++) {
    const byte = source[from] as number
    if (byte >= 0x20 && byte < 0x80) {
      const entity = byte <= GT ? escapes.get(byte) : undefined
      if (entity === undefined) bytes[next++] = byte
      else next = copy(bytes, next, entity, 0, entity.length)
    } else if (isForbidden(source, from, end)) {
      next = copy(bytes, next, REPLACEMENT, 0, REPLACEMENT.length)
      if (byte >= 0x80) from += 2
    } else bytes[next++] = byte
  }
  return next
}

/** Control characters other than tab, line feed and return; U+FFFE and U+FFFF. */
function isForbidden(source: Buffer, at: number, end: number): boolean {
  const byte = source[at] as number
  if (byte < 0x20) return byte !== 0x09 && byte !== 0x0a && byte !== 0x0d
  return byte === 0xef && at + 2 < end && source[at + 1] === 0xbf && (source[at + 2] as number) >= 0xbe
}
