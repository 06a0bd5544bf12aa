/**
 * What is known of messages that are alike: the last of them, where in it the values stand that may differ, and the
 * message that it was read as. Between its values the next one has the same bytes; where it does not, it is another
 * kind of message.
 *
 *   {"version":9,"pid":7,"path":"\/bin\/ls","args":["ls"]}      bytes
 *              ^       ^        ^^^^^^^^^^^       ^^^^^^        values: starts, ends, allowed, uses, slots
 */
import { viewOf } from "../../../base/growing-bytes.ts"
import type { EsMessage } from "../message.ts"
import { USE } from "../read-notes.ts"
import type { ObjectShape } from "../shapes/tell-shape.ts"

/** What a value may be, by its first byte. */
export const VALUE = { string: 1, number: 2, true: 4, false: 8, null: 16, list: 32 } as const

export const ANY_SCALAR = VALUE.string | VALUE.number | VALUE.true | VALUE.false | VALUE.null

/** By the first byte; 0 for what begins no value, and for objects. */
export const VALUE_OF = new Uint8Array(256)
for (const digit of "-0123456789") VALUE_OF[digit.charCodeAt(0)] = VALUE.number
VALUE_OF[0x22] = VALUE.string
VALUE_OF[0x74] = VALUE.true
VALUE_OF[0x66] = VALUE.false
VALUE_OF[0x6e] = VALUE.null
VALUE_OF[0x5b] = VALUE.list

/** Longer messages have no plan. */
export const MAX_PLAN_BYTES = 16 * 1024
export const MAX_VALUES = 512

const SPARE_BYTES = 256
/** Turns that are remembered. */
const TURNS = 32

/** A value that may differ. */
export interface PlannedValue {
  /** From the message's first byte on; quotes belong to it. */
  readonly start: number
  readonly end: number
  /** Bits of VALUE; 0 when it is as fixed as what stands between the values. */
  readonly allowed: number
  /** Of USE. */
  readonly use: number
  readonly slot: number
}

/** Number of the value that makes one text together with this one; -1 without one. */
function partnerOf(values: readonly PlannedValue[], { use, slot }: PlannedValue): number {
  if (use !== USE.folder && use !== USE.name) return -1
  const other = use === USE.folder ? USE.name : USE.folder
  return values.findIndex((value) => value.use === other && value.slot === slot)
}

export class MessagePlan {
  readonly shape: ObjectShape
  readonly message: EsMessage
  /** The last message, and room behind it. */
  bytes: Buffer
  view: DataView
  /** 0 once the plan has failed. */
  length = 0
  readonly count: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly allowed: Uint8Array
  readonly uses: Uint8Array
  readonly slots: Uint8Array
  readonly partners: Int16Array
  /** The filling of the store of texts that the message's texts are in. */
  filling = -1
  // Where a message was another one after all, and which plan it followed then.
  readonly #turns = new Int32Array(TURNS).fill(-1)
  readonly #targets = new Int16Array(TURNS)
  #nextTurn = 0

  constructor(shape: ObjectShape, message: EsMessage, values: readonly PlannedValue[]) {
    this.shape = shape
    this.message = message
    this.count = values.length
    this.starts = Int32Array.from(values, ({ start }) => start)
    this.ends = Int32Array.from(values, ({ end }) => end)
    this.allowed = Uint8Array.from(values, ({ allowed }) => allowed)
    this.uses = Uint8Array.from(values, ({ use }) => use)
    this.slots = Uint8Array.from(values, ({ slot }) => slot)
    this.partners = Int16Array.from(values, (value) => partnerOf(values, value))
    this.bytes = Buffer.alloc(0)
    this.view = viewOf(this.bytes)
  }

  /** Keeps a message that is like the one before. */
  keep(bytes: Buffer, start: number, end: number): void {
    const length = end - start
    if (length > this.bytes.length) {
      this.bytes = Buffer.alloc(length + SPARE_BYTES)
      this.view = viewOf(this.bytes)
    }
    bytes.copy(this.bytes, 0, start, end)
    this.length = length
  }

  /** Number of the plan that a message followed which turned away from this one at `mark`; -1 when none is known. */
  turnAt(mark: number): number {
    for (let turn = 0; turn < TURNS; turn++) {
      if (this.#turns[turn] === mark) return this.#targets[turn] as number
    }
    return -1
  }

  addTurn(mark: number, target: number): void {
    const known = this.#turns.indexOf(mark)
    const turn = known < 0 ? this.#nextTurn : known
    this.#turns[turn] = mark
    this.#targets[turn] = target
    if (known < 0) this.#nextTurn = (turn + 1) % TURNS
  }
}
