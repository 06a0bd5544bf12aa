/**
 * Compiles BinXML, of a template definition or bare in a record, to a program.
 *
 *   0f 01 01 00 · 41 ffff size name attributes · 06 name 05 01 count text · 02 · 0e 0300 06 · 04 · 00
 *
 * Only elements of a template definition have the dependency id behind the token.
 * Source of truth: [MS-EVEN6] 2.2.12; libyal's EVTX specification, "Binary XML".
 */
import { LIMITS } from "../../../base/limits.ts"
import { classify } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import type { ChunkNames } from "./chunk-names.ts"
import { DEFINITION_HEADER_BYTES, MORE, TOKEN } from "./layout.ts"
import type { Program } from "./program.ts"
import { ProgramWriter } from "./program-writer.ts"
import { putCodePoint, Utf16Text } from "./utf16.ts"

/** [MS-EVEN6]: the element depends on no substitution. */
const INDEPENDENT = 0xffff
const REPLACEMENT = 0xfffd
const ENTITIES: ReadonlyMap<string, number> = new Map([
  ["lt", 0x3c],
  ["gt", 0x3e],
  ["amp", 0x26],
  ["quot", 0x22],
  ["apos", 0x27],
])

/** Tells where the template instance at an offset of the chunk ends; -1 when none is there. */
export type MeasureInstance = (at: number) => number

export class Compiler {
  readonly #names: ChunkNames
  readonly #measure: MeasureInstance
  readonly #writer = new ProgramWriter()
  readonly #utf16 = new Utf16Text()
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  #isDefinition = false
  #depth = 0
  /** Names that the last definition refers to, `REFERENCE_STRIDE` integers each. */
  #references: number[] = []
  #start = 0
  /** Why the last compilation gave nothing. */
  failure = ""

  constructor(names: ChunkNames, measure: MeasureInstance) {
    this.#names = names
    this.#measure = measure
  }

  /** Where the last compilation stopped: behind the end token. */
  get end(): number {
    return this.#at
  }

  /** Where the last definition refers to names; see template-cache.ts. */
  get references(): Int32Array {
    return Int32Array.from(this.#references)
  }

  /** The template definition at an offset, whose header lies whole in the chunk; null with a `failure`. */
  definition(bytes: Buffer, offset: number, limit: number): Program | null {
    const from = offset + DEFINITION_HEADER_BYTES
    const end = from + bytes.readUInt32LE(offset + 20)
    if (end > limit) return this.#fail("its template reaches beyond the chunk")
    this.#begin(bytes, from, end, true)
    this.#start = offset
    if (!this.#fragment()) return null
    if (this.#at >= end) return this.#fail("its template has no end")
    this.#at++
    return this.#writer.finish(this.#at === end && !this.#names.isDamaged)
  }

  /** Bare elements from `from` on, up to an end token or the end of the value. */
  fragment(bytes: Buffer, from: number, end: number): Program | null {
    this.#begin(bytes, from, end, false)
    if (!this.#fragment()) return null
    if (this.#at < end) this.#at++
    return this.#writer.finish(!this.#names.isDamaged)
  }

  #begin(bytes: Buffer, from: number, end: number, isDefinition: boolean): void {
    this.#bytes = bytes
    this.#at = from
    this.#end = end
    this.#isDefinition = isDefinition
    this.#depth = 0
    this.#references = []
    this.#names.isDamaged = false
    this.#writer.begin()
    this.failure = ""
  }

  #fail(reason: string): null {
    this.failure = reason
    return null
  }

  #stop(reason: string): false {
    this.failure = reason
    return false
  }

  /** Elements, headers and instructions up to the end token, which is left. */
  #fragment(): boolean {
    while (this.#at < this.#end) {
      const token = (this.#bytes[this.#at] as number) & ~MORE
      if (token === TOKEN.end) return true
      if (token === TOKEN.fragment) this.#at += 4
      else if (!this.#node(token)) return false
    }
    return this.#at === this.#end || this.#stop("its BinXML reaches beyond its end")
  }

  /** What may stand at the top and in an element. */
  #node(token: number): boolean {
    if (token === TOKEN.open) return this.#element()
    if (token === TOKEN.piTarget) return this.#instruction()
    if (token === TOKEN.instance && !this.#isDefinition) return this.#instance()
    return this.#stop(`token 0x${token.toString(16)} cannot stand there`)
  }

  #element(): boolean {
    if (this.#depth >= LIMITS.binXmlDepth.value) return this.#stop("its elements are nested too deep")
    const hasAttributes = ((this.#bytes[this.#at] as number) & MORE) !== 0
    this.#at++
    const dependency = this.#isDefinition ? this.#u16() : INDEPENDENT
    this.#at += 4
    const name = this.#name()
    if (name < 0) return false
    const mark = this.#writer.open(name)
    if (hasAttributes) this.#at += 4
    if (hasAttributes && !this.#attributes(name)) return false
    this.#depth++
    const isWhole = this.#content(name)
    this.#depth--
    if (!isWhole) return false
    // An event whose payload is NULL is an event all the same: the root stays.
    const isFree = dependency === INDEPENDENT || this.#depth === 0
    this.#writer.close(mark, isFree ? -1 : dependency)
    return true
  }

  #attributes(element: number): boolean {
    while (((this.#bytes[this.#at] as number) & ~MORE) === TOKEN.attribute && this.#at < this.#end) {
      this.#at++
      const name = this.#name()
      if (name < 0) return false
      for (;;) {
        const token = (this.#bytes[this.#at] as number) & ~MORE
        if (token < TOKEN.value || token === TOKEN.attribute || this.#at >= this.#end) break
        if (!this.#piece(token)) return false
      }
      this.#writer.attribute(element, name)
    }
    return true
  }

  /** Behind the attributes up to the end of the element. */
  #content(element: number): boolean {
    const first = this.#bytes[this.#at++]
    if (first === TOKEN.closeEmpty) return true
    if (first !== TOKEN.closeStart) return this.#stop("its start of an element is not closed")
    while (this.#at < this.#end) {
      const token = (this.#bytes[this.#at] as number) & ~MORE
      if (token === TOKEN.endElement) {
        this.#at++
        this.#writer.text(element)
        return true
      }
      const isPiece = token >= TOKEN.value && token !== TOKEN.instance && token !== TOKEN.piTarget
      if (!isPiece) this.#writer.text(-1)
      if (!(isPiece ? this.#piece(token) : this.#child(token))) return false
    }
    return this.#stop("its element is not closed")
  }

  #child(token: number): boolean {
    this.#writer.hasChildren()
    return this.#node(token)
  }

  /** A piece of text: of an element or an attribute. */
  #piece(token: number): boolean {
    if (token === TOKEN.value) {
      if (this.#bytes[this.#at + 1] !== 1) return this.#stop("its constant is no string")
      this.#at += 2
      return this.#characters()
    }
    this.#at++
    if (token === TOKEN.cdata) return this.#characters()
    if (token === TOKEN.normal || token === TOKEN.optional) return this.#substitution(token)
    if (token === TOKEN.charRef) return this.#codePoint(this.#u16())
    if (token === TOKEN.entityRef) return this.#entity()
    return this.#stop(`token 0x${token.toString(16)} cannot stand there`)
  }

  #substitution(token: number): boolean {
    if (!this.#isDefinition) return this.#stop("it has a substitution outside a template")
    const slot = this.#u16()
    this.#at++
    this.#writer.slot(slot, token === TOKEN.optional)
    return true
  }

  /** u16 count, UTF-16 */
  #characters(): boolean {
    const from = this.#at + 2
    const end = from + this.#u16() * 2
    if (end > this.#end) return this.#stop("its text reaches beyond its end")
    const { literals, literalEnd } = this.#writer.reserve((end - from) * 2)
    const written = this.#utf16.write(this.#bytes, from, end, literals, literalEnd)
    this.#writer.literal(written, this.#utf16.has)
    this.#at = end
    return true
  }

  #entity(): boolean {
    const name = this.#name()
    if (name < 0) return false
    const text = NAMES.text(name)
    const point = ENTITIES.get(text)
    if (point !== undefined) return this.#codePoint(point)
    const { literals, literalEnd } = this.#writer.reserve(text.length * 3 + 2)
    const written = literalEnd + literals.write(`&${text};`, literalEnd)
    this.#writer.literal(written, classify(literals, literalEnd, written))
    return true
  }

  #codePoint(point: number): boolean {
    const isHalf = point >= 0xd800 && point < 0xe000
    const { literals, literalEnd } = this.#writer.reserve(4)
    const written = putCodePoint(literals, literalEnd, isHalf || point === 0 ? REPLACEMENT : point)
    this.#writer.literal(written, classify(literals, literalEnd, written))
    return true
  }

  /** Target and data of a processing instruction. */
  #instruction(): boolean {
    this.#at++
    const target = this.#name()
    if (target < 0) return false
    const hasData = this.#bytes[this.#at] === TOKEN.piData && this.#at < this.#end
    if (hasData) {
      this.#at++
      if (!this.#characters()) return false
    }
    this.#writer.instruction(target)
    return true
  }

  #instance(): boolean {
    const end = this.#measure(this.#at)
    if (end < 0 || end > this.#end) return this.#stop("it has a broken template instance inside")
    this.#writer.instance(this.#at)
    this.#at = end
    return true
  }

  #u16(): number {
    const at = this.#at
    this.#at = at + 2
    return (this.#bytes[at] as number) | ((this.#bytes[at + 1] as number) << 8)
  }

  /** A reference to a name, which may stand right behind it. */
  #name(): number {
    const at = this.#at
    const bytes = this.#bytes
    const offset =
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)) >>>
      0
    this.#at = at + 4
    const id = offset <= this.#at ? this.#names.at(offset) : -1
    if (id < 0) this.failure = "one of its names is not where it should be"
    else {
      if (offset === this.#at) this.#at += this.#names.length(offset)
      if (this.#isDefinition) this.#references.push(at - this.#start, this.#at - this.#start, id)
    }
    return id
  }
}
