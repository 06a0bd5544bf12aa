/**
 * Puts the BinXML of a record onto the tape: a template instance or bare elements, and what its values hold of both.
 * A part that cannot be read is left out, and the rest is kept.
 */
import { LIMITS } from "../../../base/limits.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { EventBudget } from "./event-budget.ts"
import type { Instances } from "./instances.ts"
import { MORE, TOKEN, TYPE } from "./layout.ts"
import type { TimePrinter } from "./print-time.ts"
import type { Program } from "./program.ts"
import { type NestedWriter, ProgramRunner } from "./program-runner.ts"
import { type Frame, SlotWriter } from "./slot-writer.ts"
import { StencilCutter } from "./stencil-cutter.ts"
import { fillIn, type InstancePair, Stencils } from "./stencils.ts"

/** Bytes of bare elements, or values of an instance, that are worth a step of the budget. */
const BYTES_A_STEP = 64
const VALUES_A_STEP = 16

export class RecordWriter implements NestedWriter {
  readonly #instances: Instances
  readonly #tape: EventTape
  readonly #slots: SlotWriter
  readonly #budget: EventBudget
  readonly #runner: ProgramRunner
  readonly #stencils = new Stencils()
  readonly #cutter: StencilCutter
  #bytes: Buffer = Buffer.alloc(0)
  /** Where the BinXML of the record ended, behind its end token. */
  end = 0
  /** True when a name of the last record was not as its hash says. */
  isDoubtful = false
  /** The template instance that the record is, or null. */
  #root: Program | null = null
  #rootCount = 0
  #from = 0

  constructor(instances: Instances, tape: EventTape) {
    this.#instances = instances
    this.#tape = tape
    const { values } = instances
    this.#slots = new SlotWriter(values, tape)
    this.#budget = new EventBudget(tape)
    this.#runner = new ProgramRunner({ values, tape, slots: this.#slots, budget: this.#budget, nested: this })
    this.#cutter = new StencilCutter(values)
  }

  /** Of the last record: why it gave nothing, or what of it was left out; "" when it is whole. */
  get failure(): string {
    return this.#budget.failure
  }

  get times(): TimePrinter {
    return this.#slots.text.times
  }

  begin(bytes: Buffer): void {
    this.#bytes = bytes
    this.#slots.begin(bytes)
    this.#runner.begin(bytes)
  }

  /** Reads the outermost instance of the record whose BinXML is `[from, limit)`. False with a `failure`. */
  prepare(from: number, limit: number): boolean {
    const bytes = this.#bytes
    let at = from
    this.#budget.begin()
    this.isDoubtful = false
    this.#root = null
    while (at < limit && ((bytes[at] as number) & ~MORE) === TOKEN.fragment) at += 4
    this.#from = at
    if (at >= limit) return this.#budget.fail("it is empty")
    if (bytes[at] !== TOKEN.instance) return true
    const end = this.#instances.read(at, limit, 0)
    if (end < 0) return this.#budget.fail(this.#instances.failure)
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
    const pair = this.#readPair()
    const cut = pair === null ? null : this.#stencils.find(pair, this.#instances.values, this.#bytes)
    if (cut !== null && fillIn(cut, this.#instances.values, this.#bytes, tape, this.#slots.text)) return true
    tape.reset()
    const isWritten = this.#writeRoot(limit)
    if (isWritten && tape.count > 0 && tape.kind(0) === TAPE.open) {
      this.#keepFirst()
      if (pair !== null && cut === null && this.failure === "") this.#cutStencil(pair)
      return true
    }
    if (isWritten) this.#budget.fail("it has no element")
    tape.reset()
    return false
  }

  /** The instance that the record is, and the one that its only value of BinXML is; null when it is made otherwise. */
  #readPair(): InstancePair | null {
    const outer = this.#root
    if (outer?.isVerified !== true) return null
    const outerCount = this.#rootCount
    const { values } = this.#instances
    const at = values.onlyOf(TYPE.binXml, 0, outerCount)
    if (at === -1) return { outer, outerCount, inner: null, innerCount: 0 }
    if (at < 0 || !this.#readInner(values.from(at), values.from(at) + values.length(at))) return null
    const { program, count } = this.#instances
    const isFlat = program?.isVerified === true && values.onlyOf(TYPE.binXml, outerCount, count) === -1
    return isFlat ? { outer, outerCount, inner: program, innerCount: count } : null
  }

  /** A value that is one template instance and nothing more. */
  #readInner(from: number, limit: number): boolean {
    const bytes = this.#bytes
    let at = from
    while (at < limit && ((bytes[at] as number) & ~MORE) === TOKEN.fragment) at += 4
    if (at >= limit || bytes[at] !== TOKEN.instance) return false
    let end = this.#instances.read(at, limit, this.#rootCount)
    if (end < 0) return false
    while (end < limit && bytes[end] === TOKEN.end) end++
    return end >= limit
  }

  #cutStencil(pair: InstancePair): void {
    if (!this.#stencils.misses(pair)) return
    this.#stencils.add(pair, this.#cutter.cut(pair, this.#bytes, this.#tape))
  }

  /** An event is one element: an array in the root's content would repeat it, and damage may leave another behind it. */
  #keepFirst(): void {
    const tape = this.#tape
    if (tape.skip(0) === tape.count) return
    this.#budget.fail("it has more than one element")
    tape.rewind(tape.skip(0), tape.length, 0)
  }

  #writeRoot(limit: number): boolean {
    if (this.#root !== null) return this.#program(this.#root, 0, this.#rootCount, 0)
    const end = this.#elements(this.#from, limit, 0, 0)
    if (end >= 0) this.end = end
    return end >= 0
  }

  #program(program: Program, base: number, count: number, depth: number): boolean {
    const tape = this.#tape
    const { literals } = program
    if (!this.#budget.hasRoom()) return false
    tape.reserve(literals.length)
    const start = tape.length
    literals.copy(tape.bytes, start)
    tape.length = start + literals.length
    if (!program.isVerified) this.isDoubtful = true
    const frame: Frame = { program, base, count, literals: start, depth }
    return this.#runner.run(frame, 0, program.ops.length)
  }

  /** A value that is BinXML: instances and elements, one after another. What cannot be read is left out. */
  value(frame: Frame, from: number, end: number): boolean {
    if (frame.depth >= LIMITS.binXmlDepth.value) return this.#budget.exhaust()
    const tape = this.#tape
    const base = frame.base + frame.count
    let at = from
    while (at >= 0 && at < end) {
      const token = (this.#bytes[at] as number) & ~MORE
      if (token === TOKEN.end) at++
      else if (token === TOKEN.fragment) at += 4
      else {
        const { count, length, depth } = tape
        at = this.#part(token, at, end, base, frame.depth + 1)
        if (at < 0) tape.rewind(count, length, depth)
      }
    }
    return !this.#budget.isExhausted
  }

  #part(token: number, at: number, end: number, base: number, depth: number): number {
    const isInstance = token === TOKEN.instance
    return isInstance ? this.instance(at, end, base, depth) : this.#elements(at, end, base, depth)
  }

  instance(at: number, limit: number, base: number, depth: number): number {
    const end = this.#instances.read(at, limit, base)
    const { program, count } = this.#instances
    if (!this.#budget.spend(1 + count / VALUES_A_STEP)) return -1
    if (end < 0 || program === null) {
      this.#budget.fail(this.#instances.failure)
      return -1
    }
    return this.#program(program, base, count, depth) ? end : -1
  }

  /** Bare elements; returns their end, or -1. */
  #elements(at: number, limit: number, base: number, depth: number): number {
    if (!this.#budget.spend(1 + (limit - at) / BYTES_A_STEP)) return -1
    const { compiler } = this.#instances
    const program = compiler.fragment(this.#bytes, at, limit)
    if (program === null) {
      this.#budget.fail(compiler.failure)
      return -1
    }
    const end = Math.max(compiler.end, at + 1)
    return this.#program(program, base, 0, depth) ? end : -1
  }
}
