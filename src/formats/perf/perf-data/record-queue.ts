/**
 * Puts the records of several CPUs into the order of their times, as perf does: they wait until the second
 * FINISHED_ROUND behind them says that nothing older can follow. Source: tools/perf/util/ordered-events.c.
 *
 * Records that have the same time keep the order in which they came.
 */
import { WaitingRecords } from "./waiting-records.ts"

/** Below that, what has gone is not worth moving the rest. */
const LEAST_MOVED = 1024 * 1024
const FIRST_ORDER = 4096
const LAST = 0xffffffff

/** Takes a record: `bytes[at, at + size)`, which began at `offset` of its source. */
export type GiveRecord = (
  bytes: Buffer,
  view: DataView,
  at: number,
  size: number,
  offset: number,
  sourceId: number,
) => void

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
  /** Of the records that come. */
  sourceId = 0

  constructor(give: GiveRecord) {
    this.#give = give
  }

  /** Bytes that are kept. */
  get used(): number {
    return this.#records.used
  }

  add(source: DataView, from: number, size: number, high: number, low: number, offset: number): void {
    const records = this.#records
    const at = records.add(source, from, size)
    records.highs[at] = high
    records.lows[at] = low
    records.offsets[at] = offset
    records.sources[at] = this.sourceId
    if (this.#count === this.#order.length) this.#growOrder()
    this.#order[this.#count++] = at
    if (high > this.#maxHigh || (high === this.#maxHigh && low > this.#maxLow)) {
      this.#maxHigh = high
      this.#maxLow = low
    }
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
    this.#records.clear()
    this.#maxHigh = 0
    this.#maxLow = 0
    this.#dueHigh = 0
    this.#dueLow = 0
  }

  #giveUpTo(high: number, low: number): void {
    this.#sort()
    const order = this.#order
    const { bytes, view, starts, sizes, highs, lows, offsets, sources } = this.#records
    let next = 0
    for (; next < this.#count; next++) {
      const at = order[next] as number
      const own = highs[at] as number
      if (own > high || (own === high && (lows[at] as number) > low)) break
      const start = starts[at] as number
      this.#give(bytes, view, start, sizes[at] as number, offsets[at] as number, sources[at] as number)
    }
    order.copyWithin(0, next, this.#count)
    this.#count -= next
    if (this.#count === 0) this.#records.clear()
    else if (this.#records.used > LEAST_MOVED && this.#count < this.#records.count / 2) this.#dropGone()
  }

  /** Moves what waits to the other list, so that the room of what has gone can be used again. */
  #dropGone(): void {
    const [from, to] = [this.#records, this.#spare]
    to.clear()
    for (let at = 0; at < this.#count; at++) {
      to.addFrom(from, this.#order[at] as number)
      this.#order[at] = at
    }
    this.#records = to
    this.#spare = from
  }

  /** Each CPU's records come in order: runs are merged, two at a time. */
  #sort(): void {
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

  #growOrder(): void {
    const grown = new Int32Array(this.#order.length * 2)
    grown.set(this.#order)
    this.#order = grown
    this.#scratch = new Int32Array(grown.length)
  }
}
