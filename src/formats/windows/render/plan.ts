/**
 * How an event of one shape is written: constants with texts of the tape between them.
 *
 *   {"System":{"Provider":{"Name":"  · text 3 ·  ","Guid":"  · text 4 ·  "},"EventID":  · number 7 · …
 *
 * A renderer makes the plan and writes nothing itself; every event of the shape is then written by the plan.
 */
import { copyWords, GrowingBytes, viewOf } from "../../../base/growing-bytes.ts"
import type { EventTape } from "../event-tape.ts"
import { isBlank } from "./elements.ts"

/** Integers a step: start and length of a constant, item whose text follows or -1, how that is written. */
const STRIDE = 4
/** A copy of words reads and writes so many bytes too many. */
const PADDING = 8
/** Below this a loop is faster than a call out of JavaScript. */
const SHORT = 64
const FIRST_BYTES = 1024

export interface Plan {
  readonly constants: Buffer
  readonly view: DataView
  readonly isAscii: boolean
  readonly steps: Int32Array
  /** Texts that have to be blank, or not to be, for the plan to fit: item, 1 for blank. */
  readonly guards: Int32Array
  /** False when it holds a text that is no part of the shape. */
  readonly isLasting: boolean
}

/** How the texts of a kind of output are escaped. */
export interface TextStyle {
  /** `HAS` of texts that need `write`, and forms from which on all do. */
  readonly mask: number
  readonly slowForm: number
  /** Appends the text of an item. */
  write(tape: EventTape, item: number, form: number, out: GrowingBytes): void
}

export class PlanBuilder {
  readonly constants = new GrowingBytes(FIRST_BYTES)
  readonly #tape: EventTape
  readonly #steps: number[] = []
  readonly #guards: number[] = []
  #from = 0
  #isLasting = true

  constructor(tape: EventTape) {
    this.#tape = tape
  }

  put(text: string): void {
    this.constants.reserve(text.length * 3)
    this.constants.used += this.constants.bytes.write(text, this.constants.used, "utf8")
  }

  /** The text of an item comes next. */
  text(item: number, form: number): void {
    this.#step(item, form)
  }

  /** Looks whether a text is blank: the plan then fits events alone in which it is the same. */
  isBlank(item: number): boolean {
    const tape = this.#tape
    const isEmpty = isBlank(tape.bytes, tape.start(item), tape.end(item))
    this.#guards.push(item, isEmpty ? 1 : 0)
    return isEmpty
  }

  /** What was put is of this event alone. */
  doNotKeep(): void {
    this.#isLasting = false
  }

  finish(): Plan {
    this.#step(-1, 0)
    const { bytes, used } = this.constants
    const constants = Buffer.alloc(used + PADDING)
    bytes.copy(constants, 0, 0, used)
    return {
      constants,
      view: viewOf(constants),
      isAscii: constants.every((byte) => byte < 0x80),
      steps: Int32Array.from(this.#steps),
      guards: Int32Array.from(this.#guards),
      isLasting: this.#isLasting,
    }
  }

  #step(item: number, form: number): void {
    this.#steps.push(this.#from, this.constants.used - this.#from, item, form)
    this.#from = this.constants.used
  }
}

/** True when the texts that the plan was made by are as they were. */
export function fits({ guards }: Plan, tape: EventTape): boolean {
  for (let at = 0; at < guards.length; at += 2) {
    const item = guards[at] as number
    if (isBlank(tape.bytes, tape.start(item), tape.end(item)) !== (guards[at + 1] === 1)) return false
  }
  return true
}

/** Appends the event on the tape, which has the plan's shape. */
export function runPlan(plan: Plan, tape: EventTape, out: GrowingBytes, style: TextStyle): void {
  const { steps, constants, view, isAscii } = plan
  const { mask, slowForm } = style
  for (let at = 0; at < steps.length; at += STRIDE) {
    const from = steps[at] as number
    const length = steps[at + 1] as number
    out.reserve(length + PADDING)
    if (isAscii) copyWords(view, from, out.view, out.used, length)
    else constants.copy(out.bytes, out.used, from, from + length)
    out.used += length
    const item = steps[at + 2] as number
    if (item < 0) continue
    const form = steps[at + 3] as number
    if ((tape.has(item) & mask) === 0 && form < slowForm) copyText(tape, item, out)
    else style.write(tape, item, form, out)
  }
}

/** Appends a text as it is. */
export function copyText(tape: EventTape, item: number, out: GrowingBytes): void {
  const start = tape.start(item)
  const length = tape.end(item) - start
  out.reserve(length)
  if (length > SHORT) tape.bytes.copy(out.bytes, out.used, start, start + length)
  else {
    const { bytes } = tape
    const target = out.bytes
    let to = out.used
    for (let from = start; from < start + length; from++) target[to++] = bytes[from] as number
  }
  out.used += length
}
