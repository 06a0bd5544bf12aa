/**
 * Passes over JSON values and checks them against the grammar, without keeping anything of them.
 *
 * Source of truth: RFC 8259. With `isLenient` a backslash that begins no escape, and control characters, count as text.
 */
import { LIMITS } from "../../../base/limits.ts"
import { escapeLength, LETTER_U, UNICODE_BYTES } from "./json-text.ts"

export const MAX_DEPTH = LIMITS.jsonDepth.value
export const QUOTE = 0x22
export const COMMA = 0x2c
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d
const BACKSLASH = 0x5c
const COLON = 0x3a
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const PLUS = 0x2b
const LETTER_E = 0x65

/** Bytes that end a run of plain text in a string. */
export const STOPS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
)
const SPACES = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0x20, 0x09, 0x0a, 0x0d].includes(byte) ? 1 : 0,
)

export class JsonScanner {
  bytes: Buffer = Buffer.alloc(0)
  /** Index of what does not fit. */
  at = 0
  /** Hand-made JSON: set before anything is read. */
  isLenient = false
  /** Something was read that only leniency allows. */
  wasLenient = false
  protected last = 0
  protected depth = 0
  protected lastEscape = -1
  private readonly stack = new Uint8Array(MAX_DEPTH)

  /**
   * Index behind the value that begins at `start`, or -1. `bytes[end]` must be there, and 0. `depth` is the number of
   * objects and lists around it.
   */
  passOver(bytes: Buffer, start: number, end: number, depth: number): number {
    this.bytes = bytes
    this.last = end
    this.depth = depth
    const first = bytes[start]
    if (first === QUOTE) return this.string(start)
    return first === OPEN_BRACE || first === OPEN_BRACKET ? this.skip(start) : this.literal(start)
  }

  // Each of these takes the index of the first byte and gives the one behind, or -1 with `at` where it does not fit.

  /** An object or a list, without calls for what there is most of. */
  protected skip(start: number): number {
    const { bytes, stack } = this
    const outer = this.depth
    let depth = outer
    let at = start
    for (;;) {
      const first = bytes[at] as number
      if (first === OPEN_BRACE || first === OPEN_BRACKET) {
        if (depth === MAX_DEPTH) return this.fail(at)
        stack[depth++] = first
        at = this.space(at + 1)
        if (bytes[at] !== closingOf(first)) {
          if (first === OPEN_BRACE) at = this.name(at)
          if (at < 0) return -1
          continue
        }
      } else {
        at = first === QUOTE ? this.string(at) : this.literal(at)
        if (at < 0) return -1
      }
      at = this.space(at)
      while (bytes[at] !== COMMA) {
        if (bytes[at] !== closingOf(stack[depth - 1] as number)) return this.fail(at)
        at++
        if (--depth === outer) return at
        at = this.space(at)
      }
      at = this.space(at + 1)
      if (stack[depth - 1] === OPEN_BRACE) at = this.name(at)
      if (at < 0) return -1
    }
  }

  /** A member's name and the colon. */
  protected name(start: number): number {
    const { bytes } = this
    if (bytes[start] !== QUOTE) return this.fail(start)
    let at = start + 1
    while (STOPS[bytes[at] as number] === 0) at++
    at = bytes[at] === QUOTE ? at + 1 : this.string(start)
    if (at < 0) return -1
    return bytes[at] === COLON && bytes[at + 1] !== 0x20 ? this.space(at + 1) : this.colon(at)
  }

  protected colon(start: number): number {
    const at = this.space(start)
    return this.bytes[at] === COLON ? this.space(at + 1) : this.fail(at)
  }

  protected space(start: number): number {
    const { bytes } = this
    let at = start
    while (SPACES[bytes[at] as number] === 1) at++
    return at
  }

  /** From an opening quote to behind the closing one. */
  protected string(start: number): number {
    const { bytes } = this
    let at = start + 1
    for (;;) {
      while (STOPS[bytes[at] as number] === 0) at++
      const byte = bytes[at]
      if (byte === QUOTE) return at + 1
      const length = byte === BACKSLASH ? escapeLength(bytes, at) : 0
      if (length > 0) this.lastEscape = at
      else if (!this.takesStray(at)) return -1
      at += Math.max(1, length)
    }
  }

  /** A byte in a string that the grammar does not allow. */
  protected takesStray(at: number): boolean {
    const isEscape = this.bytes[at] === BACKSLASH
    const needed = !isEscape ? 1 : this.bytes[at + 1] === LETTER_U ? UNICODE_BYTES : 2
    const isCut = at + needed > this.last
    this.at = isCut ? this.last : at
    if (isCut || !this.isLenient) return false
    if (isEscape) this.lastEscape = at
    this.wasLenient = true
    return true
  }

  /** A number, true, false or null. */
  protected literal(start: number): number {
    const { bytes } = this
    const first = bytes[start] as number
    if (first > ZERO && first <= NINE) {
      let at = start + 1
      while (isDigit(bytes[at] as number)) at++
      const byte = bytes[at] as number
      return byte === POINT || (byte | 0x20) === LETTER_E ? this.fraction(at) : at
    }
    if (first === ZERO) return this.fraction(start + 1)
    if (first === MINUS) return bytes[start + 1] === ZERO ? this.fraction(start + 2) : this.signed(start + 1)
    return first === 0x74 ? this.word(start, "true") : this.otherWord(start, first)
  }

  protected otherWord(start: number, first: number): number {
    if (first === 0x66) return this.word(start, "false")
    return first === 0x6e ? this.word(start, "null") : this.fail(start)
  }

  protected word(start: number, text: string): number {
    for (let index = 1; index < text.length; index++) {
      if (this.bytes[start + index] !== text.charCodeAt(index)) return this.fail(start + index)
    }
    return start + text.length
  }

  protected signed(start: number): number {
    const at = this.digits(start)
    return at < 0 ? -1 : this.fraction(at)
  }

  /** What may follow the whole part. */
  protected fraction(start: number): number {
    const { bytes } = this
    let at = start
    if (bytes[at] === POINT) {
      at = this.digits(at + 1)
      if (at < 0) return -1
    }
    if (((bytes[at] as number) | 0x20) !== LETTER_E) return at
    const sign = bytes[at + 1]
    return this.digits(sign === MINUS || sign === PLUS ? at + 2 : at + 1)
  }

  protected digits(start: number): number {
    const { bytes } = this
    let at = start
    while (isDigit(bytes[at] as number)) at++
    return at > start ? at : this.fail(at)
  }

  protected fail(at: number): number {
    this.at = at
    return -1
  }
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function closingOf(opening: number): number {
  return opening === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET
}
