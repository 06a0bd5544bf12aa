/** Remembers the last short text of every column: in a trail most of them recur, and a string costs more than a look. */
import { textOfBytes } from "../base/text.ts"

const MAX_BYTES = 64

export class RecentTexts {
  readonly #texts: string[]
  /** Bytes of the text of column N lie at N * MAX_BYTES. */
  readonly #bytes: Uint8Array
  readonly #lengths: Uint8Array

  constructor(columns: number) {
    this.#texts = new Array<string>(columns).fill("")
    this.#bytes = new Uint8Array(columns * MAX_BYTES)
    this.#lengths = new Uint8Array(columns)
  }

  /** What `textOfBytes` gives. */
  textOf(column: number, buffer: Uint8Array, start: number, end: number): string {
    const length = end - start
    if (length > MAX_BYTES) return textOfBytes(buffer, start, end)
    const bytes = this.#bytes
    const from = column * MAX_BYTES
    let same = this.#lengths[column] === length ? 0 : -1
    while (same >= 0 && same < length) {
      if (bytes[from + same] === buffer[start + same]) same++
      else same = -1
    }
    if (same === length) return this.#texts[column] as string
    const text = textOfBytes(buffer, start, end)
    for (let at = 0; at < length; at++) bytes[from + at] = buffer[start + at] as number
    this.#lengths[column] = length
    this.#texts[column] = text
    return text
  }
}
