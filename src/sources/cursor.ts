/** Takes bytes out of a stream of buffers: a few at a time for headers, as they come for content. */

const NOTHING = Buffer.alloc(0)

export class Cursor {
  readonly #input: AsyncGenerator<Buffer, void, undefined>
  #current: Buffer = NOTHING
  #position = 0
  #hasEnded = false

  constructor(input: AsyncGenerator<Buffer, void, undefined>) {
    this.#input = input
  }

  /** Bytes consumed since the start. */
  get position(): number {
    return this.#position
  }

  /** What is at hand, at least one byte, without consuming it; null at the end. Valid until the next call. */
  async available(): Promise<Buffer | null> {
    while (this.#current.length === 0) {
      if (!(await this.#pull())) return null
    }
    return this.#current
  }

  /** Up to `length` bytes (fewer only at the end) without consuming them. Meant for headers: may copy. */
  async peek(length: number): Promise<Buffer> {
    if (this.#current.length < length) await this.#gather(length)
    return this.#current.subarray(0, length)
  }

  /** Consumes bytes that `available` or `peek` has shown. */
  consume(length: number): void {
    this.#current = this.#current.subarray(length)
    this.#position += length
  }

  /** Consumes up to `length` bytes and returns how many there were. */
  async skip(length: number): Promise<number> {
    let left = length
    while (left > 0) {
      const bytes = await this.available()
      if (bytes === null) break
      const step = Math.min(left, bytes.length)
      this.consume(step)
      left -= step
    }
    return length - left
  }

  async close(): Promise<void> {
    await this.#input.return()
  }

  async #gather(length: number): Promise<void> {
    const pieces: Buffer[] = [Buffer.from(this.#current)]
    let have = this.#current.length
    while (have < length && (await this.#pull())) {
      have += this.#current.length
      pieces.push(have < length ? Buffer.from(this.#current) : this.#current)
    }
    this.#current = pieces.length === 1 ? (pieces[0] ?? NOTHING) : Buffer.concat(pieces)
  }

  /** Replaces the current buffer by the next one. */
  async #pull(): Promise<boolean> {
    if (this.#hasEnded) return false
    const step = await this.#input.next()
    if (step.done === true) {
      this.#hasEnded = true
      return false
    }
    this.#current = step.value
    return true
  }
}
