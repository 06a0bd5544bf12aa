/** What feeding a pipeline from bytes needs of its caller, whatever the bytes come from. */
import type { Problem } from "../../base/problem.ts"
import type { SourceFacts } from "../../sources/source.ts"
import type { ChosenFormat } from "../reading/choose-format.ts"
import type { Deliver } from "../reading/deliver.ts"
import type { FormatEntry } from "../reading/formats.ts"
import type { ChainReader, Tally } from "../reading/reader.ts"

/** What an earlier run left of a source. */
export interface KnownSource {
  readonly sourceId: number
  readonly resumeOffset: number
  /** As `saved` was given it. */
  readonly parserState: string
  /** Of what was read nothing is there any more: it may be another file under the same name. */
  readonly isGuess?: boolean
}

/** What a later run needs to read on. */
export interface SavedSource extends KnownSource {
  /** It was read to its end for good, but may be met again under another name. */
  readonly isDone?: boolean
}

export interface OpenedSource {
  readonly sourceId: number
  /** For a known source with its counts so far. */
  readonly tally: Tally
}

/** Of a source that is opened. */
export interface Opening {
  readonly head: Buffer
  /** Where the first bytes lie that come. */
  readonly startOffset: number
  /** Set when reading goes on where an earlier run stopped. */
  readonly known: KnownSource | undefined
  /** What has changed of it comes again. */
  readonly isInPlace?: boolean
}

export interface FeedOptions {
  /** Every call but `createReader` below is made from a step that goes through here. */
  readonly deliver: Deliver
  readonly maxUnits?: number
  /** A format's name, which then counts more than the bytes. */
  readonly format?: string
  readonly createReader: (format: FormatEntry) => Promise<ChainReader>
  readonly openSource: (facts: SourceFacts, choice: ChosenFormat, opening: Opening) => OpenedSource
  /** The reader stands where the earlier run stopped: rows of that run may be replayed into it. */
  readonly resumed?: (reader: ChainReader, known: KnownSource) => void
  /**
   * Takes what a later run needs: of a file that has been read to its end for good, and of each at the end. Events
   * that are open then stay open. Without it they become rows at the end, and nothing can be resumed.
   */
  readonly saved?: (saved: SavedSource) => void
  /** Told of the last source of what cannot be resumed, once all of it has become rows. */
  readonly ended?: (source: SavedSource) => void
  /** `sourceId` is undefined for what is not read. */
  readonly problem: (problem: Problem, path: string, sourceId: number | undefined) => void
  /** So long after the last byte, open events are not waited for any more. */
  readonly quietMs?: number
  /** Milliseconds on any clock that does not step. */
  readonly nowMs?: () => number
}

/** auditd's and auparse's end_of_event_timeout. */
export const QUIET_MS = 2000
