/**
 * What of a log was given and told, so that a chunk that is read again gives what is new in it.
 *
 * Ids of records rise over a log, and a chunk that was used anew holds higher ones. They are looked at only where bytes
 * are read again: a file that somebody put together may hold an id twice.
 */
import { IdRanges, type SavedRanges } from "./id-ranges.ts"

/** Problems that are known again; of a log with more of them some may be told twice. */
const MAX_TOLD = 1024

/** What outlives the process. */
export interface SavedGiven {
  readonly ids: SavedRanges
  readonly told: readonly string[]
  readonly seenTo: number
}

export class GivenRecords {
  readonly #ids = new IdRanges()
  readonly #told = new Set<string>()
  /** End of the chunk that lies last of those that were read. */
  #seenTo = 0
  #isAgain = false

  /** NaN when there is none. */
  get highestId(): number {
    return this.#ids.highest
  }

  /** Whether the chunk at hand, or another one in its place, was read before. */
  get isAgain(): boolean {
    return this.#isAgain
  }

  /** Another source begins. */
  begin(): void {
    this.#ids.clear()
    this.#told.clear()
    this.#seenTo = 0
    this.#isAgain = false
  }

  /** @param end of the chunk, in the source */
  beginChunk(offset: number, end: number): void {
    this.#isAgain = offset < this.#seenTo
    if (end > this.#seenTo) this.#seenTo = end
  }

  isNew(id: number): boolean {
    return !(this.#isAgain && this.#ids.has(id))
  }

  add(id: number): void {
    this.#ids.add(id)
  }

  /** Notes that a problem is told; false when it was told before. @param offset in the source */
  tells(code: string, offset: number): boolean {
    const key = `${code}@${offset}`
    if (this.#isAgain && this.#told.has(key)) return false
    if (this.#told.size < MAX_TOLD) this.#told.add(key)
    return true
  }

  save(): SavedGiven {
    return { ids: this.#ids.save(), told: [...this.#told], seenTo: this.#seenTo }
  }

  restore({ ids, told, seenTo }: SavedGiven): void {
    this.#ids.restore(ids)
    this.#told.clear()
    for (const key of told) this.#told.add(key)
    this.#seenTo = seenTo
  }
}
