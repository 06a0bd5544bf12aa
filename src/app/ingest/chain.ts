/** One chain being ingested: its reader, and what of it must be saved so that a later run can read on. */
import type { RowRange, SourceRow } from "../../store/case-store.ts"
import type { ChainReader, Tally } from "../reading/reader.ts"

type Counts = Pick<SourceRow, "records" | "rejected" | "otherLines" | "events" | "firstTime" | "lastTime">

/** `parser_state` of a source. */
export interface SavedReading {
  /** The reader's state at `resume_offset`. */
  readonly reader: string
  readonly counts: Counts
  /** Bytes from `resume_offset` to the end of the content, base64: a last line without its end. */
  readonly tail: string
  /** Rows written for what was not complete at the end of the chain; null while the chain was not ended. */
  readonly flushed: readonly RowRange[] | null
  /** Highest eid in use before those rows, by table. */
  readonly eids: readonly (readonly [table: string, eid: number])[]
}

/** The source that a chain has read last: read to its end, its last line and the open events not ended yet. */
export interface OpenEnd {
  readonly row: SourceRow
  readonly saved: SavedReading
  readonly tally: Tally
  /** Hands the last line on. */
  endSource(): void
}

export class Chain {
  readonly key: string
  /** Sources of this chain in reading order, those of earlier runs included. */
  readonly sourceIds: number[] = []
  reader: ChainReader | null = null
  openEnd: OpenEnd | null = null
  /** The source before the next one, when an earlier run had read it to its end. */
  lastDone: SourceRow | null = null

  constructor(key: string) {
    this.key = key
  }
}

/** null for text that is not ours. */
export function parseSaved(text: string): SavedReading | null {
  if (text === "") return null
  try {
    return JSON.parse(text) as SavedReading
  } catch {
    return null
  }
}

export function countsOf(tally: Tally): Counts {
  const { records, rejected, otherLines, events, firstTime, lastTime } = tally
  return {
    records,
    rejected,
    otherLines,
    events,
    firstTime: Number.isNaN(firstTime) ? null : firstTime,
    lastTime: Number.isNaN(lastTime) ? null : lastTime,
  }
}

/** A tally that goes on from these counts. */
export function tallyFrom(counts: Counts): Tally {
  const { records, rejected, otherLines, events, firstTime, lastTime } = counts
  return {
    records,
    rejected,
    otherLines,
    events,
    firstTime: firstTime ?? Number.NaN,
    lastTime: lastTime ?? Number.NaN,
    hosts: new Set(),
    remarks: [],
  }
}
