/**
 * One JSON value as flat nodes over its bytes. Everything is checked against the grammar, but only what some shape is
 * read by becomes nodes: the rest is passed over, which is what makes this fast.
 *
 *   {"pid":7,"x":{…},"args":["a"]}    object(next 4) · number pid · object, no key · array args, as one stretch
 *
 * Source of truth: RFC 8259. With `isLenient` a backslash that begins no escape, and control characters, count as text.
 */
import { LIMITS } from "../../../base/limits.ts"
import { escapeLength, LETTER_U, UNICODE_BYTES } from "./json-text.ts"
import { findKey, STRETCH_KEYS } from "./keys.ts"

export const JSON_KIND = {
  object: 1,
  array: 2,
  string: 3,
  /** A string with backslashes in it. */
  escaped: 4,
  number: 5,
  true: 6,
  false: 7,
  null: 8,
} as const

/** `end`: the value is whole. `more`: the bytes end inside it. `damaged`: it is no JSON. */
export type JsonResult = "end" | "more" | "damaged"

/** kind, start, end, next, key, start of the key, end of the key; a power of two. */
const STRIDE = 8
const FIRST_NODES = 512
const KEPT_NODES = 65_536
const MAX_DEPTH = LIMITS.jsonDepth.value
const MAX_NODES = LIMITS.messageNodes.value
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Bytes that end a run of plain text in a string. */
const STOPS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
)
const SPACES = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0x20, 0x09, 0x0a, 0x0d].includes(byte) ? 1 : 0,
)

export class JsonTape {
  bytes: Buffer = Buffer.alloc(0)
  /** Index behind the value, or of what does not fit. */
  at = 0
  count = 0
  /** Hand-made JSON: set before `parse`. */
  isLenient = false
  /** Something was read that only leniency allows. */
  wasLenient = false
  private nodes = new Int32Array(FIRST_NODES * STRIDE)
  private end_ = 0
  private depth = 0
  private hasEscape = false

  /** Reads the value that begins at `start`; node 0 is its root. `bytes[end]` must be there, and 0. */
  parse(bytes: Buffer, start: number, end: number): JsonResult {
    if (this.nodes.length > KEPT_NODES * STRIDE) this.nodes = new Int32Array(FIRST_NODES * STRIDE)
    this.bytes = bytes
    this.at = start
    this.count = 0
    this.end_ = end
    this.depth = 0
    this.wasLenient = false
    if (this.value(-1, 0, 0)) return "end"
    return this.at >= end ? "more" : "damaged"
  }

  kind(node: number): number {
    return this.nodes[node * STRIDE] as number
  }

  /** Of a string without its quotes. */
  start(node: number): number {
    return this.nodes[node * STRIDE + 1] as number
  }

  end(node: number): number {
    return this.nodes[node * STRIDE + 2] as number
  }

  /** The node behind this one and all that is in it. */
  next(node: number): number {
    return this.nodes[node * STRIDE + 3] as number
  }

  /** Number of a member's name; -1 for an item and for a name that nothing is read by. */
  key(node: number): number {
    return this.nodes[node * STRIDE + 4] as number
  }

  /** The name as it stands between its quotes. */
  keyStart(node: number): number {
    return this.nodes[node * STRIDE + 5] as number
  }

  keyEnd(node: number): number {
    return this.nodes[node * STRIDE + 6] as number
  }

  /** The member of an object with that key; of several the last, as JSON.parse has it. -1 if there is none. */
  find(object: number, key: number): number {
    if (object < 0 || this.kind(object) !== JSON_KIND.object) return -1
    const end = this.next(object)
    let found = -1
    for (let node = object + 1; node < end; node = this.next(node)) if (this.key(node) === key) found = node
    return found
  }

  isObject(node: number): boolean {
    return node >= 0 && this.kind(node) === JSON_KIND.object
  }

  isArray(node: number): boolean {
    return node >= 0 && this.kind(node) === JSON_KIND.array
  }

  isString(node: number): boolean {
    if (node < 0) return false
    const kind = this.kind(node)
    return kind === JSON_KIND.string || kind === JSON_KIND.escaped
  }

  isNumber(node: number): boolean {
    return node >= 0 && this.kind(node) === JSON_KIND.number
  }

  private value(key: number, keyStart: number, keyEnd: number): boolean {
    const { bytes } = this
    if (this.count === MAX_NODES) return false
    const byte = bytes[this.at] as number
    const start = this.at
    if (byte === QUOTE) {
      if (!this.string()) return false
      const kind = this.hasEscape ? JSON_KIND.escaped : JSON_KIND.string
      this.add(kind, start + 1, this.at - 1, key, keyStart, keyEnd)
      return true
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const kind = byte === OPEN_BRACE ? JSON_KIND.object : JSON_KIND.array
      const node = this.add(kind, start, start, key, keyStart, keyEnd)
      const isKept = key >= STRETCH_KEYS || keyEnd === 0
      const isWhole = isKept ? this.container(byte) : this.skip(byte)
      this.nodes[node * STRIDE + 2] = this.at
      this.nodes[node * STRIDE + 3] = this.count
      return isWhole
    }
    const kind = this.literal(byte)
    if (kind === 0) return false
    this.add(kind, start, this.at, key, keyStart, keyEnd)
    return true
  }

  /** An object or a list whose members become nodes. */
  private container(opening: number): boolean {
    if (this.depth === MAX_DEPTH) return false
    this.depth++
    const { bytes } = this
    const isObject = opening === OPEN_BRACE
    const closing = isObject ? CLOSE_BRACE : CLOSE_BRACKET
    this.at++
    this.space()
    if (bytes[this.at] === closing) return this.close()
    for (;;) {
      if (!(isObject ? this.member() : this.value(-1, 0, 0))) return false
      this.space()
      const byte = bytes[this.at]
      if (byte === closing) return this.close()
      if (byte !== COMMA) return false
      this.at++
      this.space()
    }
  }

  private member(): boolean {
    const { bytes } = this
    const keyStart = this.at + 1
    if (bytes[this.at] !== QUOTE || !this.string()) return false
    const keyEnd = this.at - 1
    const key = findKey(bytes, keyStart, keyEnd)
    if (!this.colon()) return false
    return this.value(key, keyStart, Math.max(1, keyEnd))
  }

  /** The same without nodes. */
  private skip(opening: number): boolean {
    if (this.depth === MAX_DEPTH) return false
    this.depth++
    const { bytes } = this
    const isObject = opening === OPEN_BRACE
    const closing = isObject ? CLOSE_BRACE : CLOSE_BRACKET
    this.at++
    this.space()
    if (bytes[this.at] === closing) return this.close()
    for (;;) {
      if (isObject && !(bytes[this.at] === QUOTE && this.string() && this.colon())) return false
      if (!this.skipValue()) return false
      this.space()
      const byte = bytes[this.at]
      if (byte === closing) return this.close()
      if (byte !== COMMA) return false
      this.at++
      this.space()
    }
  }

  private skipValue(): boolean {
    const byte = this.bytes[this.at] as number
    if (byte === QUOTE) return this.string()
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return this.skip(byte)
    return this.literal(byte) !== 0
  }

  private close(): boolean {
    this.at++
    this.depth--
    return true
  }

  private colon(): boolean {
    const { bytes } = this
    if (bytes[this.at] !== COLON) {
      this.space()
      if (bytes[this.at] !== COLON) return false
    }
    this.at++
    this.space()
    return true
  }

  private space(): void {
    const { bytes } = this
    let { at } = this
    while (SPACES[bytes[at] as number] === 1) at++
    this.at = at
  }

  /** From an opening quote to behind the closing one. */
  private string(): boolean {
    const { bytes } = this
    this.hasEscape = false
    let at = this.at + 1
    for (;;) {
      while (STOPS[bytes[at] as number] === 0) at++
      const byte = bytes[at]
      if (byte === QUOTE) {
        this.at = at + 1
        return true
      }
      const length = byte === BACKSLASH ? escapeLength(bytes, at) : 0
      if (length > 0) this.hasEscape = true
      else if (!this.takesStray(at)) return false
      at += Math.max(1, length)
    }
  }

  /** A byte in a string that the grammar does not allow. */
  private takesStray(at: number): boolean {
    const isEscape = this.bytes[at] === BACKSLASH
    const needed = !isEscape ? 1 : this.bytes[at + 1] === LETTER_U ? UNICODE_BYTES : 2
    const isCut = at + needed > this.end_
    this.at = isCut ? this.end_ : at
    if (isCut || !this.isLenient) return false
    if (isEscape) this.hasEscape = true
    this.wasLenient = true
    return true
  }

  /** Reads a number, true, false or null; 0 when it is none. */
  private literal(first: number): number {
    if (first === MINUS || isDigit(first)) return this.number() ? JSON_KIND.number : 0
    if (first === 0x74) return this.word("true") ? JSON_KIND.true : 0
    if (first === 0x66) return this.word("false") ? JSON_KIND.false : 0
    return first === 0x6e && this.word("null") ? JSON_KIND.null : 0
  }

  private word(text: string): boolean {
    for (let index = 1; index < text.length; index++) {
      this.at++
      if (this.bytes[this.at] !== text.charCodeAt(index)) return false
    }
    this.at++
    return true
  }

  private number(): boolean {
    const { bytes } = this
    if (bytes[this.at] === MINUS) this.at++
    if (bytes[this.at] === ZERO) this.at++
    else if (!this.digits()) return false
    if (bytes[this.at] === POINT) {
      this.at++
      if (!this.digits()) return false
    }
    if (((bytes[this.at] as number) | 0x20) !== 0x65) return true
    this.at++
    if (bytes[this.at] === MINUS || bytes[this.at] === 0x2b) this.at++
    return this.digits()
  }

  private digits(): boolean {
    const { bytes } = this
    let { at } = this
    while (isDigit(bytes[at] as number)) at++
    const isSome = at > this.at
    this.at = at
    return isSome
  }

  private add(
    kind: number,
    start: number,
    end: number,
    key: number,
    keyStart: number,
    keyEnd: number,
  ): number {
    const at = this.count * STRIDE
    if (at === this.nodes.length) {
      const grown = new Int32Array(this.nodes.length * 2)
      grown.set(this.nodes)
      this.nodes = grown
    }
    const { nodes } = this
    nodes[at] = kind
    nodes[at + 1] = start
    nodes[at + 2] = end
    nodes[at + 3] = this.count + 1
    nodes[at + 4] = key
    nodes[at + 5] = keyStart
    nodes[at + 6] = keyEnd
    return this.count++
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39
}
