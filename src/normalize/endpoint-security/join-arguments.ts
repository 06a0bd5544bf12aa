/**
 * Lists of strings as one text.
 * Source of truth: osquery es_utils.cpp for the quoting of es_process_events.
 */
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { plainLength, writeByteEscape } from "../../base/text.ts"
import type { TextList } from "../../formats/endpoint-security/text-list.ts"

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const HEX = Buffer.from("0123456789abcdef", "latin1")
/** Of one byte at most: a backslash and `\xHH`, or `\u00HH`. */
const WIDEST = 6

/** `ls -la /tmp/a dir`: items with a blank between them. */
export function joinPlain(list: TextList, out: GrowingBytes): void {
  out.clear()
  for (let item = 0; item < list.count; item++) {
    const start = list.start(item)
    const end = list.end(item)
    out.reserve(end - start + 1)
    if (item > 0) out.bytes[out.used++] = SPACE
    copy(list.arena.bytes, start, end, out)
  }
}

/** `ls -la "/tmp/a dir" `: a blank behind each item, quotes around those that hold a blank or a quote. */
export function joinQuoted(list: TextList, out: GrowingBytes): void {
  out.clear()
  const source = list.arena.bytes
  for (let item = 0; item < list.count; item++) {
    const start = list.start(item)
    const end = list.end(item)
    out.reserve((end - start) * 2 + 3)
    if (wantsQuotes(source, start, end)) putQuoted(source, start, end, out)
    else copy(source, start, end, out)
    out.bytes[out.used++] = SPACE
  }
}

/** `["ls","-la","\/tmp\/a dir"]` as JSON; bytes that are not UTF-8 in the text form of every column. */
export function joinJson(list: TextList, out: GrowingBytes): void {
  out.clear()
  const source = list.arena.bytes
  out.bytes[out.used++] = 0x5b
  for (let item = 0; item < list.count; item++) {
    const start = list.start(item)
    const end = list.end(item)
    out.reserve((end - start) * WIDEST + 4)
    if (item > 0) out.bytes[out.used++] = COMMA
    out.bytes[out.used++] = QUOTE
    putJson(source, start, end, out)
    out.bytes[out.used++] = QUOTE
  }
  out.bytes[out.used++] = 0x5d
}

function copy(source: Buffer, start: number, end: number, out: GrowingBytes): void {
  const target = out.bytes
  let { used } = out
  for (let at = start; at < end; at++) target[used++] = source[at] as number
  out.used = used
}

function wantsQuotes(source: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (source[at] === SPACE || source[at] === QUOTE) return true
  return false
}

function putQuoted(source: Buffer, start: number, end: number, out: GrowingBytes): void {
  const target = out.bytes
  let { used } = out
  target[used++] = QUOTE
  for (let at = start; at < end; at++) {
    const byte = source[at] as number
    if (byte === QUOTE || byte === BACKSLASH) target[used++] = BACKSLASH
    target[used++] = byte
  }
  target[used++] = QUOTE
  out.used = used
}

/** Bytes that stay as they are in JSON. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
)

function putJson(source: Buffer, start: number, end: number, out: GrowingBytes): void {
  const target = out.bytes
  let { used } = out
  for (let at = start; at < end; at++) {
    const byte = source[at] as number
    if (PLAIN[byte] === 1) {
      target[used++] = byte
      continue
    }
    const length = plainLength(source, at, end)
    if (length > 1) {
      for (let index = 0; index < length; index++) target[used++] = source[at + index] as number
      at += length - 1
    } else {
      target[used++] = BACKSLASH
      if (length === 0) used = writeByteEscape(target, used, byte)
      else used = putEscape(target, used, byte)
    }
  }
  out.used = used
}

/** What follows the backslash. */
function putEscape(target: Uint8Array, at: number, byte: number): number {
  if (byte >= SPACE && byte < 0x7f) {
    target[at] = byte
    return at + 1
  }
  target[at] = 0x75
  target[at + 1] = 0x30
  target[at + 2] = 0x30
  target[at + 3] = HEX[byte >> 4] as number
  target[at + 4] = HEX[byte & 15] as number
  return at + 5
}
