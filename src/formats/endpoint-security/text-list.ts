/** A list of strings of a message, over the message's store of bytes: arguments and environments, kept exactly. */

import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { LIMITS } from "../../base/limits.ts"

const FIRST_ITEMS = 64
const MAX_ITEMS = LIMITS.execveArguments.value

export class TextList {
  /** The message has this list, even if it is empty. */
  isKnown = false
  count = 0
  readonly arena: GrowingBytes
  #starts = new Int32Array(FIRST_ITEMS)
  #ends = new Int32Array(FIRST_ITEMS)

  constructor(arena: GrowingBytes) {
    this.arena = arena
  }

  clear(): void {
    this.isKnown = false
    this.count = 0
  }

  /** Index in the arena. */
  start(item: number): number {
    return this.#starts[item] as number
  }

  end(item: number): number {
    return this.#ends[item] as number
  }

  /** Adds what was appended to the arena from `start` on; false when the list is full. */
  add(start: number): boolean {
    if (this.count === MAX_ITEMS) return false
    if (this.count === this.#starts.length) this.#grow()
    this.#starts[this.count] = start
    this.#ends[this.count] = this.arena.used
    this.count++
    return true
  }

  #grow(): void {
    const starts = new Int32Array(this.count * 2)
    const ends = new Int32Array(this.count * 2)
    starts.set(this.#starts)
    ends.set(this.#ends)
    this.#starts = starts
    this.#ends = ends
  }
}
