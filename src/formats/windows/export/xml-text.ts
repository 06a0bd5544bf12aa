/**
 * The text of the element or attribute that is being read, put together at the tape's end: characters as they stand,
 * references as what they mean.
 */
import { type EventTape, HAS, TEXT_CLASSES } from "../event-tape.ts"
import { isWellFormed, settleStrayBytes } from "./stray-bytes.ts"
import { isSpace } from "./xml-names.ts"
import { readReference } from "./xml-references.ts"

const LT = 0x3c
const AMPERSAND = 0x26
const DASH = 0x2d
/** Type of a text that no template declares. */
const PLAIN = 0x01

export class XmlText {
  /** The text so far is `tape.bytes[from, tape.length)`. */
  from = 0
  /** `HAS` of it. */
  has = 0
  isBlank = true
  /** Texts that were not UTF-8 and were read as windows-1252. */
  strayTexts = 0
  #tape!: EventTape
  #bytes: Buffer = Buffer.alloc(0)
  #end = 0

  /** Text comes from `bytes`, which end at `end`, and goes to `tape`. */
  start(tape: EventTape, bytes: Buffer, end: number): void {
    this.#tape = tape
    this.#bytes = bytes
    this.#end = end
    this.begin()
  }

  /** Takes the text from `start` up to `stop`, `<` or `&`, or the one reference there; returns where it ends. */
  copy(start: number, stop: number | undefined): number {
    const bytes = this.#bytes
    if (bytes[start] === AMPERSAND) return this.#reference(start)
    const tape = this.#tape
    tape.reserve(this.#end - start)
    const target = tape.bytes
    let out = tape.length
    let has = this.has
    let at = start
    for (; at < this.#end; at++) {
      const byte = bytes[at] as number
      if (byte === stop || byte === LT || byte === AMPERSAND) break
      has |= byte < 0x80 ? (TEXT_CLASSES[byte] as number) : HAS.wide
      target[out++] = byte
    }
    if (this.isBlank) this.isBlank = isBlank(bytes, start, at)
    this.has = has
    tape.length = out
    return at
  }

  #reference(start: number): number {
    const tape = this.#tape
    tape.reserve(4)
    const { length, end } = readReference(this.#bytes, start, this.#end, tape.bytes, tape.length)
    for (let at = tape.length; at < end; at++) this.#classify(tape.bytes[at] as number)
    tape.length = end
    this.isBlank = false
    return start + length
  }

  add(byte: number): void {
    this.#tape.reserve(1)
    this.#tape.bytes[this.#tape.length++] = byte
    this.#classify(byte)
  }

  #classify(byte: number): void {
    this.has |= byte < 0x80 ? (TEXT_CLASSES[byte] as number) : HAS.wide
  }

  begin(): void {
    this.from = this.#tape.length
    this.has = 0
    this.isBlank = true
  }

  /** Puts the text so far on the tape; blank text is dropped where there are elements beside it. */
  end(isBetween: boolean): void {
    const tape = this.#tape
    if (tape.length === this.from) return
    if (isBetween && this.isBlank) {
      tape.length = this.from
      return
    }
    this.settle()
    tape.text(PLAIN, this.from, tape.length, this.has)
  }

  /** Sees to it that the text so far is UTF-8. */
  settle(): void {
    if ((this.has & HAS.wide) === 0) return
    if (isWellFormed(this.#tape.bytes, this.from, this.#tape.length)) return
    this.has = settleStrayBytes(this.#tape, this.from)
    this.strayTexts++
  }
}

/** White space, and the dash that the old viewer puts before an element that can be folded. */
function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (isSpace(byte) || byte === DASH) continue
    const isNoBreakSpace = byte === 0xc2 && bytes[at + 1] === 0xa0
    if (!isNoBreakSpace) return false
    at++
  }
  return true
}
