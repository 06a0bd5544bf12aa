/** Record ids that were met, as ranges without a hole: those of a log rise, so that a few ranges hold them all. */

/** Beyond so many the oldest hole is taken for met: it is the one that is filled last, if ever. */
const MAX_RANGES = 512

interface IdRange {
  first: number
  last: number
}

/** `[first, last]`, ascending. */
export type SavedRanges = readonly (readonly [first: number, last: number])[]

export class IdRanges {
  /** Ascending, with a hole between each two. */
  #ranges: IdRange[] = []
  /** Index of the one that was added to last. */
  #at = 0

  /** NaN when there is none. */
  get highest(): number {
    return this.#ranges.at(-1)?.last ?? Number.NaN
  }

  has(id: number): boolean {
    const range = this.#ranges[this.#find(id)]
    return range !== undefined && id >= range.first
  }

  add(id: number): void {
    const range = this.#ranges[this.#at]
    const next = this.#ranges[this.#at + 1]
    if (range !== undefined && id === range.last + 1 && (next === undefined || id + 1 < next.first))
      range.last = id
    else this.#insert(id)
  }

  clear(): void {
    this.#ranges = []
    this.#at = 0
  }

  save(): SavedRanges {
    return this.#ranges.map(({ first, last }) => [first, last] as const)
  }

  restore(saved: SavedRanges): void {
    this.#ranges = saved.map(([first, last]) => ({ first, last }))
    this.#at = Math.max(0, this.#ranges.length - 1)
  }

  #insert(id: number): void {
    const ranges = this.#ranges
    const at = this.#find(id)
    const next = ranges[at]
    if (next !== undefined && id >= next.first) return
    const before = ranges[at - 1]
    const goesOn = before?.last === id - 1
    const leadsOn = next?.first === id + 1
    if (before !== undefined && goesOn) {
      before.last = next !== undefined && leadsOn ? next.last : id
      if (leadsOn) ranges.splice(at, 1)
    } else if (next !== undefined && leadsOn) next.first = id
    else ranges.splice(at, 0, { first: id, last: id })
    this.#at = goesOn ? at - 1 : at
    if (ranges.length > MAX_RANGES) this.#closeOldestHole()
  }

  #closeOldestHole(): void {
    const [oldest, second] = this.#ranges
    if (oldest === undefined || second === undefined) return
    oldest.last = second.last
    this.#ranges.splice(1, 1)
    this.#at = Math.max(0, this.#at - 1)
  }

  /** Index of the first range that ends at or behind the id. */
  #find(id: number): number {
    let [low, high] = [0, this.#ranges.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ranges[middle] as IdRange).last < id) low = middle + 1
      else high = middle
    }
    return low
  }
}
