/**
 * Stencils of the events that come again and again: the same templates with values of the same types. Such an event is
 * written by filling in its values, without running its programs.
 */
import type { EventTape, Stencil } from "../event-tape.ts"
import { TYPE } from "./layout.ts"
import type { Program } from "./program.ts"
import type { ValueList } from "./value-list.ts"
import type { ValueText } from "./value-text.ts"

/** A template instance and the one in its only value of BinXML; their values lie one behind the other. */
export interface InstancePair {
  readonly outer: Program
  readonly outerCount: number
  readonly inner: Program | null
  readonly innerCount: number
}

/** Integers a step: value, item that its text is of or -1 when it has to be empty, whether it may be empty. */
export const STEP_STRIDE = 3

/** Integers a guard: value, length. */
export const GUARD_STRIDE = 2

/** What a stencil is for, and how it is filled in. */
export interface Cut extends Stencil {
  readonly outer: Program
  /** Of all values. */
  readonly types: Uint8Array
  /** Values that are a part of the shape, `GUARD_STRIDE` integers each, and their bytes. */
  readonly guards: Int32Array
  readonly guarded: Buffer
  readonly steps: Int32Array
}

/** Events of a template before a stencil is worth its making. */
const RARE = 3
/** Different types of values that one template is met with. */
const MOST_OF_ONE = 16
/** A log cannot fill memory with templates that it makes up. */
const MOST_TEMPLATES = 8192
const MOST_BYTES = 8 * 1024 * 1024

/** Events of which none could be made, before no more is tried. */
const MOST_REFUSED = 4

interface Kept {
  misses: number
  refused: number
  readonly cuts: Cut[]
}

export class Stencils {
  /** By the inner program, or the outer one where that is all. */
  readonly #kept = new Map<Program, Kept>()
  #bytes = 0

  find({ outer, outerCount, inner, innerCount }: InstancePair, values: ValueList, bytes: Buffer): Cut | null {
    const kept = this.#kept.get(inner ?? outer)
    if (kept === undefined) return null
    const count = outerCount + innerCount
    const { cuts } = kept
    for (let at = 0; at < cuts.length; at++) {
      const cut = cuts[at] as Cut
      const isLikely = cut.outer === outer && cut.types.length === count && values.hasTypes(cut.types)
      if (!isLikely || !isGuarded(cut, values, bytes) || !hasSameTexts(cut, values, bytes)) continue
      // Events of one kind come in swarms.
      cuts[at] = cuts[0] as Cut
      cuts[0] = cut
      return cut
    }
    return null
  }

  /** Notes that there was none; true when one is to be made. */
  misses({ outer, inner }: InstancePair): boolean {
    const key = inner ?? outer
    const kept = this.#kept.get(key)
    if (kept === undefined) {
      if (this.#kept.size < MOST_TEMPLATES) this.#kept.set(key, { misses: 1, refused: 0, cuts: [] })
      return false
    }
    kept.misses++
    if (kept.misses < RARE || kept.refused >= MOST_REFUSED) return false
    return kept.cuts.length < MOST_OF_ONE && this.#bytes < MOST_BYTES
  }

  /** @param cut null when none could be made */
  add({ outer, inner }: InstancePair, cut: Cut | null): void {
    const kept = this.#kept.get(inner ?? outer)
    if (kept === undefined) return
    if (cut === null) {
      kept.refused++
      return
    }
    kept.cuts.push(cut)
    const { items, steps, constants, types } = cut
    this.#bytes += items.byteLength + steps.byteLength + constants.length + types.length
  }
}

function isGuarded({ guards, guarded }: Cut, values: ValueList, bytes: Buffer): boolean {
  let at = 0
  for (let next = 0; next < guards.length; next += GUARD_STRIDE) {
    const index = guards[next] as number
    const length = guards[next + 1] as number
    if (values.length(index) !== length) return false
    const end = at + length
    for (let from = values.from(index); at < end; at++, from++) if (guarded[at] !== bytes[from]) return false
  }
  return true
}

/** True when the texts that are empty are the same ones: where there is no text, there is no item. */
function hasSameTexts({ steps }: Cut, values: ValueList, bytes: Buffer): boolean {
  for (let at = 0; at < steps.length; at += STEP_STRIDE) {
    if (steps[at + 2] === 1) continue
    if (isEmptyText(values, steps[at] as number, bytes) !== (steps[at + 1] as number) < 0) return false
  }
  return true
}

/** Only strings can be empty although they have bytes: they are cut at their first NUL. */
export function isEmptyText(values: ValueList, index: number, bytes: Buffer): boolean {
  const length = values.length(index)
  if (length < 2) return length === 0 || values.type(index) === TYPE.string
  const from = values.from(index)
  return values.type(index) === TYPE.string && bytes[from] === 0 && bytes[from + 1] === 0
}

/** Writes the event to the tape. False when a text is empty that was not: ANSI of nothing but NULs. */
export function fillIn(
  cut: Cut,
  values: ValueList,
  bytes: Buffer,
  tape: EventTape,
  text: ValueText,
): boolean {
  const { steps } = cut
  tape.lay(cut)
  for (let at = 0; at < steps.length; at += STEP_STRIDE) {
    const index = steps[at] as number
    const item = steps[at + 1] as number
    if (item < 0) continue
    const type = values.type(index)
    const length = values.length(index)
    tape.reserve(text.room(type, length))
    const start = tape.length
    const end = text.write(tape.bytes, start, bytes, type, values.from(index), length)
    if (end === start && steps[at + 2] === 0) return false
    tape.setText(item, start, end, text.has)
    tape.length = end
  }
  return true
}
