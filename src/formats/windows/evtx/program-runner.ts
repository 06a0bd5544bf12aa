/**
 * Runs programs: constants and values onto the tape.
 *
 * A NULL can take the element around it out, an array repeats it: [MS-EVEN6] 2.2.15 to 2.2.18, and what Windows' own
 * exports show.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { EventTape } from "../event-tape.ts"
import { itemLength } from "./array-items.ts"
import type { EventBudget } from "./event-budget.ts"
import { TYPE } from "./layout.ts"
import { ELEMENT_STRIDE, OP, PIECE_STRIDE } from "./program.ts"
import type { Frame, SlotWriter } from "./slot-writer.ts"
import type { ValueList } from "./value-list.ts"

/** Writes what lies inside a program's values. */
export interface NestedWriter {
  /** A value that is BinXML. False when the event has to be given up. */
  value(frame: Frame, from: number, end: number): boolean
  /** A template instance in the chunk; returns its end, or -1. */
  instance(at: number, limit: number, base: number, depth: number): number
}

export interface RunnerOptions {
  readonly values: ValueList
  readonly tape: EventTape
  readonly slots: SlotWriter
  readonly budget: EventBudget
  readonly nested: NestedWriter
}

export class ProgramRunner {
  readonly #values: ValueList
  readonly #tape: EventTape
  readonly #slots: SlotWriter
  readonly #budget: EventBudget
  readonly #nested: NestedWriter
  #bytes: Buffer = Buffer.alloc(0)
  /** Arrays that are being repeated one inside another. */
  #itemDepth = 0

  constructor({ values, tape, slots, budget, nested }: RunnerOptions) {
    this.#values = values
    this.#tape = tape
    this.#slots = slots
    this.#budget = budget
    this.#nested = nested
  }

  begin(bytes: Buffer): void {
    this.#bytes = bytes
  }

  /** The operations `[from, end)`. */
  run(frame: Frame, from: number, end: number): boolean {
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
        const end = this.#nested.instance(ops[at + 1] as number, this.#bytes.length, base, frame.depth + 1)
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
    if (!this.#budget.hasRoom()) return -1
    tape.open(ops[at + 1] as number)
    return at + ELEMENT_STRIDE
  }

  /** The element at `at` once for each item of the array in `slot`; an empty array gives one empty element. */
  #repeat(frame: Frame, at: number, slot: number): number {
    const values = this.#values
    const index = frame.base + slot
    const type = values.type(index)
    const from = values.from(index)
    const length = values.length(index)
    const end = frame.program.ops[at + 2] as number
    let next = from
    let isWritten = false
    do {
      const item = itemLength(this.#bytes, type & ~TYPE.array, next, from + length, length)
      values.set(index, length === 0 ? TYPE.string : type & ~TYPE.array, next, item)
      isWritten = this.#budget.spend(1) && this.#runItem(frame, at, end)
      next += item
    } while (isWritten && next < from + length)
    values.set(index, type, from, length)
    return isWritten ? end : -1
  }

  /** Other arrays in the same element are repeated inside. */
  #runItem(frame: Frame, at: number, end: number): boolean {
    if (this.#itemDepth >= LIMITS.binXmlDepth.value) return this.#budget.exhaust()
    this.#itemDepth++
    const isWritten = this.run(frame, at, end)
    this.#itemDepth--
    return isWritten
  }

  #value(frame: Frame, slot: number): boolean {
    const type = this.#slots.type(frame, slot)
    if (type === TYPE.null) return true
    const index = frame.base + slot
    if (type === TYPE.binXml) {
      const from = this.#values.from(index)
      return this.#nested.value(frame, from, from + this.#values.length(index))
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
