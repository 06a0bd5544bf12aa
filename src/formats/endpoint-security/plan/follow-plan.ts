/**
 * Compares a message with a plan. Bytes that are the same as in the last message are passed over eight at a time; where
 * they differ a value must stand, which is checked and noted, and behind it both go on.
 */
import { viewOf } from "../../../base/growing-bytes.ts"
import { isDigit, QUOTE, STOPS } from "../json/json-scanner.ts"
import { JsonTape } from "../json/json-tape.ts"
import { MAX_PLAN_BYTES, MAX_VALUES, type MessagePlan, VALUE, VALUE_OF } from "./message-plan.ts"

/** Objects and lists around the lists of a message that has a plan, at most. */
export const PLANNED_DEPTH = 32
const POINT = 0x2e
const LETTER_E = 0x65
const TURN_BYTES = 16

export class PlanFollower {
  /** Values that differ from the last message: numbers of them, and where they stand now. */
  readonly values = new Int32Array(MAX_VALUES)
  readonly starts = new Int32Array(MAX_VALUES)
  readonly ends = new Int32Array(MAX_VALUES)
  changed = 0
  /** After a failure: where the message turned away from the plan, and to what. */
  mark = 0
  /** Of the class that reads whole messages too: V8 compiles the same functions only once. */
  readonly #scanner = new JsonTape()
  #bytes: Buffer = Buffer.alloc(0)
  #view = viewOf(this.#bytes)

  /** Index behind the message that begins at `start` and follows the plan, or -1. `bytes[end]` must be there, and 0. */
  follow(plan: MessagePlan, bytes: Buffer, start: number, end: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = viewOf(bytes)
    }
    this.changed = 0
    const { length } = plan
    let before = 0
    let at = start
    let value = 0
    for (;;) {
      const equal = equalBytes(plan, before, this.#view, at, Math.min(length - before, end - at))
      before += equal
      at += equal
      if (before === length) return length > 0 && at - start <= MAX_PLAN_BYTES ? at : -1
      while (value < plan.count && (plan.ends[value] as number) < before) value++
      const from = at - before + (plan.starts[value] as number)
      if (value === plan.count || from > at) return this.#turn(value, bytes[at] as number)
      at = this.#passValue(plan, value, bytes, from, end)
      if (at < 0) return -1
      before = plan.ends[value] as number
      this.#note(value, from - start, at - start)
      value++
    }
  }

  #note(value: number, start: number, end: number): void {
    this.values[this.changed] = value
    this.starts[this.changed] = start
    this.ends[this.changed] = end
    this.changed++
  }

  /** Index behind a value that may stand there; -1 when it may not. */
  #passValue(plan: MessagePlan, value: number, bytes: Buffer, from: number, end: number): number {
    const first = bytes[from] as number
    const kind = VALUE_OF[first] as number
    if ((kind & (plan.allowed[value] as number)) === 0) return this.#turn(value, markOf(bytes, from, end))
    let at = from + 1
    if (kind === VALUE.string) {
      while (STOPS[bytes[at] as number] === 0) at++
      if (bytes[at] === QUOTE) return at + 1
    } else if (kind === VALUE.number && isDigit(first) && first !== 0x30) {
      while (isDigit(bytes[at] as number)) at++
      const byte = bytes[at] as number
      if (byte !== POINT && (byte | 0x20) !== LETTER_E) return at
    }
    const behind = this.#scanner.passOver(bytes, from, end, PLANNED_DEPTH)
    return behind < 0 ? this.#turn(value, first) : behind
  }

  #turn(value: number, mark: number): number {
    this.mark = ((value << 16) | (mark & 0xffff)) & 0x7fff_ffff
    return -1
  }

  /** The plan's values move to where they stand in the message that followed it. */
  settle(plan: MessagePlan): void {
    const { starts, ends, count } = plan
    let shift = 0
    for (let change = 0; change < this.changed; change++) {
      const value = this.values[change] as number
      const end = this.ends[change] as number
      shift = end - (ends[value] as number)
      starts[value] = this.starts[change] as number
      ends[value] = end
      const next = change + 1 < this.changed ? (this.values[change + 1] as number) : count
      if (shift === 0) continue
      for (let moved = value + 1; moved < next; moved++) {
        starts[moved] = (starts[moved] as number) + shift
        ends[moved] = (ends[moved] as number) + shift
      }
    }
  }
}

/**
 * How many of `most` bytes are the same. Eight are compared as a double: the plan's bytes hold no NUL, so that they are
 * no zero, and what is no number is unequal and looked at byte by byte.
 */
function equalBytes(plan: MessagePlan, before: number, view: DataView, at: number, most: number): number {
  const known = plan.view
  let same = 0
  while (same + 8 <= most && known.getFloat64(before + same, true) === view.getFloat64(at + same, true))
    same += 8
  while (same < most && known.getUint8(before + same) === view.getUint8(at + same)) same++
  return same
}

/** Tells a few values apart: the numbers of events, the names of the things that happened. */
function markOf(bytes: Buffer, from: number, end: number): number {
  let mark = 1
  const to = Math.min(end, from + TURN_BYTES)
  for (let at = from; at < to && bytes[at] !== 0x2c && bytes[at] !== 0x7d; at++) {
    mark = (mark * 31 + (bytes[at] as number)) | 0
  }
  return mark
}
