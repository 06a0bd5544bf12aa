/**
 * Texts of a tape as JSON strings, byte by byte: an escape is looked for only where the tape says that there is one.
 * Source of truth: RFC 8259 section 7; boost property_tree json_parser/detail/write.hpp for osquery's form.
 */
import { GrowingBytes } from "../../../base/growing-bytes.ts"
import { classify, HAS } from "../event-tape.ts"
import { NAMES } from "../names.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Below this a loop is faster than a call out of JavaScript. */
const SHORT = 40
/** The longest escape, `\u001F`. */
const LONGEST = 6
const HEX = Buffer.from("0123456789ABCDEF", "latin1")

/** Of a text in a plan: between quotes that are there already, or bare where it is a number that readers keep exact. */
export const FORM = { text: 0, number: 1 } as const

const SAFE_DIGITS = 15
/** 2^53 - 1 */
const MOST_SAFE = "9007199254740991"

/** How strings are written: `slash` escapes / as osquery does. */
export class JsonStyle {
  /** `HAS` of the texts that need an escape. */
  readonly mask: number
  /** By ASCII code: 0 as it stands, 1 as `\u00XX`, else the letter behind the backslash. */
  readonly #escapes = new Uint8Array(128)
  /** `"name":` by number of the name. */
  readonly #keys: Buffer[] = []
  readonly #prefix: Buffer

  /** @param prefix of every key */
  constructor(slash: boolean, prefix = "") {
    this.#prefix = Buffer.from(prefix, "latin1")
    this.mask = HAS.json | HAS.control | (slash ? HAS.slash : 0)
    this.#escapes.fill(1, 0, 0x20)
    for (const [character, letter] of ['""', "\\\\", "\bb", "\ff", "\nn", "\rr", "\tt"]) {
      this.#escapes[character?.charCodeAt(0) ?? 0] = letter?.charCodeAt(0) ?? 0
    }
    if (slash) this.#escapes[0x2f] = 0x2f
  }

  /** Appends `bytes[start, end)` in quotes. */
  string(out: GrowingBytes, bytes: Buffer, start: number, end: number, has: number): void {
    out.reserve((has & this.mask) === 0 ? end - start + 2 : (end - start) * LONGEST + 2)
    out.bytes[out.used++] = QUOTE
    this.part(out, bytes, start, end, has)
    out.reserve(1)
    out.bytes[out.used++] = QUOTE
  }

  /** The same without quotes, for a string that is put together of several pieces. */
  part(out: GrowingBytes, bytes: Buffer, start: number, end: number, has: number): void {
    if ((has & this.mask) === 0) append(out, bytes, start, end)
    else this.#escape(out, bytes, start, end)
  }

  /** Appends `"name":`. */
  key(out: GrowingBytes, name: number): void {
    const key = name < 0 ? UNKNOWN_KEY : (this.#keys[name] ?? this.#makeKey(name))
    append(out, key, 0, key.length)
  }

  #makeKey(name: number): Buffer {
    const text = Buffer.concat([this.#prefix, NAMES.utf8(name)])
    const out = new GrowingBytes(text.length * LONGEST + 4)
    this.string(out, text, 0, text.length, classify(text, 0, text.length))
    appendByte(out, 0x3a)
    const key = out.bytes.subarray(0, out.used)
    this.#keys[name] = key
    return key
  }

  #escape(out: GrowingBytes, bytes: Buffer, start: number, end: number): void {
    out.reserve((end - start) * LONGEST)
    const target = out.bytes
    let to = out.used
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number
      const letter = byte < 0x80 ? (this.#escapes[byte] as number) : 0
      if (letter === 0) target[to++] = byte
      else if (letter > 1) {
        target[to++] = BACKSLASH
        target[to++] = letter
      } else to = writeUnicodeEscape(target, to, byte)
    }
    out.used = to
  }
}

/** Of a name that the table of names could not take. */
const UNKNOWN_KEY = Buffer.from('"?":', "latin1")

function writeUnicodeEscape(target: Buffer, at: number, byte: number): number {
  target[at] = BACKSLASH
  target[at + 1] = 0x75
  target[at + 2] = 0x30
  target[at + 3] = 0x30
  target[at + 4] = HEX[byte >> 4] as number
  target[at + 5] = HEX[byte & 15] as number
  return at + LONGEST
}

/** Appends `bytes[start, end)` as they are. */
export function append(out: GrowingBytes, bytes: Buffer, start: number, end: number): void {
  out.reserve(end - start)
  const target = out.bytes
  let to = out.used
  if (end - start > SHORT) {
    bytes.copy(target, to, start, end)
    out.used = to + end - start
    return
  }
  for (let at = start; at < end; at++) target[to++] = bytes[at] as number
  out.used = to
}

/** Appends a string of JavaScript. */
export function writeQuoted(out: GrowingBytes, text: string, style: JsonStyle): void {
  const bytes = Buffer.from(text, "utf8")
  style.string(out, bytes, 0, bytes.length, classify(bytes, 0, bytes.length))
}

/** Appends one ASCII character. */
export function appendByte(out: GrowingBytes, byte: number): void {
  out.reserve(1)
  out.bytes[out.used++] = byte
}

/** A decimal integer that JSON may hold as it stands and every reader takes exactly. */
export function isJsonNumber(bytes: Buffer, start: number, end: number): boolean {
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
