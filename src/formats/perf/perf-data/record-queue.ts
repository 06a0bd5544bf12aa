/**
 * Puts the records of several CPUs into the order of their times, as perf does: they wait until the second
 * FINISHED_ROUND behind them says that nothing older can follow. Source: tools/perf/util/ordered-events.c.
 *
 * Records that have the same time keep the order in which they came.
 */
const FIRST_BYTES = 1024 * 1024
const FIRST_RECORDS = 4096

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
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #view = viewOf(this.#bytes)
  #spare = Buffer.allocUnsafe(0)
  used = 0
  count = 0
  /** Of the records that come. */
  sourceId = 0
  #starts = new Int32Array(FIRST_RECORDS)
  #sizes = new Int32Array(FIRST_RECORDS)
  #highs = new Uint32Array(FIRST_RECORDS)
  #lows = new Uint32Array(FIRST_RECORDS)
  #offsets = new Float64Array(FIRST_RECORDS)
  #sources = new Int32Array(FIRST_RECORDS)
  #order = new Int32Array(FIRST_RECORDS)
  #scratch = new Int32Array(FIRST_RECORDS)
  /** The latest time so far, and that of the round before: what is not later may go. */
  #maxHigh = 0
  #maxLow = 0
  #dueHigh = 0
  #dueLow = 0
  readonly #give: GiveRecord

  constructor(give: GiveRecord) {
    this.#give = give
  }

  add(source: Buffer, from: number, size: number, high: number, low: number, offset: number): void {
    if (this.used + size > this.#bytes.length) this.#growBytes(size)
    const at = this.count
    if (at === this.#starts.length) this.#growRecords()
    source.copy(this.#bytes, this.used, from, from + size)
    this.#starts[at] = this.used
    this.#sizes[at] = size
    this.#highs[at] = high
    this.#lows[at] = low
    this.#offsets[at] = offset
    this.#sources[at] = this.sourceId
    // Records begin where a kernel's do: at multiples of 8.
    this.used += (size + 7) & ~7
    this.count++
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
    const middle = this.#order[this.count >> 1] as number
    this.#giveUpTo(this.#highs[middle] as number, this.#lows[middle] as number)
  }

  giveAll(): void {
    this.#giveUpTo(0xffffffff, 0xffffffff)
  }

  clear(): void {
    this.used = 0
    this.count = 0
    this.#maxHigh = 0
    this.#maxLow = 0
    this.#dueHigh = 0
    this.#dueLow = 0
  }

  #giveUpTo(high: number, low: number): void {
    if (this.count === 0) return
    this.#sort()
    const order = this.#order
    let next = 0
    for (; next < this.count; next++) {
      const at = order[next] as number
      const ownHigh = this.#highs[at] as number
      if (ownHigh > high || (ownHigh === high && (this.#lows[at] as number) > low)) break
      this.#giveOne(at)
    }
    if (next > 0) this.#keepFrom(next)
  }

  #giveOne(at: number): void {
    const [start, size] = [this.#starts[at] as number, this.#sizes[at] as number]
    this.#give(this.#bytes, this.#view, start, size, this.#offsets[at] as number, this.#sources[at] as number)
  }

  /** Moves what is left, in its order, to the start of the other buffer. */
  #keepFrom(next: number): void {
    const order = this.#order.slice(next, this.count)
    this.#moveBytes(order)
    this.#sizes = pick(this.#sizes, order)
    this.#highs = pick(this.#highs, order)
    this.#lows = pick(this.#lows, order)
    this.#offsets = pick(this.#offsets, order)
    this.#sources = pick(this.#sources, order)
    this.count = order.length
  }

  #moveBytes(order: Int32Array): void {
    const old = this.#bytes
    const isRoomy = this.#spare.length >= old.length
    const target = order.length === 0 ? old : isRoomy ? this.#spare : Buffer.allocUnsafe(old.length)
    const starts = new Int32Array(this.#starts.length)
    let used = 0
    for (let to = 0; to < order.length; to++) {
      const at = order[to] as number
      const [start, size] = [this.#starts[at] as number, this.#sizes[at] as number]
      old.copy(target, used, start, start + size)
      starts[to] = used
      used += (size + 7) & ~7
    }
    this.#starts = starts
    this.used = used
    if (target === old) return
    this.#spare = old
    this.#bytes = target
    this.#view = viewOf(target)
  }

  /** Fills `order`: each CPU's records come in order, so runs are merged. */
  #sort(): void {
    const runs = this.#findRuns()
    let [from, to] = [this.#order, this.#scratch]
    for (let bounds = runs; bounds.length > 2; ) {
      const merged: number[] = [0]
      for (let run = 0; run + 1 < bounds.length; run += 2) {
        const start = bounds[run] as number
        const middle = bounds[run + 1] as number
        const end = bounds[run + 2] ?? middle
        this.#merge(from, to, start, middle, end)
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
    for (let at = 0; at < this.count; at++) {
      order[at] = at
      if (at > 0 && this.#isLater(at - 1, at)) bounds.push(at)
    }
    bounds.push(this.count)
    return bounds
  }

  #merge(from: Int32Array, to: Int32Array, start: number, middle: number, end: number): void {
    let left = start
    let right = middle
    for (let at = start; at < end; at++) {
      const takesLeft =
        right >= end || (left < middle && !this.#isLater(from[left] as number, from[right] as number))
      to[at] = from[takesLeft ? left++ : right++] as number
    }
  }

  #isLater(a: number, b: number): boolean {
    const highA = this.#highs[a] as number
    const highB = this.#highs[b] as number
    return highA > highB || (highA === highB && (this.#lows[a] as number) > (this.#lows[b] as number))
  }

  #growBytes(more: number): void {
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.used + more))
    this.#bytes.copy(grown, 0, 0, this.used)
    this.#bytes = grown
    this.#view = viewOf(grown)
  }

  #growRecords(): void {
    const length = this.#starts.length * 2
    const grow = <Kind extends Int32Array | Uint32Array | Float64Array>(old: Kind, grown: Kind) => {
      grown.set(old)
      return grown
    }
    this.#starts = grow(this.#starts, new Int32Array(length))
    this.#sizes = grow(this.#sizes, new Int32Array(length))
    this.#highs = grow(this.#highs, new Uint32Array(length))
    this.#lows = grow(this.#lows, new Uint32Array(length))
    this.#offsets = grow(this.#offsets, new Float64Array(length))
    this.#sources = grow(this.#sources, new Int32Array(length))
    this.#order = new Int32Array(length)
    this.#scratch = new Int32Array(length)
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** The items at the places, in a list as long as before. */
function pick<Items extends Int32Array | Uint32Array | Float64Array>(
  items: Items,
  places: Int32Array,
): Items {
  const picked = new (items.constructor as new (length: number) => Items)(items.length)
  for (let to = 0; to < places.length; to++) picked[to] = items[places[to] as number] as number
  return picked
}
