/** One chain being ingested: its reader, and what of it must be saved so that a later run can read on. */
import type { RowRange, SourceRow } from "../../store/case-store.ts"
import type { ChainReader, Tally } from "../reading/reader.ts"

/** `parser_state` of a source. */
export interface SavedReading {
  /** The reader's state at `resume_offset`. */
  readonly reader: string
  /** Bytes between `resume_offset` and the end of the content, base64: a last line without its end. */
  readonly tail: string
  /** Rows written for what was not complete at the end of the chain; null while the chain was not ended. */
  readonly flushed: readonly RowRange[] | null
  /** Highest eid in use before those rows, by table. */
  readonly eids: readonly (readonly [table: string, eid: number])[]
}

/** The source that a chain read last, its last line and open events not yet ended. */
export interface OpenEnd {
  readonly row: SourceRow
  readonly saved: SavedReading
}

export class Chain {
  readonly key: string
  /** Sources of this chain in reading order, those of earlier runs included. */
  readonly sourceIds: number[] = []
  reader: ChainReader | null = null
  openEnd: OpenEnd | null = null
  /** A source that an earlier run had read to its end, when nothing of this run came after it. */
  lastDone: SourceRow | null = null

  constructor(key: string) {
    this.key = key
  }
}

export function parseSaved(text: string): SavedReading | null {
  if (text === "") return null
  try {
    return JSON.parse(text) as SavedReading
  } catch {
    return null
  }
}

/** Fills the counts of a source from what the reader has tallied. */
export function applyTally(row: SourceRow, tally: Tally): void {
  row.records = tally.records
  row.rejected = tally.rejected
  row.otherLines = tally.otherLines
  row.events = tally.events
  row.firstTime = Number.isNaN(tally.firstTime) ? null : tally.firstTime
  row.lastTime = Number.isNaN(tally.lastTime) ? null : tally.lastTime
}

/** The tally that the counts of a source stand for. */
export function tallyOf(row: SourceRow): Tally {
  return {
    records: row.records,
    rejected: row.rejected,
    otherLines: row.otherLines,
    events: row.events,
    firstTime: row.firstTime ?? Number.NaN,
    lastTime: row.lastTime ?? Number.NaN,
    hosts: new Set(),
  }
}
