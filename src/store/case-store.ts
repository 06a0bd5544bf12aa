/** What a case is kept in, for the floors above: sources with their state, and batches of rows that come with it. */
import type { TableSchema } from "../schema/column.ts"

export type SourceState = "reading" | "done" | "duplicate" | "empty" | "unrecognised" | "refused" | "archive"

/** One row of `_sources`. Times in seconds, sizes in bytes, NULL where a number is not known. */
export interface SourceRow {
  id: number
  path: string
  member: string
  packing: string
  format: string
  variant: string
  state: SourceState
  size: number | null
  modified: number | null
  sha256: string
  contentSize: number
  contentSha256: string
  records: number
  rejected: number
  otherLines: number
  events: number
  firstTime: number | null
  lastTime: number | null
  runId: number
  duplicateOf: number | null
  headSha256: string
  headSize: number
  resumeOffset: number
  /** JSON; '' when nothing is needed to read on. */
  parserState: string
}

/** Rows of one table by rowid, both ends included. */
export interface RowRange {
  readonly table: string
  readonly from: number
  readonly to: number
}

/** Everything that must become visible at once, or not at all. */
export interface Batch {
  /** Staging file with event rows and problems; '' when the batch has none. */
  readonly stagingPath: string
  readonly sources: readonly SourceRow[]
  /** Highest eid in use, by table. */
  readonly eids: ReadonlyMap<string, number>
  /** Rows that an earlier run wrote for events which turned out not to be complete. */
  readonly retracted?: readonly RowRange[]
  /** Sources whose rows another one's take the place of. */
  readonly replaced?: readonly number[]
}

export interface RunRow {
  readonly version: string
  readonly args: readonly string[]
  readonly started: string
}

/** What a row of process_events says of who runs what. */
export interface ProcessRow {
  readonly host: string
  readonly pid: number | null
  readonly parent: number | null
  readonly eventType: string
  readonly status: number | null
  readonly path: string
  readonly parentPath: string
  /** Seconds since 1970. */
  readonly time: number | null
}

/** Gives a source of an absorbed case its numbers in this one. */
export type Renumber = (
  row: SourceRow,
  idOffset: number,
  rowOffsets: ReadonlyMap<string, number>,
  eidOffsets: ReadonlyMap<string, number>,
) => SourceRow

export interface CaseStore {
  readonly path: string
  /** Tables that a staging file must hold, with the exact text of their CREATE TABLE. */
  readonly stagingTables: readonly { readonly schema: TableSchema; readonly sql: string }[]
  beginRun(run: RunRow): number
  endRun(id: number, ended: string, exitCode: number): void
  sources(): SourceRow[]
  eids(): Map<string, number>
  /** Highest rowid of each table that rows are staged for. */
  lastRows(): Map<string, number>
  /** Rows of process_events of these sources with a rowid below `end`, in the order in which they were written. */
  processRows(sourceIds: readonly number[], end: number): Iterable<ProcessRow>
  commit(batch: Batch): void
  /** Digests of the first bytes of the sources of another case file that have any. */
  peekHeads(path: string): string[]
  /** Makes everything in another case file part of this one, in one transaction, as if it had been read here. */
  absorb(path: string, runId: number, renumber: Renumber): void
  /** Before a load that is large against what is there already. */
  dropIndexes(): void
  createIndexes(): void
  /** Bytes of the file. */
  size(): number
  close(): void
}
