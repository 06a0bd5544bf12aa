/**
 * Follows the structure of a JSON object byte by byte, so that its end, or the place where it stops being JSON,
 * is found wherever chunks are cut.
 * Source of truth: RFC 8259.
 */
import { hexValue } from "../../../base/digits.ts"
import { LIMITS } from "../../../base/limits.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const LETTER_U = 0x75
const ESCAPES: Buffer = Buffer.from('"\\/bfnrtu', "latin1")
const SIGNS: Buffer = Buffer.from("-+.E", "latin1")

/** `more`: the bytes end inside the object. `end`: it is complete. `wrapper`: it only wraps a list of entries. */
export type ScanResult = "more" | "end" | "wrapper" | "damaged"

/** What may come next, outside of strings; `first-…` allows the closing bracket, too. */
type Expected = "value" | "first-value" | "key" | "first-key" | "colon" | "next"

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/
/** No literal of a log is longer. */
const LITERAL_BYTES = 64
const HEX_DIGITS = 4

/**
 * Scans one object at a time; `begin`, then `scan` for each stretch of bytes. What it finds complete, JSON.parse
 * takes: an exception for each of millions of bad lines would cost a thousand times more.
 */
export class JsonScanner {
  /** Index up to which the last `scan` came: after the object's end, or at the byte that does not fit. */
  at = 0
  readonly #stack = new Uint8Array(LIMITS.jsonDepth.value)
  #depth = 0
  #expected: Expected = "value"
  #isInString = false
  #isEscaped = false
  /** Hex digits of a `\u` escape still to come. */
  #hexDue = 0
  #literal = ""
  /** The first key as far as it was read, to know a wrapper by. */
  #firstKey = ""
  #isFirstString = true

  /** The next byte scanned is the object's opening brace. */
  begin(): void {
    this.#depth = 0
    this.#expected = "value"
    this.#isInString = false
    this.#isEscaped = false
    this.#hexDue = 0
    this.#literal = ""
    this.#firstKey = ""
    this.#isFirstString = true
  }

  scan(buffer: Buffer, start: number, end: number): ScanResult {
    for (this.at = start; this.at < end; this.at++) {
      if (this.#isInString) {
        if (!this.#skipString(buffer, end)) return this.at < end ? "damaged" : "more"
        continue
      }
      const byte = buffer[this.at] as number
      const result = isLiteralByte(byte) ? this.#addLiteral(byte) : this.#step(byte)
      if (result !== "more") return result
    }
    return "more"
  }

  #step(byte: number): ScanResult {
    if (this.#literal !== "" && !this.#endLiteral()) return "damaged"
    switch (byte) {
      case 0x20:
      case 0x09:
      case 0x0a:
      case 0x0d:
        return "more"
      case QUOTE:
        return this.#beginString()
      case OPEN_BRACE:
      case OPEN_BRACKET:
        return this.#open(byte)
      case CLOSE_BRACE:
        return this.#close(OPEN_BRACE, "first-key")
      case CLOSE_BRACKET:
        return this.#close(OPEN_BRACKET, "first-value")
      case COMMA:
        return this.#take("next", this.#stack[this.#depth - 1] === OPEN_BRACE ? "key" : "value")
      case COLON:
        return this.#take("colon", "value")
      default:
        return "damaged"
    }
  }

  #take(expected: Expected, next: Expected): ScanResult {
    if (this.#expected !== expected) return "damaged"
    this.#expected = next
    return "more"
  }

  #beginString(): ScanResult {
    if (this.#depth === 0) return "damaged"
    if (this.#isValueDue()) this.#expected = "next"
    else if (this.#expected === "key" || this.#expected === "first-key") this.#expected = "colon"
    else return "damaged"
    this.#isInString = true
    return "more"
  }

  /** Steps over the string that `at` lies in, to its closing quote; false when bytes or the string's validity end. */
  #skipString(buffer: Buffer, end: number): boolean {
    for (; this.at < end; this.at++) {
      if (!this.#isFirstString) this.#skipPlain(buffer, end)
      if (this.at === end) return false
      const byte = buffer[this.at] as number
      if (byte < 0x20) return false
      if (this.#hexDue > 0) {
        if (hexValue(byte) < 0) return false
        this.#hexDue--
      } else if (this.#isEscaped) {
        if (!ESCAPES.includes(byte)) return false
        this.#isEscaped = false
        if (byte === LETTER_U) this.#hexDue = HEX_DIGITS
      } else if (byte === BACKSLASH) this.#isEscaped = true
      else if (byte === QUOTE) {
        this.#isInString = false
        this.#isFirstString = false
        return true
      }
      if (this.#isFirstString && this.#firstKey.length < 8) this.#firstKey += String.fromCharCode(byte)
    }
    return false
  }

  /** Steps over the bytes of a string that need no look: the most of them. */
  #skipPlain(buffer: Buffer, end: number): void {
    if (this.#isEscaped || this.#hexDue > 0) return
    let at = this.at
    for (; at < end; at++) {
      const byte = buffer[at] as number
      if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) break
    }
    this.at = at
  }

  #addLiteral(byte: number): ScanResult {
    if (this.#literal === "" && !(this.#depth > 0 && this.#isValueDue())) return "damaged"
    this.#literal += String.fromCharCode(byte)
    return this.#literal.length > LITERAL_BYTES ? "damaged" : "more"
  }

  #endLiteral(): boolean {
    const isLiteral = LITERAL.test(this.#literal)
    this.#literal = ""
    this.#expected = "next"
    return isLiteral
  }

  #open(byte: number): ScanResult {
    if (!this.#isValueDue()) return "damaged"
    if (this.#depth === 1 && byte === OPEN_BRACKET && this.#firstKey === "dmesg") return "wrapper"
    if (this.#depth === this.#stack.length) return "damaged"
    this.#stack[this.#depth++] = byte
    this.#expected = byte === OPEN_BRACE ? "first-key" : "first-value"
    return "more"
  }

  #close(opening: number, whenEmpty: Expected): ScanResult {
    const isAllowed = this.#expected === "next" || this.#expected === whenEmpty
    if (!isAllowed || this.#depth === 0 || this.#stack[this.#depth - 1] !== opening) return "damaged"
    this.#depth--
    this.#expected = "next"
    if (this.#depth > 0) return "more"
    this.at++
    return "end"
  }

  #isValueDue(): boolean {
    return this.#expected === "value" || this.#expected === "first-value"
  }
}

/** Bytes of numbers, true, false and null. */
function isLiteralByte(byte: number): boolean {
  const isLetter = byte >= 0x61 && byte <= 0x7a
  return isLetter || (byte >= 0x30 && byte <= 0x39) || SIGNS.includes(byte)
}
