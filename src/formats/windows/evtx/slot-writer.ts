/** Writes values where a program has slots for them: attributes, and texts put together of several pieces. */
import { classify, type EventTape } from "../event-tape.ts"
import { TYPE } from "./layout.ts"
import { PIECE_STRIDE, type Program } from "./program.ts"
import type { ValueList } from "./value-list.ts"
import { ValueNames } from "./value-names.ts"
import { ValueText } from "./value-text.ts"

/** A program with its values and its constants on the tape. */
export interface Frame {
  readonly program: Program
  readonly base: number
  readonly count: number
  readonly literals: number
  readonly depth: number
}

export class SlotWriter {
  readonly text = new ValueText()
  readonly #values: ValueList
  readonly #tape: EventTape
  readonly #names = new ValueNames()
  #bytes: Buffer = Buffer.alloc(0)

  constructor(values: ValueList, tape: EventTape) {
    this.#values = values
    this.#tape = tape
  }

  begin(bytes: Buffer): void {
    this.#bytes = bytes
  }

  type(frame: Frame, slot: number): number {
    return slot < frame.count ? this.#values.type(frame.base + slot) : TYPE.null
  }

  attribute(frame: Frame, at: number): void {
    const { ops } = frame.program
    const slot = ops[at + 2] as number
    const isNull = this.type(frame, slot) === TYPE.null
    if (isNull && ops[at + 3] === 1) return
    const tape = this.#tape
    const start = tape.length
    const has = isNull ? 0 : this.print(frame.base + slot)
    const valueName = ops[at + 4] === 1 ? this.#names.intern(tape.bytes, start, tape.length) : -1
    tape.attribute(ops[at + 1] as number, start, tape.length, has, valueName)
  }

  /** The text of a value behind the tape's end; returns its `HAS`. */
  print(index: number): number {
    const values = this.#values
    const { text } = this
    const tape = this.#tape
    const type = values.type(index)
    const length = values.length(index)
    tape.reserve(text.room(type, length))
    tape.length = text.write(tape.bytes, tape.length, this.#bytes, type, values.from(index), length)
    return text.has
  }

  mixedAttribute(frame: Frame, at: number): number {
    const { ops } = frame.program
    const tape = this.#tape
    const start = tape.length
    const pieces = ops[at + 3] as number
    for (let next = 0; next < pieces; next++) this.piece(frame, at + 4 + next * PIECE_STRIDE)
    const has = classify(tape.bytes, start, tape.length)
    const valueName = ops[at + 2] === 1 ? this.#names.intern(tape.bytes, start, tape.length) : -1
    tape.attribute(ops[at + 1] as number, start, tape.length, has, valueName)
    return at + 4 + pieces * PIECE_STRIDE
  }

  endText(start: number): void {
    const tape = this.#tape
    if (tape.length > start)
      tape.text(TYPE.string, start, tape.length, classify(tape.bytes, start, tape.length))
  }

  piece(frame: Frame, at: number): void {
    const { ops } = frame.program
    const slot = ops[at] as number
    if (slot >= 0) {
      if (this.type(frame, slot) !== TYPE.null) this.print(frame.base + slot)
      return
    }
    const tape = this.#tape
    const start = frame.literals + (ops[at + 1] as number)
    const end = frame.literals + (ops[at + 2] as number)
    tape.reserve(end - start)
    tape.bytes.copy(tape.bytes, tape.length, start, end)
    tape.length += end - start
  }
}
