/** What a capture needs of the rings that the kernel fills, whichever they are. */

/** Takes `bytes[from, to)`, which stay as they are until it returns; false when there is no room now. */
export type TakeRecord = (bytes: Buffer, from: number, to: number) => boolean

export interface Ring {
  /** Hands out what is there, in the ring's order, until it is empty or no more is taken. True when it is empty. */
  drain(take: TakeRecord): boolean
  /** Bytes that wait. */
  waiting(): number
}

/** A position that the kernel and we tell each other through shared memory. */
export class Position {
  readonly #words: BigInt64Array

  /** @param at a multiple of 8 */
  constructor(memory: Buffer, at: number) {
    this.#words = new BigInt64Array(memory.buffer, memory.byteOffset + at, 1)
  }

  /** What was written before the position is visible afterwards. Exact as long as less than 8 PiB went through. */
  load(): number {
    return Number(Atomics.load(this.#words, 0))
  }

  /** What was read before is free afterwards. */
  store(position: number): void {
    Atomics.store(this.#words, 0, BigInt(position))
  }
}
