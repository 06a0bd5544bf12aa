/**
 * Follows the structure of a JSON object byte by byte, so that its end, or the place where it stops being JSON,
 * is found wherever chunks are cut.
 * Source of truth: RFC 8259.
 */
import { LIMITS } from "../../../base/limits.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** `more`: the bytes end inside the object. `end`: it is complete. `wrapper`: it only wraps a list of entries. */
export type ScanResult = "more" | "end" | "wrapper" | "damaged"

/** Scans one object at a time; `begin`, then `scan` for each stretch of bytes. */
export class JsonScanner {
  /** Index up to which the last `scan` came: after the object's end, or at the byte that does not fit. */
  at = 0
  readonly #stack = new Uint8Array(LIMITS.jsonDepth.value)
  #depth = 0
  #isInString = false
  #isEscaped = false
  /** Last byte outside of strings that is no white space; a quote stands for a whole string. */
  #last = 0
  /** The first key as far as it was read, to know a wrapper by. */
  #firstKey = ""
  #isFirstString = true

  /** The next byte scanned is the object's opening brace. */
  begin(): void {
    this.#depth = 0
    this.#isInString = false
    this.#isEscaped = false
    this.#last = 0
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
      if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue
      const result = this.#step(byte)
      if (result !== "more") return result
      this.#last = byte
    }
    return "more"
  }

  #step(byte: number): ScanResult {
    switch (byte) {
      case QUOTE:
        if (!this.#canBeginValue() && !this.#canBeginKey()) return "damaged"
        this.#isInString = true
        return "more"
      case OPEN_BRACE:
      case OPEN_BRACKET:
        return this.#open(byte)
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        return this.#close(byte)
      case COMMA:
      case COLON:
        return this.#last === COMMA || this.#last === COLON ? "damaged" : "more"
      default:
        return isLiteralByte(byte) && this.#depth > 0 ? "more" : "damaged"
    }
  }

  /** Steps over the string that `at` lies in, to its closing quote; false when bytes or the string's validity end. */
  #skipString(buffer: Buffer, end: number): boolean {
    for (; this.at < end; this.at++) {
      const byte = buffer[this.at] as number
      if (byte < 0x20) return false
      if (this.#isEscaped) this.#isEscaped = false
      else if (byte === BACKSLASH) this.#isEscaped = true
      else if (byte === QUOTE) {
        this.#isInString = false
        this.#isFirstString = false
        return true
      }
      if (this.#isFirstString && this.#firstKey.length < 8) this.#firstKey += String.fromCharCode(byte)
    }
    return false
  }

  #open(byte: number): ScanResult {
    if (this.#depth > 0 && !this.#canBeginValue()) return "damaged"
    if (this.#depth === 1 && byte === OPEN_BRACKET && this.#firstKey === "dmesg") return "wrapper"
    if (this.#depth === this.#stack.length) return "damaged"
    this.#stack[this.#depth++] = byte
    return "more"
  }

  #close(byte: number): ScanResult {
    const opened = this.#depth > 0 ? this.#stack[this.#depth - 1] : 0
    if (opened !== (byte === CLOSE_BRACE ? OPEN_BRACE : OPEN_BRACKET)) return "damaged"
    this.#depth--
    if (this.#depth > 0) return "more"
    this.at++
    return "end"
  }

  #canBeginValue(): boolean {
    if (this.#last === COLON) return true
    return (
      this.#stack[this.#depth - 1] === OPEN_BRACKET && (this.#last === OPEN_BRACKET || this.#last === COMMA)
    )
  }

  #canBeginKey(): boolean {
    return this.#stack[this.#depth - 1] === OPEN_BRACE && (this.#last === OPEN_BRACE || this.#last === COMMA)
  }
}

/** Bytes of numbers, true, false and null. */
function isLiteralByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  )
}
