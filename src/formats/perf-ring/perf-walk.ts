/**
 * The records in the data of a perf ring: samples with a raw payload, and counts of what was lost.
 *
 *   u32 type | u16 misc | u16 size | (what sample_type says) u32 raw size | payload | zeros
 *
 * The raw size is found by itself, because it must fill the record: rings are read without their sample_type.
 * Source of truth: perf_event_open(2).
 */

const HEADER = 8
const LOST = 2
const SAMPLE = 9
/** IDENTIFIER, TID, TIME, ID, STREAM_ID and CPU may stand before the payload. */
const MOST_BEFORE = 6

export interface PerfWalker {
  payload(start: number, end: number): void
  /** So many records were lost before the next. */
  lost(count: number): void
  /** A record that is neither. */
  other(start: number, end: number): void
}

/** @returns where the walk ended: before the end of the bytes only when a record's size is no size */
export function walkPerfRing(bytes: Buffer, walker: PerfWalker): number {
  let at = 0
  while (at + HEADER <= bytes.length) {
    const type = bytes.readUInt32LE(at)
    const size = bytes.readUInt16LE(at + 6)
    const end = at + size
    if (size < HEADER || (size & 7) !== 0 || end > bytes.length) return at
    if (type === SAMPLE) tellSample(bytes, at, end, walker)
    else if (type === LOST && size >= HEADER + 16) walker.lost(bytes.readUInt32LE(at + HEADER + 8))
    else walker.other(at, end)
    at = end
  }
  return at
}

function tellSample(bytes: Buffer, at: number, end: number, walker: PerfWalker): void {
  for (let fields = 0; fields <= MOST_BEFORE; fields++) {
    const from = at + HEADER + fields * 8
    if (from + 4 > end) break
    if (bytes.readUInt32LE(from) === end - from - 4) {
      walker.payload(from + 4, end)
      return
    }
  }
  walker.other(at, end)
}
