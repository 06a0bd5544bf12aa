/**
 * Names of elements, attributes and fields, each known by one number in the whole process: templates and exports write
 * the same few hundred again and again.
 */

/** Names beyond this are not kept apart from each other: evidence must not fill the memory. */
const MAX_NAMES = 65_536
const MAX_LENGTH = 1024

export class NameTable {
  readonly #ids = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #utf8: Buffer[] = []

  /** Number of a name, the same for the same text; -1 when it is too long or the table is full. */
  intern(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    if (this.#texts.length >= MAX_NAMES || text.length > MAX_LENGTH) return -1
    const id = this.#texts.length
    this.#ids.set(text, id)
    this.#texts.push(text)
    this.#utf8.push(Buffer.from(text, "utf8"))
    return id
  }

  text(id: number): string {
    return this.#texts[id] as string
  }

  utf8(id: number): Buffer {
    return this.#utf8[id] as Buffer
  }

  get size(): number {
    return this.#texts.length
  }
}

/** The one table of the process. */
export const NAMES = new NameTable()
