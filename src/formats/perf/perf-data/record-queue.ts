/**
 * Puts the records of several CPUs into the order of their times, as perf does: they wait until the second
 * FINISHED_ROUND behind them says that nothing older can follow. Source: tools/perf/util/ordered-events.c.
 *
 * Records that have the same time keep the order in which they came.
 */
import { RECORD } from "./record-types.ts"
import { WaitingRecords } from "./waiting-records.ts"

/** Below that, what has gone is not worth moving the rest. */
const LEAST_MOVED = 1024 * 1024
const FIRST_ORDER = 4096
const LAST = 0xffffffff

/** Takes the record that stands at `place` of the list. */
export type GiveRecord = (records: WaitingRecords, place: number) => void

/** Where samples have their times, in words from their start, and the bytes that the shortest one has. */
export interface RunShape {
  readonly timeWord: number
  readonly leastBytes: number
}

export class RecordQueue {
  readonly #give: GiveRecord
  #records = new WaitingRecords()
  #spare = new WaitingRecords()
  /** Places in `records` of what waits: the first `#count`. */
  #order = new Int32Array(FIRST_ORDER)
  #scratch = new Int32Array(FIRST_ORDER)
  #count = 0
  /** The latest time so far, and that of the round before: what is not later may go. */
  #maxHigh = 0
  #maxLow = 0
  #dueHigh = 0
  #dueLow = 0
  /** Whether the first `#count` of the order are known to be in order. */
  #isSorted = true
  /** Of the records that come. */
  sourceId = 0

  constructor(give: GiveRecord) {
    this.#give = give
  }

  /** Bytes that are kept. */
  get used(): number {
    return this.#records.used
  }

  /** Records that wait. */
  get count(): number {
    return this.#count
  }

  add(source: DataView, from: number, size: number, high: number, low: number, offset: number): void {
    const records = this.#records
    const at = records.add(source, from, size)
    this.#reserveOrder(1)
    this.#note(records, at, high, low, offset)
  }

  /**
   * Takes the samples that stand one behind the other from `words[from / 4]` on, as long as they have a time and no more
   * than `mostBytes` are kept; returns where they end.
   * @param words over the same memory as `bytes`
   * @param offset of `from` in the source
   */
  addRun(
    bytes: Buffer,
    words: Int32Array,
    from: number,
    end: number,
    offset: number,
    { timeWord, leastBytes }: RunShape,
    mostBytes: number,
  ): number {
    const records = this.#records
    const last = Math.min(end, from + mostBytes - records.used)
    const most = Math.max(0, Math.floor((last - from) / leastBytes))
    records.reserveRecords(most)
    this.#reserveOrder(most)
    const toStart = records.used - from
    const toOffset = offset - from
    let at = from
    while (at + leastBytes <= last) {
      const word = at >> 2
      const size = (words[word + 1] as number) >>> 16
      if (words[word] !== RECORD.sample || size < leastBytes || (size & 7) !== 0 || at + size > last) break
      const low = words[word + timeWord] as number
      const high = words[word + timeWord + 1] as number
      // Neither moment is one: general reading tells what becomes of such a record.
      if ((high === 0 && low === 0) || (high === -1 && low === -1)) break
      const place = records.count++
      records.starts[place] = at + toStart
      records.sizes[place] = size
      this.#note(records, place, high >>> 0, low >>> 0, at + toOffset)
      at += size
    }
    if (at > from) records.addBytes(bytes, from, at)
    return at
  }

  #note(records: WaitingRecords, place: number, high: number, low: number, offset: number): void {
    records.highs[place] = high
    records.lows[place] = low
    records.offsets[place] = offset
    records.sources[place] = this.sourceId
    this.#order[this.#count++] = place
    if (high > this.#maxHigh || (high === this.#maxHigh && low >= this.#maxLow)) {
      this.#maxHigh = high
      this.#maxLow = low
    } else this.#isSorted = false
  }

  /** A round has ended: what is not later than the end of the round before goes. */
  finishRound(): void {
    this.#giveUpTo(this.#dueHigh, this.#dueLow)
    this.#dueHigh = this.#maxHigh
    this.#dueLow = this.#maxLow
  }

  /** The older half goes, whatever may follow. */
  giveHalf(): void {
    this.#sort()
    const middle = this.#order[this.#count >> 1] as number
    this.#giveUpTo(this.#records.highs[middle] as number, this.#records.lows[middle] as number)
    this.#dropGone()
  }

  giveAll(): void {
    this.#giveUpTo(LAST, LAST)
  }

  /** Another recording begins. */
  clear(): void {
    this.#count = 0
    this.#isSorted = true
    this.#records.clear()
    this.#maxHigh = 0
    this.#maxLow = 0
    this.#dueHigh = 0
    this.#dueLow = 0
  }

  #giveUpTo(high: number, low: number): void {
    this.#sort()
    const order = this.#order
    const records = this.#records
    const { highs, lows } = records
    let next = 0
    for (; next < this.#count; next++) {
      const at = order[next] as number
      const own = highs[at] as number
      if (own > high || (own === high && (lows[at] as number) > low)) break
      this.#give(records, at)
    }
    order.copyWithin(0, next, this.#count)
    this.#count -= next
    if (this.#count === 0) this.#records.clear()
    else if (this.#records.used > LEAST_MOVED && this.#count < this.#records.count / 2) this.#dropGone()
  }

  /** Makes the room of what has gone free. */
  #dropGone(): void {
    if (this.#count === 0) return
    const first = this.#order[0] as number
    if (this.#isRun(first)) this.#records.dropBefore(first)
    else this.#moveWaiting()
    for (let at = 0; at < this.#count; at++) this.#order[at] = at
  }

  /** Whether all that waits stands in the order of its times behind what has gone, which is so with one CPU. */
  #isRun(first: number): boolean {
    if (first + this.#count !== this.#records.count) return false
    for (let at = 0; at < this.#count; at++) if (this.#order[at] !== first + at) return false
    return true
  }

  /** Moves what waits to the other list. */
  #moveWaiting(): void {
    const [from, to] = [this.#records, this.#spare]
    to.clear()
    for (let at = 0; at < this.#count; at++) to.addFrom(from, this.#order[at] as number)
    this.#records = to
    this.#spare = from
  }

  /** Each CPU's records come in order: runs are merged, two at a time. */
  #sort(): void {
    if (this.#isSorted) return
    let [from, to] = [this.#order, this.#scratch]
    let bounds = this.#findRuns()
    while (bounds.length > 2) {
      const merged = [0]
      for (let run = 0; run + 1 < bounds.length; run += 2) {
        const middle = bounds[run + 1] as number
        const end = bounds[run + 2] ?? middle
        this.#merge(from, to, bounds[run] as number, middle, end)
        merged.push(end)
      }
      ;[from, to] = [to, from]
      bounds = merged
    }
    this.#order = from
    this.#scratch = to
    this.#isSorted = true
  }

  /** Bounds of the stretches that are in order already. */
  #findRuns(): number[] {
    const order = this.#order
    const bounds = [0]
    for (let at = 1; at < this.#count; at++)
      if (this.#records.isLater(order[at - 1] as number, order[at] as number)) bounds.push(at)
    bounds.push(this.#count)
    return bounds
  }

  #merge(from: Int32Array, to: Int32Array, start: number, middle: number, end: number): void {
    let left = start
    let right = middle
    for (let at = start; at < end; at++) {
      const takesLeft =
        right >= end || (left < middle && !this.#records.isLater(from[left] as number, from[right] as number))
      to[at] = from[takesLeft ? left++ : right++] as number
    }
  }

  #reserveOrder(more: number): void {
    if (this.#count + more <= this.#order.length) return
    const grown = new Int32Array(Math.max(this.#order.length * 2, this.#count + more))
    grown.set(this.#order)
    this.#order = grown
    this.#scratch = new Int32Array(grown.length)
  }
}
