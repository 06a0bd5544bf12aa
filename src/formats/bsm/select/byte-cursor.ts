/** Walks through the bytes of a pattern. */

export class ByteCursor {
  readonly #bytes: Buffer
  at = 0

  constructor(text: string) {
    this.#bytes = Buffer.from(text, "utf8")
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length
  }

  /** The byte at hand, -1 at the end. */
  get byte(): number {
    return this.#bytes[this.at] ?? -1
  }

  /** The byte `ahead` of the one at hand. */
  peek(ahead: number): number {
    return this.#bytes[this.at + ahead] ?? -1
  }

  /** The byte at hand, which is passed; -1 at the end. */
  take(): number {
    const byte = this.byte
    this.at++
    return byte
  }

  /** Passes `character` when it is at hand. */
  skip(character: string): boolean {
    if (this.byte !== character.charCodeAt(0)) return false
    this.at++
    return true
  }

  is(character: string): boolean {
    return this.byte === character.charCodeAt(0)
  }

  text(from: number, to: number): string {
    return this.#bytes.toString("latin1", from, to)
  }
}
