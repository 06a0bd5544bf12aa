/**
 * Look-up tables that cost nothing until they are asked: the generated data is one text each.
 *
 *   2 ENOENT No such file or directory      number, name, the rest of the line
 */

export interface NamedValue {
  readonly value: number
  readonly name: string
  readonly rest: string
}

export class ValueTable {
  readonly #text: string
  #byValue: Map<number, NamedValue> | undefined
  readonly #byName = new Map<string, NamedValue>()

  constructor(text: string) {
    this.#text = text
  }

  /** Of several rows with the same number the first. */
  find(value: number): NamedValue | undefined {
    return (this.#byValue ?? this.#split()).get(value)
  }

  named(name: string): NamedValue | undefined {
    if (this.#byValue === undefined) this.#split()
    return this.#byName.get(name)
  }

  all(): readonly NamedValue[] {
    return this.#text.split("\n").flatMap((line) => (line === "" ? [] : [splitLine(line)]))
  }

  #split(): Map<number, NamedValue> {
    const byValue = new Map<number, NamedValue>()
    for (const row of this.all()) {
      if (!byValue.has(row.value)) byValue.set(row.value, row)
      if (!this.#byName.has(row.name)) this.#byName.set(row.name, row)
    }
    this.#byValue = byValue
    return byValue
  }
}

function splitLine(line: string): NamedValue {
  const first = line.indexOf(" ")
  const second = line.indexOf(" ", first + 1)
  const value = Number(line.slice(0, first))
  if (second < 0) return { value, name: line.slice(first + 1), rest: "" }
  return { value, name: line.slice(first + 1, second), rest: line.slice(second + 1) }
}
