/**
 * A JSON value as flat nodes over its bytes: numbers keep every digit, keys are numbers in `NAMES`, and nothing is
 * allocated for a value.
 *
 *   {"a":[1,"x"]}     object(next 4) · array key a (next 4) · number 1 · string x
 *
 * Source of truth: RFC 8259. More lenient: control characters in strings, but for line ends, stay as they are.
 */
import { LIMITS } from "../../../base/limits.ts"
import { keyOfEscaped } from "./json-text.ts"
import type { NameLookup } from "./name-lookup.ts"
import { isSpace, skipSpace } from "./xml-names.ts"

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

const STRIDE = 7
const FIRST_NODES = 256
const KEPT_NODES = 65_536
const MAX_DEPTH = LIMITS.jsonDepth.value
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const LF = 0x0a
const CR = 0x0d
const LITERALS = [
  [Buffer.from("true"), JSON_KIND.true],
  [Buffer.from("false"), JSON_KIND.false],
  [Buffer.from("null"), JSON_KIND.null],
] as const

export class JsonTree {
  bytes: Buffer = Buffer.alloc(0)
  /** Index behind the value, or of what does not fit. */
  at = 0
  count = 0
  /** Texts that were not UTF-8 and were read as windows-1252. */
  strayTexts = 0
  readonly #names: NameLookup
  #nodes = new Int32Array(FIRST_NODES * STRIDE)
  #end = 0
  #depth = 0
  #key = -1
  /** Of the member before, wherever it was. */
  #keyBefore = 0
  #keyStart = 0
  #keyEnd = 0
  #hasEscape = false

  constructor(names: NameLookup) {
    this.#names = names
  }

  /** Reads the value that begins at `start`; node 0 is its root. */
  parse(bytes: Buffer, start: number, end: number): JsonResult {
    if (this.#nodes.length > KEPT_NODES * STRIDE) this.#nodes = new Int32Array(FIRST_NODES * STRIDE)
    this.bytes = bytes
    this.at = start
    this.count = 0
    this.#end = end
    this.#depth = 0
    this.#key = -1
    return this.#value()
  }

  kind(node: number): number {
    return this.#nodes[node * STRIDE] as number
  }

  /** Of a string without its quotes. */
  start(node: number): number {
    return this.#nodes[node * STRIDE + 1] as number
  }

  end(node: number): number {
    return this.#nodes[node * STRIDE + 2] as number
  }

  /** The node behind this one and all that is in it. */
  next(node: number): number {
    return this.#nodes[node * STRIDE + 3] as number
  }

  /** Number in `NAMES` of a member's key; -1 for an item or a key that the table does not take. */
  key(node: number): number {
    return this.#nodes[node * STRIDE + 4] as number
  }

  /** The key as it stands between its quotes. */
  keyStart(node: number): number {
    return this.#nodes[node * STRIDE + 5] as number
  }

  keyEnd(node: number): number {
    return this.#nodes[node * STRIDE + 6] as number
  }

  /** Counts a key that the table of names did not take, and that was needed. */
  noteLostName(): void {
    this.#names.overflows++
  }

  isObject(node: number): boolean {
    return node >= 0 && this.kind(node) === JSON_KIND.object
  }

  isString(node: number): boolean {
    if (node < 0) return false
    const kind = this.kind(node)
    return kind === JSON_KIND.string || kind === JSON_KIND.escaped
  }

  isNull(node: number): boolean {
    return node < 0 || this.kind(node) === JSON_KIND.null
  }

  /** A string, number or boolean. */
  isScalar(node: number): boolean {
    if (node < 0) return false
    const kind = this.kind(node)
    return kind >= JSON_KIND.string && kind <= JSON_KIND.false
  }

  /** The first member of an object with that key; -1 if there is none or it is no object. */
  find(object: number, key: number): number {
    if (key < 0 || !this.isObject(object)) return -1
    const end = this.next(object)
    for (let node = object + 1; node < end; node = this.next(node)) if (this.key(node) === key) return node
    return -1
  }

  #value(): JsonResult {
    this.at = skipSpace(this.bytes, this.at, this.#end)
    if (this.at >= this.#end) return "more"
    const byte = this.bytes[this.at]
    if (byte === QUOTE) return this.#string()
    if (byte === OPEN_BRACE) return this.#container(JSON_KIND.object, CLOSE_BRACE)
    if (byte === OPEN_BRACKET) return this.#container(JSON_KIND.array, CLOSE_BRACKET)
    return this.#literal()
  }

  #string(): JsonResult {
    const start = this.at + 1
    const result = this.#skipString()
    if (result !== "end") return result
    this.#add(this.#hasEscape ? JSON_KIND.escaped : JSON_KIND.string, start, this.at - 1)
    return "end"
  }

  /** From an opening quote to behind the closing one. */
  #skipString(): JsonResult {
    const { bytes } = this
    this.#hasEscape = false
    let at = this.at + 1
    for (; at < this.#end; at++) {
      const byte = bytes[at] as number
      if (byte === QUOTE) break
      if (byte === BACKSLASH) {
        this.#hasEscape = true
        at++
      } else if (byte === LF || byte === CR) {
        this.at = at
        return "damaged"
      }
    }
    this.at = Math.min(at + 1, this.#end)
    return at < this.#end ? "end" : "more"
  }

  #container(kind: number, closing: number): JsonResult {
    if (this.#depth === MAX_DEPTH) return "damaged"
    this.#depth++
    const node = this.#add(kind, this.at, this.at)
    this.at++
    for (let isFirst = true; ; isFirst = false) {
      this.at = skipSpace(this.bytes, this.at, this.#end)
      if (this.at >= this.#end) return "more"
      const byte = this.bytes[this.at]
      if (byte === closing) break
      if (!isFirst && byte !== COMMA) return "damaged"
      if (!isFirst) this.at++
      const result = kind === JSON_KIND.object ? this.#member() : this.#item()
      if (result !== "end") return result
    }
    this.at++
    this.#depth--
    this.#nodes[node * STRIDE + 2] = this.at
    this.#nodes[node * STRIDE + 3] = this.count
    return "end"
  }

  #item(): JsonResult {
    this.#key = -1
    this.#keyStart = 0
    this.#keyEnd = 0
    return this.#value()
  }

  #member(): JsonResult {
    const { bytes } = this
    this.at = skipSpace(bytes, this.at, this.#end)
    if (this.at >= this.#end) return "more"
    if (bytes[this.at] !== QUOTE) return "damaged"
    const start = this.at + 1
    const result = this.#skipString()
    if (result !== "end") return result
    const end = this.at - 1
    const hasEscape = this.#hasEscape
    this.at = skipSpace(bytes, this.at, this.#end)
    if (this.at >= this.#end) return "more"
    if (bytes[this.at] !== COLON) return "damaged"
    this.at++
    this.#key = hasEscape
      ? keyOfEscaped(bytes, start, end)
      : this.#names.tryFindAfter(this.#keyBefore, bytes, start, end)
    this.#keyBefore = Math.max(this.#key, 0)
    this.#keyStart = start
    this.#keyEnd = end
    return this.#value()
  }

  #literal(): JsonResult {
    const { bytes } = this
    const start = this.at
    let at = start
    while (at < this.#end && isLiteral(bytes[at] as number)) at++
    if (at === this.#end) return "more"
    const first = bytes[start] as number
    const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39)
    const known = LITERALS.find(
      ([text]) => text.length === at - start && bytes.compare(text, 0, text.length, start, at) === 0,
    )
    if (!isNumber && known === undefined) return "damaged"
    this.at = at
    this.#add(known?.[1] ?? JSON_KIND.number, start, at)
    return "end"
  }

  #add(kind: number, start: number, end: number): number {
    const at = this.count * STRIDE
    if (at === this.#nodes.length) {
      const grown = new Int32Array(this.#nodes.length * 2)
      grown.set(this.#nodes)
      this.#nodes = grown
    }
    const nodes = this.#nodes
    nodes[at] = kind
    nodes[at + 1] = start
    nodes[at + 2] = end
    nodes[at + 3] = this.count + 1
    nodes[at + 4] = this.#key
    nodes[at + 5] = this.#keyStart
    nodes[at + 6] = this.#keyEnd
    return this.count++
  }
}

/** What numbers, true, false and null are made of. */
function isLiteral(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  )
}

/** What stands between values: white space, commas, brackets, the end of a wrapping object, RS (RFC 7464), a mark. */
export function isBetweenValues(byte: number): boolean {
  return (
    isSpace(byte) ||
    byte === COMMA ||
    byte === OPEN_BRACKET ||
    byte === CLOSE_BRACKET ||
    byte === CLOSE_BRACE ||
    byte === 0x1e ||
    byte === 0xef ||
    byte === 0xbb ||
    byte === 0xbf
  )
}
