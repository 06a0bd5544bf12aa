/**
 * Numbers of names straight from bytes: a hash table over `NAMES`, so that no string is made for a name that is known.
 */
import { NAMES } from "../names.ts"
import { UNNAMED } from "./known-names.ts"

const FIRST_SLOTS = 4096
const GUESSES = 4096
const EMPTY = -1

export class NameLookup {
  /** Names that could not be told apart any more. */
  overflows = 0
  #slots = new Int32Array(FIRST_SLOTS).fill(EMPTY)
  #count = 0
  /** Keeps names from being made up so that they all meet in one place of the table. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000)

  /** By what stood before, the name that came then: names follow each other in the same order again and again. */
  readonly #guesses = new Int32Array(GUESSES).fill(EMPTY)

  /** Number in `NAMES` of the name in `bytes[start, end)`; that of a stand-in when the table takes no more. */
  find(bytes: Buffer, start: number, end: number): number {
    return this.#orStandIn(this.#seek(bytes, start, end))
  }

  /** The same. @param before any number for what stood before the name, from 0 on */
  findAfter(before: number, bytes: Buffer, start: number, end: number): number {
    return this.#orStandIn(this.tryFindAfter(before, bytes, start, end))
  }

  /** The same, but -1 for a name that the table does not take. */
  tryFindAfter(before: number, bytes: Buffer, start: number, end: number): number {
    const place = before & (GUESSES - 1)
    const guess = this.#guesses[place] as number
    if (guess !== EMPTY && isSame(NAMES.utf8(guess), bytes, start, end)) return guess
    const id = this.#seek(bytes, start, end)
    this.#guesses[place] = id
    return id
  }

  #orStandIn(id: number): number {
    if (id >= 0) return id
    this.overflows++
    return UNNAMED
  }

  #seek(bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hashOf(this.#seed, bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot] as number
      if (id === EMPTY) return this.#add(bytes, start, end, slot)
      if (isSame(NAMES.utf8(id), bytes, start, end)) return id
    }
  }

  #add(bytes: Buffer, start: number, end: number, slot: number): number {
    const id = NAMES.intern(bytes.utf8Slice(start, end))
    // A name that is not UTF-8 is not found by its bytes again; it takes no slot.
    if (id < 0 || !isSame(NAMES.utf8(id), bytes, start, end)) return id
    this.#slots[slot] = id
    this.#count++
    if (this.#count * 2 > this.#slots.length) this.#grow()
    return id
  }

  #grow(): void {
    const old = this.#slots
    const grown = new Int32Array(old.length * 2).fill(EMPTY)
    const mask = grown.length - 1
    for (const id of old) {
      if (id === EMPTY) continue
      const name = NAMES.utf8(id)
      let slot = hashOf(this.#seed, name, 0, name.length) & mask
      while (grown[slot] !== EMPTY) slot = (slot + 1) & mask
      grown[slot] = id
    }
    this.#slots = grown
  }
}

function hashOf(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

function isSame(name: Buffer, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let at = 0; at < name.length; at++) if (name[at] !== bytes[start + at]) return false
  return true
}
