/**
 * Runs the BinXML of a record, and puts the event it is onto the tape.
 *
 * What a NULL, an empty or an array value does to the element around it: docs of [MS-EVEN6] 2.2.15 to 2.2.18, and what
 * Windows' own exports show. A part that cannot be read is left out, and the rest is kept.
 */
import { LIMITS } from "../../../base/limits.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { itemLength } from "./array-items.ts"
import type { Instances } from "./instances.ts"
import { MORE, TOKEN, TYPE } from "./layout.ts"
import type { TimePrinter } from "./print-time.ts"
import { ELEMENT_STRIDE, OP, PIECE_STRIDE, type Program } from "./program.ts"
import { type Frame, SlotWriter } from "./slot-writer.ts"

export class RecordWriter {
  readonly #instances: Instances
  readonly #tape: EventTape
  readonly #slots: SlotWriter
  #bytes: Buffer = Buffer.alloc(0)
  #steps = 0
  /** Where the BinXML of the record ended, behind its end token. */
  end = 0
  /** Of the last record: why it gave nothing, or what of it was left out; "" when it is whole. */
  failure = ""
  /** True when a name of the last record was not as its hash says. */
  isDoubtful = false
  /** The template instance that the record is, or null. */
  #root: Program | null = null
  #rootCount = 0
  #from = 0

  constructor(instances: Instances, tape: EventTape) {
    this.#instances = instances
    this.#tape = tape
    this.#slots = new SlotWriter(instances.values, tape)
  }

  get times(): TimePrinter {
    return this.#slots.text.times
  }

  begin(bytes: Buffer): void {
    this.#bytes = bytes
    this.#slots.begin(bytes)
  }

  /** Reads the outermost instance of the record whose BinXML is `[from, limit)`. False with a `failure`. */
  prepare(from: number, limit: number): boolean {
    const bytes = this.#bytes
    let at = from
    this.failure = ""
    this.isDoubtful = false
    this.#root = null
    while (at < limit && ((bytes[at] as number) & ~MORE) === TOKEN.fragment) at += 4
    this.#from = at
    if (at >= limit) return this.#fail("it is empty")
    if (bytes[at] !== TOKEN.instance) return true
    const end = this.#instances.read(at, limit, 0)
    if (end < 0) return this.#fail(this.#instances.failure)
    this.#root = this.#instances.program
    this.#rootCount = this.#instances.count
    this.end = end < limit && bytes[end] === TOKEN.end ? end + 1 : end
    return true
  }

  /** Slots of the record's own template. */
  get root(): Program | null {
    return this.#root
  }

  /** Number of the value in a slot of the record's template when it has this type; -1 else. */
  slot(slot: number, type: number): number {
    if (slot < 0 || slot >= this.#rootCount) return -1
    return this.#instances.values.type(slot) === type ? this.#instances.values.from(slot) : -1
  }

  /** Writes the record that was prepared to the tape. False with a `failure`, and with nothing on the tape. */
  write(limit: number): boolean {
    const tape = this.#tape
    tape.reset()
    this.#steps = LIMITS.binXmlSteps.value
    const isWritten = this.#writeRoot(limit)
    if (isWritten && tape.count > 0 && tape.kind(0) === TAPE.open) return true
    if (isWritten) this.failure = "it has no element"
    tape.reset()
    return false
  }

  #writeRoot(limit: number): boolean {
    if (this.#root !== null) return this.#program(this.#root, 0, this.#rootCount, 0)
    const end = this.#elements(this.#from, limit, 0, 0)
    if (end >= 0) this.end = end
    return end >= 0
  }

  #fail(reason: string): false {
    this.failure = reason
    return false
  }

  #program(program: Program, base: number, count: number, depth: number): boolean {
    const tape = this.#tape
    const { literals } = program
    if (this.#isTooLarge()) return this.#tooLarge() > 0
    tape.reserve(literals.length)
    const start = tape.length
    literals.copy(tape.bytes, start)
    tape.length = start + literals.length
    if (!program.isVerified) this.isDoubtful = true
    const frame: Frame = { program, base, count, literals: start, depth }
    return this.#run(frame, 0, program.ops.length)
  }

  /** A value that is BinXML: instances and elements, one after another. What cannot be read is left out. */
  #nested(frame: Frame, from: number, end: number): boolean {
    const tape = this.#tape
    const { count, length, depth } = tape
    const base = frame.base + frame.count
    if (this.#nestedParts(from, end, base, frame.depth + 1)) return true
    if (this.#steps <= 0) return false
    tape.rewind(count, length, depth)
    return true
  }

  #nestedParts(from: number, end: number, base: number, depth: number): boolean {
    if (depth > LIMITS.binXmlDepth.value) return this.#fail("its BinXML is nested too deep")
    let at = from
    while (at < end) {
      const token = (this.#bytes[at] as number) & ~MORE
      if (token === TOKEN.end) at++
      else if (token === TOKEN.fragment) at += 4
      else {
        const isInstance = token === TOKEN.instance
        at = isInstance ? this.#instance(at, end, base, depth) : this.#elements(at, end, base, depth)
        if (at < 0) return false
      }
    }
    return true
  }

  #instance(at: number, limit: number, base: number, depth: number): number {
    if (--this.#steps < 0) return this.#tooLarge()
    const end = this.#instances.read(at, limit, base)
    const { program, count } = this.#instances
    if (end < 0 || program === null) {
      this.failure = this.#instances.failure
      return -1
    }
    return this.#program(program, base, count, depth) ? end : -1
  }

  /** Bare elements; returns their end, or -1. */
  #elements(at: number, limit: number, base: number, depth: number): number {
    if (--this.#steps < 0) return this.#tooLarge()
    const { compiler } = this.#instances
    const program = compiler.fragment(this.#bytes, at, limit)
    if (program === null) {
      this.failure = compiler.failure
      return -1
    }
    const end = Math.max(compiler.end, at + 1)
    return this.#program(program, base, 0, depth) ? end : -1
  }

  #tooLarge(): -1 {
    this.failure = "it grows beyond what an event can be"
    return -1
  }

  #isTooLarge(): boolean {
    const { count, length } = this.#tape
    return count > LIMITS.windowsEventItems.value || length > LIMITS.windowsEventBytes.value
  }

  /** The operations `[from, end)`. */
  #run(frame: Frame, from: number, end: number): boolean {
    const tape = this.#tape
    const { ops } = frame.program
    const { literals } = frame
    let at = from
    while (at < end) {
      switch (ops[at]) {
        case OP.elementPlain:
          tape.open(ops[at + 1] as number)
          at += ELEMENT_STRIDE
          break
        case OP.elementOne:
        case OP.elementMany: {
          const next = this.#element(frame, at)
          if (next < 0) return false
          at = next
          break
        }
        case OP.close:
          tape.close()
          at++
          break
        case OP.attributeText:
          tape.attribute(
            ops[at + 1] as number,
            literals + (ops[at + 2] as number),
            literals + (ops[at + 3] as number),
            ops[at + 4] as number,
            ops[at + 5] as number,
          )
          at += 6
          break
        case OP.attributeSlot:
          this.#slots.attribute(frame, at)
          at += 5
          break
        case OP.text:
          tape.text(
            TYPE.string,
            literals + (ops[at + 1] as number),
            literals + (ops[at + 2] as number),
            ops[at + 3] as number,
          )
          at += 4
          break
        case OP.textSlot:
          if (!this.#value(frame, ops[at + 1] as number)) return false
          at += 2
          break
        default: {
          const next = this.#rare(frame, at)
          if (next < 0) return false
          at = next
        }
      }
    }
    return true
  }

  #rare(frame: Frame, at: number): number {
    const { ops } = frame.program
    const tape = this.#tape
    switch (ops[at]) {
      case OP.attributeMixed:
        return this.#slots.mixedAttribute(frame, at)
      case OP.textMixed:
        return this.#mixedText(frame, at)
      case OP.instance: {
        const base = frame.base + frame.count
        const end = this.#instance(ops[at + 1] as number, this.#bytes.length, base, frame.depth + 1)
        return end < 0 ? -1 : at + 2
      }
      default:
        tape.instruction(
          ops[at + 1] as number,
          frame.literals + (ops[at + 2] as number),
          frame.literals + (ops[at + 3] as number),
          ops[at + 4] as number,
        )
        return at + 5
    }
  }

  /** Opens the element, leaves it out, or repeats it for an array; returns where to go on, or -1. */
  #element(frame: Frame, at: number): number {
    const { ops, lists } = frame.program
    const end = ops[at + 2] as number
    const dependency = ops[at + 3] as number
    const drop = ops[at + 4] as number
    if (dependency >= 0 && this.#slots.type(frame, dependency) === TYPE.null) return end
    if (drop >= 0 && this.#slots.type(frame, drop) === TYPE.null) return end
    const tape = this.#tape
    if (ops[at] === OP.elementOne) {
      const slot = ops[at + 6] as number
      if (slot >= 0 && this.#slots.type(frame, slot) >= TYPE.array) return this.#repeat(frame, at, slot)
    } else {
      const from = ops[at + 6] as number
      for (let next = from; next < from + (ops[at + 5] as number); next++) {
        const slot = lists[next] as number
        if (this.#slots.type(frame, slot) >= TYPE.array) return this.#repeat(frame, at, slot)
      }
    }
    if (this.#isTooLarge()) return this.#tooLarge()
    tape.open(ops[at + 1] as number)
    return at + ELEMENT_STRIDE
  }

  /** The element at `at` once for each item of the array in `slot`; an empty array gives one empty element. */
  #repeat(frame: Frame, at: number, slot: number): number {
    const { values } = this.#instances
    const index = frame.base + slot
    const type = values.type(index)
    const from = values.from(index)
    const length = values.length(index)
    const end = frame.program.ops[at + 2] as number
    let next = from
    let isWritten = true
    do {
      if (--this.#steps < 0) isWritten = this.#tooLarge() > 0
      const item = itemLength(this.#bytes, type & ~TYPE.array, next, from + length, length)
      values.set(index, length === 0 ? TYPE.string : type & ~TYPE.array, next, item)
      isWritten = isWritten && this.#runItem(frame, at, end)
      next += item
    } while (isWritten && next < from + length)
    values.set(index, type, from, length)
    return isWritten ? end : -1
  }

  #itemDepth = 0

  /** Other arrays in the same element are repeated inside. */
  #runItem(frame: Frame, at: number, end: number): boolean {
    if (this.#itemDepth >= LIMITS.binXmlDepth.value) return this.#tooLarge() > 0
    this.#itemDepth++
    const isWritten = this.#run(frame, at, end)
    this.#itemDepth--
    return isWritten
  }

  #value(frame: Frame, slot: number): boolean {
    const type = this.#slots.type(frame, slot)
    if (type === TYPE.null) return true
    const index = frame.base + slot
    if (type === TYPE.binXml) {
      const from = this.#instances.values.from(index)
      return this.#nested(frame, from, from + this.#instances.values.length(index))
    }
    const tape = this.#tape
    const start = tape.length
    const has = this.#slots.print(index)
    if (tape.length > start) tape.text(type, start, tape.length, has)
    return true
  }

  /** Texts that follow each other become one; BinXML between them parts them. */
  #mixedText(frame: Frame, at: number): number {
    const { ops } = frame.program
    const tape = this.#tape
    let start = tape.length
    const pieces = ops[at + 1] as number
    for (let next = 0; next < pieces; next++) {
      const piece = at + 2 + next * PIECE_STRIDE
      const slot = ops[piece] as number
      if (slot >= 0 && this.#slots.type(frame, slot) === TYPE.binXml) {
        this.#slots.endText(start)
        if (!this.#value(frame, slot)) return -1
        start = tape.length
      } else this.#slots.piece(frame, piece)
    }
    this.#slots.endText(start)
    return at + 2 + pieces * PIECE_STRIDE
  }
}
