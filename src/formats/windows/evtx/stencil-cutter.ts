/**
 * Makes a stencil of an event that its programs have just written: follows their operations beside the items of the
 * tape, and finds which item is of which value.
 */
import { type EventTape, ITEM_STRIDE } from "../event-tape.ts"
import { TYPE } from "./layout.ts"
import { ELEMENT_STRIDE, OP, type Program } from "./program.ts"
import { type Cut, type InstancePair, isEmptyText } from "./stencils.ts"
import type { ValueList } from "./value-list.ts"

/** A program with its values and its constants in the stencil. */
interface Part {
  readonly program: Program
  readonly base: number
  readonly count: number
  readonly literals: number
}

export class StencilCutter {
  readonly #values: ValueList
  #bytes: Buffer = Buffer.alloc(0)
  #items = new Int32Array(0)
  #inner: Part | null = null
  #item = 0
  #steps: number[] = []
  #guards: number[] = []
  #guarded: Buffer[] = []
  /** The texts that stay. */
  #constants: Buffer[] = []
  #constantEnd = 0
  #texts: Buffer = Buffer.alloc(0)

  constructor(values: ValueList) {
    this.#values = values
  }

  /** Null for an event whose items depend on more than the types of its values and its provider. */
  cut(pair: InstancePair, bytes: Buffer, tape: EventTape): Cut | null {
    const { outer, outerCount, inner, innerCount } = pair
    const types = this.#values.copyTypes(outerCount + innerCount)
    if (types.some((type) => type >= TYPE.array)) return null
    this.#begin(bytes, tape)
    const literals = this.#keep(outer.literals)
    const innerLiterals = inner === null ? 0 : this.#keep(inner.literals)
    this.#inner =
      inner === null ? null : { program: inner, base: outerCount, count: innerCount, literals: innerLiterals }
    const isDone = this.#walk({ program: outer, base: 0, count: outerCount, literals })
    if (!isDone || this.#item !== tape.count) return null
    return {
      items: this.#items,
      count: tape.count,
      constants: Buffer.concat(this.#constants),
      shape: null,
      outer,
      types,
      guards: Int32Array.from(this.#guards),
      guarded: Buffer.concat(this.#guarded),
      steps: Int32Array.from(this.#steps),
    }
  }

  #begin(bytes: Buffer, tape: EventTape): void {
    this.#bytes = bytes
    this.#texts = tape.bytes
    this.#items = tape.copyItems()
    this.#item = 0
    this.#steps = []
    this.#guards = []
    this.#guarded = []
    this.#constants = []
    this.#constantEnd = 0
  }

  /** Returns where it begins among the texts that stay. */
  #keep(texts: Buffer): number {
    const at = this.#constantEnd
    this.#constants.push(texts)
    this.#constantEnd += texts.length
    return at
  }

  #walk(part: Part): boolean {
    const { ops } = part.program
    let at = 0
    while (at < ops.length) {
      const next = this.#step(part, ops, at)
      if (next < 0) return false
      at = next
    }
    return true
  }

  /** Follows one operation; returns where the next is, or -1 for one that no stencil can stand for. */
  #step(part: Part, ops: Int32Array, at: number): number {
    switch (ops[at]) {
      case OP.elementOne:
      case OP.elementMany:
        if (this.#isLeftOut(part, ops, at)) return ops[at + 2] as number
        this.#item++
        return at + ELEMENT_STRIDE
      case OP.elementPlain:
        this.#item++
        return at + ELEMENT_STRIDE
      case OP.close:
        this.#item++
        return at + 1
      case OP.attributeText:
        this.#constant(part, ops, at + 2)
        return at + 6
      case OP.attributeSlot:
        this.#attribute(part, ops, at)
        return at + 5
      case OP.text:
        this.#constant(part, ops, at + 1)
        return at + 4
      case OP.textSlot:
        return this.#text(part, ops[at + 1] as number) ? at + 2 : -1
      case OP.instruction:
        this.#constant(part, ops, at + 2)
        return at + 5
      default:
        return -1
    }
  }

  #type({ base, count }: Part, slot: number): number {
    return slot < count ? this.#values.type(base + slot) : TYPE.null
  }

  #isLeftOut(part: Part, ops: Int32Array, at: number): boolean {
    const dependency = ops[at + 3] as number
    const drop = ops[at + 4] as number
    const isNull = (slot: number) => slot >= 0 && this.#type(part, slot) === TYPE.null
    return isNull(dependency) || isNull(drop)
  }

  /** The item's text is a constant, whose place in the program's literals stands in the operation. */
  #constant({ literals }: Part, ops: Int32Array, at: number): void {
    this.#setText(literals + (ops[at] as number), literals + (ops[at + 1] as number))
  }

  #setText(start: number, end: number): void {
    this.#items[this.#item * ITEM_STRIDE + 2] = start
    this.#items[this.#item * ITEM_STRIDE + 3] = end
    this.#item++
  }

  #attribute(part: Part, ops: Int32Array, at: number): void {
    const slot = ops[at + 2] as number
    if (this.#type(part, slot) === TYPE.null) {
      if (ops[at + 3] !== 1) this.#setText(0, 0)
    } else if (ops[at + 4] === 1) this.#guard(part.base + slot)
    else {
      this.#steps.push(part.base + slot, this.#item, 1)
      this.#item++
    }
  }

  /** The value of an attribute `Name` is a part of the shape. */
  #guard(index: number): void {
    const values = this.#values
    const from = values.from(index)
    const length = values.length(index)
    this.#guards.push(index, length)
    this.#guarded.push(Buffer.from(this.#bytes.subarray(from, from + length)))
    const at = this.#item * ITEM_STRIDE
    const [start = 0, end = 0] = this.#items.subarray(at + 2, at + 4)
    const text = Buffer.from(this.#texts.subarray(start, end))
    const kept = this.#keep(text)
    this.#setText(kept, kept + text.length)
  }

  #text(part: Part, slot: number): boolean {
    const type = this.#type(part, slot)
    if (type === TYPE.null) return true
    if (type === TYPE.binXml) {
      const inner = this.#inner
      return inner !== null && part !== inner && this.#walk(inner)
    }
    const index = part.base + slot
    const isEmpty = isEmptyText(this.#values, index, this.#bytes)
    this.#steps.push(index, isEmpty ? -1 : this.#item, 0)
    if (!isEmpty) this.#item++
    return true
  }
}
