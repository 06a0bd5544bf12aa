/**
 * Reads one element with all that is in it from text onto a tape, as Windows, Event Viewer and the tools around them
 * write events. More lenient than XML: control characters, bare ampersands and CR LF are kept as they are.
 *
 *   <Event xmlns='…'><System><Provider Name='…'/>…</System><EventData><Data Name="a">b &amp; c</Data></EventData></Event>
 *
 * White space between elements is dropped; the text of an element without children is kept to the last blank, unless
 * it is the line break and indentation that a pretty printer puts before an end tag.
 * Source of truth: XML 1.0 (fifth edition), productions 14 to 44; [MS-EVEN6] for the grammar of events.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { EventTape } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import type { NameLookup } from "./name-lookup.ts"
import { isSpace, nameEnd, skipSpace } from "./xml-names.ts"
import { XmlText } from "./xml-text.ts"

const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const EQUALS = 0x3d
const BANG = 0x21
const QUESTION = 0x3f
const DASH = 0x2d
const BRACKET = 0x5b
const QUOTE = 0x22
const APOSTROPHE = 0x27
const LF = 0x0a
const CR = 0x0d
const MAX_DEPTH = LIMITS.xmlDepth.value
const NAME = NAMES.intern("Name")
/** Of names that are foretold apart: elements, attributes, values of `Name`. */
const KINDS = 3

/** `end`: the element is on the tape. `cut`: the text ends inside it. `damaged`: what stands at `at` does not fit. */
export type ScanResult = "end" | "cut" | "damaged"

export class XmlScanner {
  /** Index behind the element, or of what does not fit. */
  at = 0
  readonly #names: NameLookup
  #bytes: Buffer = Buffer.alloc(0)
  #end = 0
  #tape: EventTape
  #depth = 0
  /** For each open element: where its tag begins, its name ends, and whether it has child elements. */
  readonly #opened = new Int32Array(MAX_DEPTH)
  readonly #named = new Int32Array(MAX_DEPTH)
  readonly #hasChildren = new Uint8Array(MAX_DEPTH)
  readonly #text = new XmlText()
  /** Numbers of the last names of each kind: what comes next is likely to be what came behind them before. */
  #element = 0
  #attributeName = 0
  #value = 0

  constructor(names: NameLookup, tape: EventTape) {
    this.#names = names
    this.#tape = tape
  }

  /** Texts that were not UTF-8 and were read as windows-1252. */
  get strayTexts(): number {
    return this.#text.strayTexts
  }

  /** Reads the element whose `<` is at `start` behind what the tape holds; the tape is unusable unless it ends. */
  scan(bytes: Buffer, start: number, end: number, tape: EventTape): ScanResult {
    this.#bytes = bytes
    this.#end = end
    this.#tape = tape
    this.#depth = 0
    this.at = start
    this.#text.start(tape, bytes, end)
    while (this.at < end) {
      const result = bytes[this.at] === LT ? this.#tag() : this.#characters()
      if (result !== undefined) return result
      if (this.#depth === 0 && this.at > start) return "end"
    }
    return "cut"
  }

  #tag(): ScanResult | undefined {
    const next = this.#bytes[this.at + 1]
    if (this.at + 1 >= this.#end) return "cut"
    if (next === SLASH) return this.#close()
    if (next === BANG) return this.#declaration()
    if (next === QUESTION) return this.#instruction()
    return this.#open()
  }

  #open(): ScanResult | undefined {
    const start = this.at
    const named = nameEnd(this.#bytes, start + 1, this.#end)
    if (named === this.#end) return "cut"
    if (named === start + 1 || this.#depth === MAX_DEPTH) return "damaged"
    this.#text.end(true)
    if (this.#depth > 0) this.#hasChildren[this.#depth - 1] = 1
    this.#element = this.#names.findAfter(this.#element * KINDS, this.#bytes, start + 1, named)
    this.#attributeName = this.#element
    this.#tape.open(this.#element)
    this.#opened[this.#depth] = start
    this.#named[this.#depth] = named
    this.#hasChildren[this.#depth] = 0
    this.#depth++
    this.at = named
    const result = this.#attributes()
    this.#text.begin()
    return result
  }

  /** From behind the name to behind the `>` of the tag. */
  #attributes(): ScanResult | undefined {
    const bytes = this.#bytes
    for (;;) {
      const before = this.at
      this.at = skipSpace(bytes, before, this.#end)
      if (this.at >= this.#end) return "cut"
      const byte = bytes[this.at]
      if (byte === GT) {
        this.at++
        return undefined
      }
      if (byte === SLASH) return this.#empty()
      const result = this.at === before ? "damaged" : this.#attribute()
      if (result !== undefined) return result
    }
  }

  #empty(): ScanResult | undefined {
    if (this.at + 1 >= this.#end) return "cut"
    if (this.#bytes[this.at + 1] !== GT) return "damaged"
    this.at += 2
    this.#depth--
    this.#tape.close()
    return undefined
  }

  #attribute(): ScanResult | undefined {
    const bytes = this.#bytes
    const start = this.at
    const named = nameEnd(bytes, start, this.#end)
    const equals = skipSpace(bytes, named, this.#end)
    const from = skipSpace(bytes, equals + 1, this.#end)
    if (from >= this.#end) return "cut"
    const quote = bytes[from]
    if (named === start || bytes[equals] !== EQUALS || (quote !== QUOTE && quote !== APOSTROPHE))
      return "damaged"
    this.#text.begin()
    this.at = from + 1
    while (this.at < this.#end && bytes[this.at] !== quote) {
      if (bytes[this.at] === LT) return "damaged"
      this.at = this.#text.copy(this.at, quote)
    }
    if (this.at >= this.#end) return "cut"
    this.at++
    this.#attributeName = this.#names.findAfter(this.#attributeName * KINDS + 1, bytes, start, named)
    this.#addAttribute(this.#attributeName)
    return undefined
  }

  #addAttribute(name: number): void {
    const tape = this.#tape
    const text = this.#text
    text.settle()
    const valueName = name === NAME ? this.#findValue(tape.bytes, text.from, tape.length) : -1
    tape.attribute(name, text.from, tape.length, text.has, valueName)
  }

  #findValue(bytes: Buffer, start: number, end: number): number {
    const found = this.#names.tryFindAfter(this.#value * KINDS + 2, bytes, start, end)
    this.#value = Math.max(found, 0)
    return found
  }

  #close(): ScanResult | undefined {
    const bytes = this.#bytes
    const start = this.at + 2
    const named = nameEnd(bytes, start, this.#end)
    const closing = skipSpace(bytes, named, this.#end)
    if (closing >= this.#end) return "cut"
    if (bytes[closing] !== GT || !this.#isInnermost(start, named)) return "damaged"
    this.#depth--
    this.#text.end(this.#hasChildren[this.#depth] === 1 || this.#isIndentation())
    this.#tape.close()
    this.#text.begin()
    this.at = closing + 1
    return undefined
  }

  /** True when `bytes[start, end)` is the name of the innermost open element. */
  #isInnermost(start: number, end: number): boolean {
    if (this.#depth === 0) return false
    const bytes = this.#bytes
    const from = (this.#opened[this.#depth - 1] as number) + 1
    if ((this.#named[this.#depth - 1] as number) - from !== end - start) return false
    for (let at = start; at < end; at++) if (bytes[at] !== bytes[from + at - start]) return false
    return true
  }

  #declaration(): ScanResult | undefined {
    const bytes = this.#bytes
    if (this.at + 9 > this.#end) return "cut"
    if (bytes[this.at + 2] === DASH && bytes[this.at + 3] === DASH) {
      const end = this.#find("-->", this.at + 4)
      if (end < 0) return "cut"
      this.at = end + 3
      return undefined
    }
    return bytes[this.at + 2] === BRACKET ? this.#characterData() : "damaged"
  }

  /** `<![CDATA[…]]>` */
  #characterData(): ScanResult | undefined {
    const end = this.#find("]]>", this.at + 9)
    if (end < 0) return "cut"
    for (let at = this.at + 9; at < end; at++) this.#text.add(this.#bytes[at] as number)
    this.#text.isBlank = false
    this.at = end + 3
    return undefined
  }

  #instruction(): ScanResult | undefined {
    const end = this.#find("?>", this.at + 2)
    if (end < 0) return "cut"
    const named = Math.min(nameEnd(this.#bytes, this.at + 2, end), end)
    this.#text.end(this.#text.isBlank)
    this.#text.begin()
    for (let at = skipSpace(this.#bytes, named, end); at < end; at++)
      this.#text.add(this.#bytes[at] as number)
    this.#text.settle()
    const target = this.#names.find(this.#bytes, this.at + 2, named)
    this.#tape.instruction(target, this.#text.from, this.#tape.length, this.#text.has)
    this.#text.begin()
    this.at = end + 2
    return undefined
  }

  #find(mark: string, from: number): number {
    const found = this.#bytes.indexOf(mark, from, "latin1")
    return found < 0 || found + mark.length > this.#end ? -1 : found
  }

  #characters(): ScanResult | undefined {
    if (this.#depth === 0) return "damaged"
    this.at = this.#text.copy(this.at, LT)
    return undefined
  }

  /** The text of the element that closes is one line break and the blanks that stand before its start tag as well. */
  #isIndentation(): boolean {
    if (!this.#text.isBlank) return false
    const bytes = this.#bytes
    const opened = this.#opened[this.#depth] as number
    let indent = opened
    while (indent > 0 && (bytes[indent - 1] === 0x20 || bytes[indent - 1] === 0x09)) indent--
    const isFirst = indent === 0 || bytes[indent - 1] === LF
    const width = opened - indent
    const before = this.at - width - 1
    if (!isFirst || (width === 0 && this.#depth > 1) || bytes[before] !== LF) return false
    const start = bytes[before - 1] === CR ? before - 1 : before
    return bytes[start - 1] === GT && isSpaceOnly(bytes, before + 1, this.at)
  }
}

function isSpaceOnly(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(bytes[at] as number)) return false
  return true
}
