/**
 * A table of numbers and names that costs nothing until it is asked: the generated tables are one text each.
 *
 *   "read write open 59 execve execveat"   0, 1, 2, then 59, 60
 */

const DENSE_LIMIT = 4096

export class NameTable {
  readonly #text: string
  #pairs: readonly (readonly [number, string])[] | undefined
  #dense: (string | undefined)[] = []
  #sparse = new Map<number, string>()
  #numbers = new Map<string, number>()

  /** @param text names apart by spaces; a decimal word sets the number of the name that follows, else one more than the last */
  constructor(text: string) {
    this.#text = text
  }

  /** The name of a number; of several the first. */
  name(number: number): string | undefined {
    if (this.#pairs === undefined) this.#split()
    return number < DENSE_LIMIT ? this.#dense[number] : this.#sparse.get(number)
  }

  /** The number of a name, spelled exactly so. */
  number(name: string): number | undefined {
    if (this.#pairs === undefined) this.#split()
    return this.#numbers.get(name)
  }

  /** All pairs in the order of the table. */
  pairs(): readonly (readonly [number, string])[] {
    return this.#pairs ?? this.#split()
  }

  #split(): readonly (readonly [number, string])[] {
    const pairs: [number, string][] = []
    let next = 0
    for (const word of this.#text.split(" ")) {
      const first = word.charCodeAt(0)
      if (first >= 0x30 && first <= 0x39) next = Number(word)
      else if (word !== "") pairs.push([next++, word])
    }
    for (const [number, name] of pairs) {
      if (number >= DENSE_LIMIT) {
        if (!this.#sparse.has(number)) this.#sparse.set(number, name)
      } else this.#dense[number] ??= name
      if (!this.#numbers.has(name)) this.#numbers.set(name, number)
    }
    this.#pairs = pairs
    return pairs
  }
}
