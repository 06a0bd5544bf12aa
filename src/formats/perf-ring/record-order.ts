/** Puts records of several rings in the order of their time. What is equal stays in the order in which it came. */
import type { RingRecord } from "./ring-record.ts"

/** Where a record lies. */
export interface KeptRecord {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly offset: number
  readonly cpu: number
  readonly sourceId: number
  readonly timeHigh: number
  readonly timeLow: number
}

export class RecordOrder {
  #kept: KeptRecord[] = []
  /** Latest time of the round before, which the next round's records cannot precede. */
  #lastHigh = 0
  #lastLow = 0

  /** @param isOwn the bytes stay as they are and need no copy */
  keep(
    record: RingRecord,
    bytes: Buffer,
    start: number,
    end: number,
    sourceId: number,
    isOwn: boolean,
  ): void {
    const { offset, cpu, timeHigh, timeLow } = record
    const place = { offset, cpu, sourceId, timeHigh, timeLow }
    if (isOwn) this.#kept.push({ bytes, start, end, ...place })
    else {
      const copy = Buffer.from(bytes.subarray(start, end))
      this.#kept.push({ bytes: copy, start: 0, end: copy.length, ...place })
    }
  }

  get count(): number {
    return this.#kept.length
  }

  /** A round is over: gives what is not later than the round before. */
  endRound(give: (kept: KeptRecord) => void): void {
    this.#kept.sort(compareTime)
    const last = this.#kept.at(-1)
    let at = 0
    for (; at < this.#kept.length; at++) {
      const kept = this.#kept[at] as KeptRecord
      if (isLater(kept, this.#lastHigh, this.#lastLow)) break
      give(kept)
    }
    this.#kept = this.#kept.slice(at)
    if (last === undefined) return
    this.#lastHigh = last.timeHigh
    this.#lastLow = last.timeLow
  }

  /** Nothing more comes. */
  end(give: (kept: KeptRecord) => void): void {
    this.#kept.sort(compareTime)
    for (const kept of this.#kept) give(kept)
    this.#kept = []
    this.#lastHigh = 0
    this.#lastLow = 0
  }
}

function compareTime(a: KeptRecord, b: KeptRecord): number {
  return a.timeHigh - b.timeHigh || a.timeLow - b.timeLow
}

function isLater({ timeHigh, timeLow }: KeptRecord, high: number, low: number): boolean {
  return timeHigh > high || (timeHigh === high && timeLow > low)
}
