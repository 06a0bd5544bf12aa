/**
 * The strings of a record in praudit's forms. Plain text is what the record has, NUL left out; for a terminal
 * every character that could move it is spelled out. In XML markup is escaped, and what XML 1.0 cannot hold becomes `\xHH`; arguments
 * and environment are encoded as praudit does it, with vis(3) in its C style: `\n`, `\^A`, `\M-C`.
 */
import type { GrowingBytes } from "../../../../base/growing-bytes.ts"
import { escapeForTerminal } from "../../../../base/terminal.ts"
import { textOfBytes, utf8Length, writeByteEscape } from "../../../../base/text.ts"

/** `plain`: the bytes. `terminal`: nothing that moves a terminal. `content` and `attribute`: places in XML. */
export type TextForm = "plain" | "terminal" | "content" | "attribute"

const BLANK = 0x20
const TAB = 0x09
const NEWLINE = 0x0a
const RETURN = 0x0d
const GREATER = 0x3e
const BACKSLASH = 0x5c
const CARET = 0x5e
const DELETE = 0x7f
const ESCAPE_BYTES = 4
/** What a byte becomes at most: vis(3) gives four, of which one is markup and becomes six. */
const WORST = 10

type Entities = ReadonlyMap<number, Buffer>

/** Between tags praudit escapes nothing: here only what would not be read back as it is. */
const IN_CONTENT: Entities = new Map([
  [0x26, Buffer.from("&amp;")],
  [0x3c, Buffer.from("&lt;")],
  [RETURN, Buffer.from("&#13;")],
])
const IN_ATTRIBUTES: Entities = new Map([
  ...IN_CONTENT,
  [0x22, Buffer.from("&quot;")],
  [TAB, Buffer.from("&#9;")],
  [NEWLINE, Buffer.from("&#10;")],
])
const IN_ARGUMENTS: Entities = new Map([
  ...IN_CONTENT,
  [GREATER, Buffer.from("&gt;")],
  [0x22, Buffer.from("&quot;")],
  [0x27, Buffer.from("&apos;")],
])
const CDATA_END = Buffer.from("&gt;")
/** Letters behind a backslash, of bytes 7 to 13; tab and newline stay. */
const VIS_LETTERS = Buffer.from("ab\t\nvfr", "latin1")

export function putText(
  out: GrowingBytes,
  bytes: Uint8Array,
  from: number,
  to: number,
  form: TextForm,
): void {
  out.reserve((to - from) * WORST)
  if (form === "plain") putPlain(out, bytes, from, to)
  else if (form === "content") putXml(out, bytes, from, to, IN_CONTENT)
  else if (form === "attribute") putXml(out, bytes, from, to, IN_ATTRIBUTES)
  else putEscaped(out, bytes, from, to)
}

/** Encoded with vis(3), then escaped for XML. */
export function putVisible(out: GrowingBytes, bytes: Uint8Array, from: number, to: number): void {
  out.reserve((to - from) * WORST)
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (byte === BACKSLASH) {
      putByte(out, BACKSLASH)
      putByte(out, BACKSLASH)
    } else if ((byte >= BLANK && byte < DELETE) || byte === TAB || byte === NEWLINE)
      putMarkup(out, byte, IN_ARGUMENTS)
    else if (byte < 0x80) putControl(out, byte)
    else putMeta(out, byte & 0x7f)
  }
}

function putPlain(out: GrowingBytes, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (byte !== 0) out.bytes[out.used++] = byte
  }
}

function putXml(out: GrowingBytes, bytes: Uint8Array, from: number, to: number, entities: Entities): void {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (byte >= 0x80) at += putWide(out, bytes, at, to) - 1
    else if (byte === GREATER && at - from >= 2 && endsCdata(bytes, at)) putEntity(out, CDATA_END)
    else if (byte >= BLANK || byte === TAB || byte === NEWLINE || byte === RETURN)
      putMarkup(out, byte, entities)
    else if (byte !== 0) out.used = writeByteEscape(out.bytes, out.used, byte)
  }
}

/** `]]>` is not allowed in content. */
function endsCdata(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 1] === 0x5d && bytes[at - 2] === 0x5d
}

/** Few records go to a terminal: strings do. */
function putEscaped(out: GrowingBytes, bytes: Uint8Array, from: number, to: number): void {
  const withoutNul = bytes.subarray(from, to).filter((byte) => byte !== 0)
  const text = Buffer.from(escapeForTerminal(textOfBytes(withoutNul)), "utf8")
  out.reserve(text.length)
  out.used += text.copy(out.bytes, out.used)
}

/** A character of several bytes, or the escape of one byte; returns how many bytes were taken. */
function putWide(out: GrowingBytes, bytes: Uint8Array, at: number, end: number): number {
  const length = utf8Length(bytes, at, end)
  const isPlain = length > 0 && isXmlCharacter(bytes, at, length)
  const taken = Math.max(1, length)
  for (let next = at; next < at + taken; next++) {
    if (isPlain) putByte(out, bytes[next] as number)
    else out.used = writeByteEscape(out.bytes, out.used, bytes[next] as number)
  }
  return taken
}

/** All but U+FFFE and U+FFFF. */
function isXmlCharacter(bytes: Uint8Array, at: number, length: number): boolean {
  const isLast = length === 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbf
  return !(isLast && (bytes[at + 2] as number) >= 0xbe)
}

function putByte(out: GrowingBytes, byte: number): void {
  out.bytes[out.used++] = byte
}

function putMarkup(out: GrowingBytes, byte: number, entities: Entities): void {
  const entity = byte < 0x40 ? entities.get(byte) : undefined
  if (entity === undefined) putByte(out, byte)
  else putEntity(out, entity)
}

function putEntity(out: GrowingBytes, entity: Buffer): void {
  for (let at = 0; at < entity.length; at++) putByte(out, entity[at] as number)
}

function putControl(out: GrowingBytes, byte: number): void {
  putByte(out, BACKSLASH)
  if (byte >= 7 && byte <= 13) putByte(out, VIS_LETTERS[byte - 7] as number)
  else putCaret(out, byte)
}

function putCaret(out: GrowingBytes, byte: number): void {
  putByte(out, CARET)
  putByte(out, byte === DELETE ? 0x3f : byte + 0x40)
}

/** A byte above 127, by its lower seven bits. */
function putMeta(out: GrowingBytes, low: number): void {
  putByte(out, BACKSLASH)
  if (low === BLANK) {
    out.used += out.bytes.latin1Write("240", out.used, ESCAPE_BYTES)
    return
  }
  putByte(out, 0x4d)
  if (low < BLANK || low === DELETE) putCaret(out, low)
  else {
    putByte(out, 0x2d)
    putMarkup(out, low, IN_ARGUMENTS)
  }
}
