/** Watches bytes go by: hashes and counts them, or holds the first of them back to be looked at. */

import { createHash, type Hash } from "node:crypto"
import type { Bytes } from "./bytes.ts"
import type { Report } from "./source.ts"

type Buffers = AsyncGenerator<Buffer, void, undefined>

/** One reading of stored bytes, hashed on the way. */
export class Tap {
  readonly #inner: Buffers
  #hash: Hash | null = createHash("sha256")
  #hasEnded = false
  /** Bytes read so far. */
  count = 0

  constructor(bytes: Bytes, report: Report) {
    this.#inner = bytes.read(report)
  }

  /** The bytes as they come. Giving this up early leaves the rest for `finish`. */
  async *read(): Buffers {
    for (;;) {
      const bytes = await this.#next()
      if (bytes === null) return
      yield bytes
    }
  }

  /** Leaves the hashing to somebody else. */
  stopHashing(): void {
    this.#hash = null
  }

  /** Reads what nobody has read and gives the SHA-256 (hex) of all bytes, '' when hashing was stopped. */
  async finish(): Promise<string> {
    while ((await this.#next()) !== null) {}
    const hash = this.#hash
    this.#hash = null
    return hash === null ? "" : hash.digest("hex")
  }

  async close(): Promise<void> {
    await this.#inner.return()
  }

  async #next(): Promise<Buffer | null> {
    if (this.#hasEnded) return null
    const step = await this.#inner.next()
    if (step.done === true) {
      this.#hasEnded = true
      return null
    }
    this.#hash?.update(step.value)
    this.count += step.value.length
    return step.value
  }
}

/** A reading whose first bytes can be seen before it is read. */
export class Peeked {
  readonly #inner: Buffers
  #held: Buffer[] = []
  #heldLength = 0

  constructor(inner: Buffers) {
    this.#inner = inner
  }

  /** The first `length` bytes, fewer only when there are no more. Not after `read`. */
  async peek(length: number): Promise<Buffer> {
    while (this.#heldLength < length) {
      const step = await this.#inner.next()
      if (step.done === true) break
      this.#held.push(Buffer.from(step.value))
      this.#heldLength += step.value.length
    }
    const [first] = this.#held
    if (first !== undefined && first.length >= length) return first.subarray(0, length)
    return Buffer.concat(this.#held).subarray(0, length)
  }

  /** All bytes from the start. */
  async *read(): Buffers {
    const held = this.#held
    this.#held = []
    try {
      yield* held
      yield* this.#inner
    } finally {
      await this.#inner.return()
    }
  }

  async close(): Promise<void> {
    await this.#inner.return()
  }
}
