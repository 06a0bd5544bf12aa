/** What the use cases need of a format: bytes of a chain of sources in, rows out, with counts and a state to save. */
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import type { Gap, Problem } from "../../base/problem.ts"
import type { PrauditOptions } from "../../formats/bsm/render/praudit/options.ts"
import type { BsmSelection } from "../../formats/bsm/select/selection.ts"
import type { BsmPlatform } from "../../formats/bsm/tables/events.ts"
import type { Detection, Stretch } from "../../formats/format.ts"
import type { ScriptOptions } from "../../formats/perf/perf-data/script-renderer.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import type { ProcessRow } from "../../store/case-store.ts"

/** What one source has given so far. */
export interface Tally {
  records: number
  rejected: number
  otherLines: number
  events: number
  /** Seconds since 1970; NaN before the first event. */
  firstTime: number
  lastTime: number
  /** Hosts seen, up to a hundred. */
  readonly hosts: Set<string>
  /** What a person should know of the source, one clause each. */
  readonly remarks: string[]
}

export function newTally(): Tally {
  const hosts = new Set<string>()
  return {
    records: 0,
    rejected: 0,
    otherLines: 0,
    events: 0,
    firstTime: Number.NaN,
    lastTime: Number.NaN,
    hosts,
    remarks: [],
  }
}

export interface Accounts {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

/** What is asked of Windows event logs only. */
export interface WindowsChoice {
  /** Only events with these ids; all when there are none. */
  readonly eventIds: readonly number[]
  /** Deleted records too: from slack, damaged chunks and raw images. */
  readonly recovers: boolean
}

/** What is asked of BSM trails only. */
export interface BsmChoice {
  /** The system that wrote the trail, where its records do not tell. */
  readonly platform?: BsmPlatform
  /** Only records that it selects; all unless given. */
  readonly selection?: BsmSelection
}

/** Takes every record decoded in full. */
export interface RecordOutput {
  readonly form: RecordForm
  /** How form `praudit` is written. */
  readonly praudit?: PrauditOptions
  /** How form `perf-script` is written. */
  readonly perfScript?: ScriptOptions
  text(record: string): void
  /** The same as UTF-8; the bytes are used again after the call. */
  bytes(buffer: Buffer, start: number, end: number): void
  /** Begins a record whose bytes the caller appends to what this returns, before it calls `end`. */
  begin(): GrowingBytes
  end(): void
}

/**
 * xml: only Windows events have it. praudit and bsm, the bytes as they are: only BSM trails. perf-script: only
 * recordings of perf.
 */
export type RecordForm = "json" | "xml" | "praudit" | "bsm" | "perf-script"

export interface ReaderOptions {
  readonly writer: RowWriter
  readonly host: string
  readonly accounts?: Accounts
  /** Seconds since 1970; events outside are counted, but give no rows. */
  readonly start?: number
  readonly end?: number
  readonly tables?: ReadonlySet<string>
  /** Which rows of those tables; all of them unless given. */
  readonly rows?: RowChoice
  readonly eids?: Map<string, number>
  readonly problem: (problem: Problem, sourceId: number) => void
  readonly gap: (gap: Gap, host: string, sourceId: number) => void
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
  /** Records are wanted instead of rows. */
  readonly records?: RecordOutput
}

export interface SourceBegin {
  readonly sourceId: number
  readonly detection: Detection
  readonly modifiedMs: number
  readonly tally: Tally
  /** It changes in place and is still written: parts of it come again. */
  readonly isInPlace?: boolean
  /** What the format asked for; null where the bytes come only once. Absent when it asked for nothing. */
  readonly ahead?: readonly Stretch[] | null
}

/** Reads the sources of one chain, oldest first. */
export interface ChainReader {
  beginSource(begin: SourceBegin): void
  /** @param offset of `bytes[0]` in the uncompressed source */
  push(bytes: Buffer, offset: number): void
  /** Takes bytes of a source that changes in place, of which nothing is wanted. */
  passOver?(bytes: Buffer, offset: number): void
  /** Nobody looks at the source for a while: what is wrong with it now is told. */
  settle?(): void
  /** The source has no more bytes. */
  endSource(): void
  /** Nothing has come for so long that open events wait in vain: they become rows. The source goes on. */
  endQuiet?(): void
  /** The chain has no more sources: everything still open becomes rows. */
  end(): void
  /** Where reading would have to go on. */
  readonly consumedTo: number
  /** JSON; what reading on at `consumedTo` needs. */
  saveState(): string
  /** After `beginSource`. False when the text is none of ours. */
  restoreState(state: string): boolean
  /** Rows that earlier runs wrote for this chain, in their order. */
  replay(row: ProcessRow): void
}
