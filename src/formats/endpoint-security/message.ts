/**
 * One message as every shape fills it and rows are made of it: numbers, texts and lists in slots over one store of
 * bytes, which are used again for the next message.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { bytesOfText, textOfBytes } from "../../base/text.ts"
import { JSON_KIND, type JsonTape } from "./json/json-tape.ts"
import { appendUnescaped } from "./json/json-text.ts"
import { appendString } from "./json/node-values.ts"
import { ReadNotes, USE } from "./read-notes.ts"
import { NUMBER_SLOTS, TEXT_SLOTS } from "./slots.ts"
import { TextList } from "./text-list.ts"

const ARENA_BYTES = 64 * 1024
const TWO_32 = 4_294_967_296
/** Digits that fit into the low half. */
const SHORT_DIGITS = 9
const ZERO = 0x30
const MINUS = 0x2d
const SLASH = 0x2f

/** Who made the message; `openbsm` for what was a BSM record before it became JSON. */
export type MessageSource = "endpointsecurity" | "openbsm"

/** What an event about an account says. */
export interface UserFacts {
  readonly eventType: string
  readonly message: string
  /** Account concerned. */
  readonly username: string
  readonly address: string
  readonly result: "" | "success" | "failed"
  readonly logonType: string
  /** Session that the event names; NaN when it names none. */
  readonly session: number
  /** Uid of the one who did it, where the shape has no process for that; NaN otherwise. */
  readonly uid: number
}

export class EsMessage {
  source: MessageSource = "endpointsecurity"
  /** Short name of the event, `exec`; "" when the message does not tell. */
  kind = ""
  /** The kernel or a client refused it. */
  isDenied = false
  /** Of a connect: it goes on behind the call's return. */
  isInProgress = false
  /** Of a close: the file was written to. */
  isModified = false
  /** Since 1970; NaN without a time. */
  sec = Number.NaN
  nsec = 0
  host = ""
  user: UserFacts | null = null
  /** The arguments, and the environment; `isKnown` is false when the message has no such list. */
  readonly args: TextList
  readonly env: TextList
  /** Whatever the texts are; of a message that others like it are told by, it holds theirs too. */
  readonly arena: GrowingBytes
  /** From where each slot was filled. */
  readonly notes = new ReadNotes()
  /** What was found to be wrong in it: code and sentence. */
  readonly faults: { readonly code: string; readonly message: string; readonly found: string }[] = []
  readonly #high = new Int32Array(NUMBER_SLOTS)
  readonly #low = new Uint32Array(NUMBER_SLOTS)
  readonly #has = new Uint8Array(NUMBER_SLOTS)
  readonly #starts = new Int32Array(TEXT_SLOTS)
  readonly #ends = new Int32Array(TEXT_SLOTS)

  constructor(arena = new GrowingBytes(ARENA_BYTES)) {
    this.arena = arena
    this.args = new TextList(this.arena)
    this.env = new TextList(this.arena)
  }

  clear(): void {
    this.source = "endpointsecurity"
    this.kind = ""
    this.isDenied = false
    this.isInProgress = false
    this.isModified = false
    this.sec = Number.NaN
    this.nsec = 0
    this.host = ""
    this.user = null
    this.args.clear()
    this.env.clear()
    this.arena.clear()
    this.notes.clear()
    if (this.faults.length > 0) this.faults.length = 0
    this.#has.fill(0)
    this.#starts.fill(-1)
  }

  // Numbers.

  has(slot: number): boolean {
    return this.#has[slot] === 1
  }

  /** NaN when it is absent or beyond 2^53. */
  value(slot: number): number {
    this.notes.ask(slot)
    if (this.#has[slot] === 0) return Number.NaN
    const value = (this.#high[slot] as number) * TWO_32 + (this.#low[slot] as number)
    return Number.isSafeInteger(value) ? value : Number.NaN
  }

  high(slot: number): number {
    return this.#high[slot] as number
  }

  low(slot: number): number {
    return this.#low[slot] as number
  }

  setNumber(slot: number, value: number): void {
    if (!Number.isSafeInteger(value)) return
    const high = Math.floor(value / TWO_32)
    this.#high[slot] = high
    this.#low[slot] = value - high * TWO_32
    this.#has[slot] = 1
  }

  /** Takes over all that is no text and no list. */
  copyFacts(other: EsMessage): void {
    this.source = other.source
    this.kind = other.kind
    this.isDenied = other.isDenied
    this.isInProgress = other.isInProgress
    this.isModified = other.isModified
    this.sec = other.sec
    this.nsec = other.nsec
    this.host = other.host
    this.#high.set(other.#high)
    this.#low.set(other.#low)
    this.#has.set(other.#has)
    this.#starts.fill(-1)
  }

  copyNumber(from: number, to: number): void {
    this.#high[to] = this.#high[from] as number
    this.#low[to] = this.#low[from] as number
    this.#has[to] = this.#has[from] as number
  }

  /** The decimal integer in `bytes[start, end)`, exact to 64 bits; false when it is none. */
  setDigits(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > SHORT_DIGITS || start === end) return this.#setLong(slot, bytes, start, end)
    let value = 0
    for (let at = start; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) return this.#setLong(slot, bytes, start, end)
      value = value * 10 + digit
    }
    this.#high[slot] = 0
    this.#low[slot] = value
    this.#has[slot] = 1
    return true
  }

  /** Any length, and a sign. */
  #setLong(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    const isNegative = bytes[start] === MINUS
    const from = isNegative ? start + 1 : start
    if (from >= end) return false
    let high = 0
    let low = 0
    for (let at = from; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) return false
      low = low * 10 + digit
      const carry = Math.floor(low / TWO_32)
      low -= carry * TWO_32
      high = high * 10 + carry
      if (high >= TWO_32 / 2) return false
    }
    this.#high[slot] = isNegative ? ~high + (low === 0 ? 1 : 0) : high
    this.#low[slot] = isNegative && low > 0 ? TWO_32 - low : low
    this.#has[slot] = 1
    return true
  }

  /** A number, a boolean, or a string that holds a number: 64-bit values are strings in some shapes. */
  setNode(slot: number, tape: JsonTape, node: number): void {
    this.notes.add(USE.number, slot, tape.start(node))
    const kind = tape.kind(node)
    if (kind === JSON_KIND.number && this.setDigits(slot, tape.bytes, tape.start(node), tape.end(node)))
      return
    if (kind === JSON_KIND.null) return
    if (kind === JSON_KIND.true || kind === JSON_KIND.false) {
      this.setNumber(slot, kind === JSON_KIND.true ? 1 : 0)
      return
    }
    if (kind === JSON_KIND.string && this.setDigits(slot, tape.bytes, tape.start(node), tape.end(node)))
      return
    const found = tape.bytes.latin1Slice(tape.start(node), Math.min(tape.end(node), tape.start(node) + 40))
    this.fault("endpoint-security/bad-number", "a member that holds a whole number holds none", found)
  }

  // Texts.

  /** Index in the arena; -1 without that text. */
  start(slot: number): number {
    return this.#starts[slot] as number
  }

  end(slot: number): number {
    return this.#ends[slot] as number
  }

  /** Begins a text at the arena's end; `endText` ends it. */
  beginText(slot: number): void {
    this.#starts[slot] = this.arena.used
  }

  endText(slot: number): void {
    this.#ends[slot] = this.arena.used
  }

  /** The text of a string; anything else is absent. */
  setText(slot: number, tape: JsonTape, node: number): void {
    this.notes.add(USE.text, slot, tape.start(node))
    if (!tape.isString(node)) return
    this.beginText(slot)
    appendString(tape, node, this.arena)
    this.endText(slot)
  }

  clearText(slot: number): void {
    this.#starts[slot] = -1
  }

  /** The text of the string in `bytes[start, end)`, without its quotes. */
  setTextOf(slot: number, bytes: Uint8Array, start: number, end: number): void {
    this.beginText(slot)
    appendUnescaped(bytes, start, end, this.arena)
    this.endText(slot)
  }

  /** The letters of hexadecimal digits in lower case. */
  lowerText(slot: number): void {
    const { bytes } = this.arena
    const end = this.end(slot)
    for (let at = this.start(slot); at < end; at++) {
      const byte = bytes[at] as number
      if (byte >= 0x41 && byte <= 0x46) bytes[at] = byte | 0x20
    }
  }

  /** The text that was begun becomes that of a folder. */
  slashText(slot: number): void {
    const { arena } = this
    arena.reserve(1)
    if (arena.used === this.start(slot) || arena.bytes[arena.used - 1] !== SLASH) {
      arena.bytes[arena.used++] = SLASH
    }
  }

  /** @param text in the form that `stringOf` gives */
  setString(slot: number, text: string): void {
    if (text === "") return
    const bytes = bytesOfText(text)
    this.beginText(slot)
    this.arena.reserve(bytes.length)
    this.arena.bytes.set(bytes, this.arena.used)
    this.arena.used += bytes.length
    this.endText(slot)
  }

  /** As text for people and for columns; "" without one. */
  text(slot: number): string {
    const start = this.start(slot)
    return start < 0 ? "" : textOfBytes(this.arena.bytes, start, this.end(slot))
  }

  /** Once a code. */
  fault(code: string, message: string, found = ""): void {
    if (!this.faults.some((fault) => fault.code === code)) this.faults.push({ code, message, found })
  }
}
