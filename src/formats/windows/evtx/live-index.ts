/** Live records by id and written time, so that what is recovered is not told twice. */

/** About 100 bytes each in memory; older ones are forgotten first. */
const MAX_RECORDS = 1_000_000

export class LiveIndex {
  #recent = new Map<number, bigint>()
  #older = new Map<number, bigint>()

  clear(): void {
    this.#recent.clear()
    this.#older.clear()
  }

  add(headerId: number, written: bigint): void {
    if (this.#recent.size >= MAX_RECORDS) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(headerId, written)
  }

  has(headerId: number, written: bigint): boolean {
    return this.#recent.get(headerId) === written || this.#older.get(headerId) === written
  }
}
