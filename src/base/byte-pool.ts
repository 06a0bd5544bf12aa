/**
 * Short byte strings that recur, kept once in one buffer: who copies them needs no string, and meets always the
 * same buffer.
 */

const MAX_ENTRIES = 65_536

export class BytePool {
  bytes: Buffer = Buffer.alloc(16 * 1024)
  readonly #ids = new Map<string, number>()
  #starts = new Int32Array(256)
  #ends = new Int32Array(256)
  #used = 0

  /** Number of the entry with these bytes. Who interns text from input looks at `isFull` first. */
  intern(text: string, encoding: "latin1" | "utf8"): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#ids.size
    const length = Buffer.byteLength(text, encoding)
    this.#reserve(id, length)
    this.bytes.write(text, this.#used, encoding)
    this.#starts[id] = this.#used
    this.#used += length
    this.#ends[id] = this.#used
    this.#ids.set(text, id)
    return id
  }

  get isFull(): boolean {
    return this.#ids.size >= MAX_ENTRIES
  }

  start(id: number): number {
    return this.#starts[id] as number
  }

  end(id: number): number {
    return this.#ends[id] as number
  }

  #reserve(id: number, length: number): void {
    if (this.#used + length > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(this.bytes.length * 2, this.#used + length))
      this.bytes.copy(grown, 0, 0, this.#used)
      this.bytes = grown
    }
    if (id < this.#starts.length) return
    const starts = new Int32Array(id * 2)
    const ends = new Int32Array(id * 2)
    starts.set(this.#starts)
    ends.set(this.#ends)
    this.#starts = starts
    this.#ends = ends
  }
}
