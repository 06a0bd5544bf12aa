/**
 * Notes on how a message was filled: which value of its object went into which slot, and which slots something else
 * was concluded from. A plan for messages like it is made of them (plan/learn-plan.ts).
 */
import { NUMBER_SLOTS } from "./slots.ts"

/** What a value is read as. */
export const USE = {
  /** Nothing. */
  none: 0,
  number: 1,
  text: 2,
  /** A text in lower case. */
  hash: 3,
  /** A time, of which a slot has the seconds. */
  seconds: 4,
  /** The message's time. */
  time: 5,
  args: 6,
  env: 7,
  /** Two that make one text together. */
  folder: 8,
  name: 9,
} as const

/** More than any message of eslogger has; one with more of them has no plan. */
const MAX_NOTES = 128

export class ReadNotes {
  count = 0
  /** There was no room for another one. */
  isCut = false
  readonly #uses = new Uint8Array(MAX_NOTES)
  readonly #slots = new Uint8Array(MAX_NOTES)
  readonly #starts = new Int32Array(MAX_NOTES)
  readonly #asked = new Uint8Array(NUMBER_SLOTS)

  clear(): void {
    this.count = 0
    this.isCut = false
    this.#asked.fill(0)
  }

  /** @param start of the value, of a string behind its quote */
  add(use: number, slot: number, start: number): void {
    if (this.count === MAX_NOTES) {
      this.isCut = true
      return
    }
    this.#uses[this.count] = use
    this.#slots[this.count] = slot
    this.#starts[this.count] = start
    this.count++
  }

  /** The last note is of another use. */
  change(use: number): void {
    this.#uses[this.count - 1] = use
  }

  /** The number in a slot was looked at. */
  ask(slot: number): void {
    this.#asked[slot] = 1
  }

  wasAsked(slot: number): boolean {
    return this.#asked[slot] === 1
  }

  /** Index of the note on the value that begins at `start`; -1 without one. */
  find(start: number): number {
    for (let note = 0; note < this.count; note++) if (this.#starts[note] === start) return note
    return -1
  }

  use(note: number): number {
    return this.#uses[note] as number
  }

  slot(note: number): number {
    return this.#slots[note] as number
  }
}
