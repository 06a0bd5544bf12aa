/**
 * One JSON value as flat nodes over its bytes. Everything is checked against the grammar, but only what some shape is
 * read by becomes nodes: the rest is passed over, which is what makes this fast.
 *
 *   {"pid":7,"x":{…},"args":["a"]}    object(next 4) · number pid · object, no key · array args, as one stretch
 *
 * Source of truth: RFC 8259.
 */
import { LIMITS } from "../../../base/limits.ts"
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  JsonScanner,
  MAX_DEPTH,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "./json-scanner.ts"
import { findKey, KEY, STRETCH_KEYS } from "./keys.ts"

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

/** kind, start, end, next, key, start of the key, end of the key, whether it was looked at; a power of two. */
const STRIDE = 8
const FIRST_NODES = 512
const KEPT_NODES = 65_536
const MAX_NODES = LIMITS.messageNodes.value

export class JsonTape extends JsonScanner {
  count = 0
  private nodes = new Int32Array(FIRST_NODES * STRIDE)

  /** Reads the value that begins at `start`; node 0 is its root. `bytes[end]` must be there, and 0. */
  parse(bytes: Buffer, start: number, end: number): JsonResult {
    if (this.nodes.length > KEPT_NODES * STRIDE) this.nodes = new Int32Array(FIRST_NODES * STRIDE)
    this.bytes = bytes
    this.at = start
    this.count = 0
    this.last = end
    this.depth = 0
    this.wasLenient = false
    this.lastEscape = -1
    const at = this.value(start, -1, 0, 0)
    if (at < 0) return this.at >= end ? "more" : "damaged"
    this.at = at
    return "end"
  }

  kind(node: number): number {
    return this.nodes[node * STRIDE] as number
  }

  /** Of a string without its quotes. The node counts as looked at: without its start nothing of it can be read. */
  start(node: number): number {
    this.nodes[node * STRIDE + 7] = 1
    return this.nodes[node * STRIDE + 1] as number
  }

  wasLookedAt(node: number): boolean {
    return this.nodes[node * STRIDE + 7] === 1
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

  // Each of these takes the index of the first byte and gives the one behind, or -1 with `at` where it does not fit.

  private value(start: number, key: number, keyStart: number, keyEnd: number): number {
    const byte = this.bytes[start] as number
    if (byte === QUOTE) {
      const at = this.string(start)
      if (at < 0) return -1
      const kind = this.lastEscape > start ? JSON_KIND.escaped : JSON_KIND.string
      return this.add(kind, start + 1, at - 1, key, keyStart, keyEnd) < 0 ? this.fail(at) : at
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const kind = byte === OPEN_BRACE ? JSON_KIND.object : JSON_KIND.array
      const node = this.add(kind, start, start, key, keyStart, keyEnd)
      if (node < 0) return this.fail(start)
      // Of what is kept as one stretch only lists and file facts are large: `arguments` is also an object of BSM.
      const isKept = key >= STRETCH_KEYS || keyEnd === 0 || (key === KEY.arguments && byte === OPEN_BRACE)
      const at = isKept ? this.container(start, byte) : this.skip(start)
      this.nodes[node * STRIDE + 2] = at
      this.nodes[node * STRIDE + 3] = this.count
      return at
    }
    const at = this.literal(start)
    if (at < 0) return -1
    return this.add(literalKind(byte), start, at, key, keyStart, keyEnd) < 0 ? this.fail(start) : at
  }

  /** An object or a list whose members become nodes. */
  private container(start: number, opening: number): number {
    if (this.depth === MAX_DEPTH) return this.fail(start)
    this.depth++
    const { bytes } = this
    const isObject = opening === OPEN_BRACE
    const closing = isObject ? CLOSE_BRACE : CLOSE_BRACKET
    let at = this.space(start + 1)
    if (bytes[at] !== closing) {
      for (;;) {
        at = isObject ? this.member(at) : this.value(at, -1, 0, 0)
        if (at < 0) return -1
        at = this.space(at)
        const byte = bytes[at]
        if (byte === closing) break
        if (byte !== COMMA) return this.fail(at)
        at = this.space(at + 1)
      }
    }
    this.depth--
    return at + 1
  }

  private member(start: number): number {
    const { bytes } = this
    if (bytes[start] !== QUOTE) return this.fail(start)
    const end = this.string(start)
    if (end < 0) return -1
    const key = findKey(bytes, start + 1, end - 1)
    const at = this.colon(end)
    return at < 0 ? -1 : this.value(at, key, start + 1, Math.max(1, end - 1))
  }

  private add(
    kind: number,
    start: number,
    end: number,
    key: number,
    keyStart: number,
    keyEnd: number,
  ): number {
    if (this.count === MAX_NODES) return -1
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
    nodes[at + 7] = 0
    return this.count++
  }
}

/** By the first byte of one that is whole. */
function literalKind(byte: number): number {
  if (byte === 0x74) return JSON_KIND.true
  if (byte === 0x66) return JSON_KIND.false
  return byte === 0x6e ? JSON_KIND.null : JSON_KIND.number
}
