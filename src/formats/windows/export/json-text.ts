/**
 * Text of JSON strings: onto a tape, or as a string where one is needed to look at.
 * Source of truth: RFC 8259 section 7.
 */
import { hexValue } from "../../../base/digits.ts"
import { type EventTape, HAS, TEXT_CLASSES } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { writeUtf8 } from "./decode-text.ts"
import { JSON_KIND, type JsonTree } from "./json-tree.ts"
import { decodeLoosely, isWellFormed, settleStrayBytes } from "./stray-bytes.ts"

const BACKSLASH = 0x5c
const LETTER_U = 0x75
const REPLACEMENT = 0xfffd
const LONE_SURROGATE = /\p{Surrogate}/gu
/** Characters that follow a backslash, and what they stand for. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  Array.from('"\\/', (character) => [character.charCodeAt(0), character.charCodeAt(0)] as const).concat([
    [0x62, 0x08],
    [0x66, 0x0c],
    [0x6e, 0x0a],
    [0x72, 0x0d],
    [0x74, 0x09],
  ]),
)

/** Puts the text of a scalar behind the tape's end; returns its `HAS`. */
export function appendScalar(tree: JsonTree, node: number, tape: EventTape): number {
  const from = tape.length
  const hasEscape = tree.kind(node) === JSON_KIND.escaped
  return settled(tree, tape, from, appendBytes(tree.bytes, tree.start(node), tree.end(node), hasEscape, tape))
}

/** Puts a member's key behind the tape's end; returns its `HAS`. */
export function appendKey(tree: JsonTree, node: number, tape: EventTape): number {
  const from = tape.length
  return settled(
    tree,
    tape,
    from,
    appendBytes(tree.bytes, tree.keyStart(node), tree.keyEnd(node), true, tape),
  )
}

/** The text of a scalar as a string; "" for any other node. */
export function textOf(tree: JsonTree, node: number): string {
  if (!tree.isScalar(node)) return ""
  const text = tree.bytes.utf8Slice(tree.start(node), tree.end(node))
  const isDamaged = text.includes("\uFFFD") && !isWellFormed(tree.bytes, tree.start(node), tree.end(node))
  const whole = isDamaged ? decodeLoosely(tree.bytes, tree.start(node), tree.end(node)) : text
  return tree.kind(node) === JSON_KIND.escaped ? unescapeText(whole) : whole
}

function settled(tree: JsonTree, tape: EventTape, from: number, has: number): number {
  if ((has & HAS.wide) === 0 || isWellFormed(tape.bytes, from, tape.length)) return has
  tree.strayTexts++
  return settleStrayBytes(tape, from)
}

/** Number in `NAMES` of a key with backslashes in it. */
export function keyOfEscaped(bytes: Buffer, start: number, end: number): number {
  return NAMES.intern(unescapeText(bytes.utf8Slice(start, end)))
}

function unescapeText(text: string): string {
  const plain = text.replaceAll(/\\(u[0-9a-fA-F]{4}|[^u])/g, (whole, escaped: string) => {
    if (escaped.length > 1) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    const code = ESCAPES.get(escaped.charCodeAt(0))
    return code === undefined ? whole : String.fromCharCode(code)
  })
  return plain.replaceAll(LONE_SURROGATE, "\uFFFD")
}

function appendBytes(bytes: Buffer, start: number, end: number, hasEscape: boolean, tape: EventTape): number {
  tape.reserve(end - start)
  const target = tape.bytes
  let out = tape.length
  let has = 0
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number
    if (hasEscape && byte === BACKSLASH) {
      const escaped = readEscape(bytes, at, end)
      const before = out
      out = writeUtf8(target, out, escaped.code)
      for (let written = before; written < out; written++) has |= classOf(target[written] as number)
      at += escaped.length
      continue
    }
    has |= classOf(byte)
    target[out++] = byte
    at++
  }
  tape.length = out
  return has
}

/** Never longer in UTF-8 than the escape is. An unknown one is its own backslash. */
function readEscape(
  bytes: Buffer,
  at: number,
  end: number,
): { readonly code: number; readonly length: number } {
  const byte = bytes[at + 1] as number
  if (byte !== LETTER_U) {
    const code = at + 1 < end ? ESCAPES.get(byte) : undefined
    return code === undefined ? { code: BACKSLASH, length: 1 } : { code, length: 2 }
  }
  const unit = readUnit(bytes, at, end)
  if (unit < 0) return { code: BACKSLASH, length: 1 }
  if (unit < 0xd800 || unit > 0xdfff) return { code: unit, length: 6 }
  const low = unit < 0xdc00 ? readUnit(bytes, at + 6, end) : -1
  if (low < 0xdc00 || low > 0xdfff) return { code: REPLACEMENT, length: 6 }
  return { code: 0x10000 + ((unit - 0xd800) << 10) + low - 0xdc00, length: 12 }
}

/** The UTF-16 unit of the `\uXXXX` at `at`, or -1. */
function readUnit(bytes: Buffer, at: number, end: number): number {
  if (at + 6 > end || bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return -1
  let unit = 0
  for (let digit = at + 2; digit < at + 6; digit++) {
    const value = hexValue(bytes[digit] as number)
    if (value < 0) return -1
    unit = unit * 16 + value
  }
  return unit
}

function classOf(byte: number): number {
  return byte < 0x80 ? (TEXT_CLASSES[byte] as number) : HAS.wide
}
