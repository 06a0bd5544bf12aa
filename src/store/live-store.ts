/** What a capture writes to while queries read: batches of rows, osquery's tables about itself, and expiry. */
import type { Gap, Problem } from "../base/problem.ts"
import type { QueuedRow } from "../schema/row-value.ts"
import type { ProcessRow, RowRange, RunRow, SourceRow } from "./case-store.ts"
import type { RetentionStore } from "./events-retention.ts"

/** One row of `osquery_events`. */
export interface EventsRow {
  readonly name: string
  readonly publisher: string
  readonly type: "publisher" | "subscriber"
  readonly subscriptions: number
  readonly events: number
  readonly refreshes: number
  /** -1 when it is missing. */
  readonly active: 1 | 0 | -1
}

/** One row of `osquery_flags`. */
export interface FlagRow {
  readonly name: string
  readonly type: string
  readonly description: string
  readonly defaultValue: string
  readonly value: string
  readonly isShellOnly: boolean
}

export interface StoredProblem {
  readonly problem: Problem
  readonly sourceId: number
}

export interface StoredGap {
  readonly gap: Gap
  readonly host: string
  readonly sourceId: number
}

/** Everything that must become visible at once, or not at all. */
export interface LiveBatch {
  readonly rows: readonly QueuedRow[]
  readonly problems: readonly StoredProblem[]
  readonly gaps: readonly StoredGap[]
  readonly sources: readonly SourceRow[]
  /** Highest eid in use, by table. */
  readonly eids: ReadonlyMap<string, number>
  /** All rows of `osquery_events`. */
  readonly publishers?: readonly EventsRow[]
}

/**
 * Nothing else in the process may open and close the file while the store is open: that would drop the locks that
 * POSIX gives to a process as a whole (sqlite.org/howtocorrupt.html). Queries run in processes of their own.
 */
export interface LiveStore extends RetentionStore {
  readonly path: string
  /** Problems are recorded under the run that began last. */
  beginRun(run: RunRow): number
  endRun(id: number, ended: string, exitCode: number): void
  sources(): SourceRow[]
  eids(): Map<string, number>
  /** Rows of process_events of these sources with a rowid below `end`, in the order in which they were written. */
  processRows(sourceIds: readonly number[], end: number): Iterable<ProcessRow>
  /** On an error nothing of the batch is in, and the store goes on working. */
  commit(batch: LiveBatch): void
  /** Takes back rows that an earlier run wrote for events which go on, and notes it at their source. */
  retract(ranges: readonly RowRange[], source: SourceRow): void
  setFlags(rows: readonly FlagRow[]): void
  setEvents(rows: readonly EventsRow[]): void
  /** Rows of each event table now. */
  sizes(): Map<string, number>
  /** Gives the files to the account that the process is going to run as; it needs no access to their folder. */
  handOver(uid: number, gid: number): void
  close(): void
}
