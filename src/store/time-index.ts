/**
 * How many rows a table has in each second, and which seconds may go: osquery's index of its event store. Sources:
 * osquery/events/eventsubscriberplugin.cpp (expireEventBatches, removeOverflowingEventBatches).
 */

export class TimeIndex {
  /** Ascending. */
  readonly #seconds: number[] = []
  /** Rows in the second at the same place. */
  readonly #counts: number[] = []
  #rows = 0

  /** Distinct seconds: osquery's event batches. */
  get size(): number {
    return this.#seconds.length
  }

  get rows(): number {
    return this.#rows
  }

  add(second: number, rows = 1): void {
    // Nearly every row is of the newest second or of one after it.
    const at = second === this.#seconds.at(-1) ? this.#seconds.length - 1 : this.#find(second)
    if (this.#seconds[at] === second) this.#counts[at] = (this.#counts[at] ?? 0) + rows
    else {
      this.#seconds.splice(at, 0, second)
      this.#counts.splice(at, 0, rows)
    }
    this.#rows += rows
  }

  /**
   * The second up to which, itself included, rows are older than `expirySeconds` at `nowSeconds`; null when nothing
   * is to go. The newest second stays however old it is: ids would begin anew with an empty store (#8524).
   *
   * DEVIATION(osquery): there, an expiry greater than the time wraps around, and all but the newest second goes.
   */
  expiryBound(expirySeconds: number, nowSeconds: number): number | null {
    const oldest = this.#seconds[0]
    const secondNewest = this.#seconds.at(-2)
    if (expirySeconds === 0 || nowSeconds === 0 || oldest === undefined || secondNewest === undefined)
      return null
    const limit = nowSeconds - expirySeconds
    return oldest < limit ? Math.min(limit, secondNewest) : null
  }

  /** The second up to which rows must go so that `max` seconds are left; null when they are no more, or `max` is 0. */
  overflowBound(max: number): number | null {
    if (max === 0 || this.size <= max) return null
    return this.#seconds[this.size - max - 1] ?? null
  }

  /** Forgets all seconds up to `bound`, itself included, and returns how many rows they had. */
  dropThrough(bound: number): number {
    const end = this.#find(bound + 1)
    this.#seconds.splice(0, end)
    const rows = this.#counts.splice(0, end).reduce((sum, count) => sum + count, 0)
    this.#rows -= rows
    return rows
  }

  /** Place of the first second that is not before `second`. */
  #find(second: number): number {
    let low = 0
    let high = this.#seconds.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#seconds[middle] ?? 0) < second) low = middle + 1
      else high = middle
    }
    return low
  }
}
