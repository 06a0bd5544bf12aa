/** What every reader of saved evidence offers: a name, facts about the file, and its uncompressed bytes. */

import type { Problem } from "../base/problem.ts"
import type { ReadStretches } from "../formats/format.ts"

export interface SourceFacts {
  /** Path as given or found; for an archive member the archive's path. `-` for stdin. Hostile text. */
  readonly path: string
  /** Path inside the archive, '' for a plain file; `outer.zip!inner.log` for an archive in an archive. Hostile text. */
  readonly member: string
  /** How it is packed, outermost first, joined by '+': '', 'gz', 'zst', 'tar', 'gz+tar', 'zip', 'tar+gz', … */
  readonly packing: string
  /** Bytes as stored (of the file, or of the member as it lies in the archive); -1 when unknown (stdin). */
  readonly storedSize: number
  /** Modification time in ms since 1970, NaN when unknown. */
  readonly modifiedMs: number
}

export interface Chunk {
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer
  /** Offset of the first byte in the uncompressed source. */
  readonly offset: number
}

export interface ReadOptions {
  /** Uncompressed offset to hand on from; what lies before is read and hashed all the same. */
  readonly startAt?: number
  /** Lengths whose SHA-256 over the first so many uncompressed bytes is wanted, in any order. */
  readonly prefixDigests?: readonly number[]
  /** No digests are wanted: those of a large file cost as much as reading it. */
  readonly skipsDigests?: boolean
}

/** One file, or one member of an archive. */
export interface Source {
  readonly facts: SourceFacts
  /** Up to 256 KiB from the start of the uncompressed bytes, for detection; does not consume. */
  readonly head: Buffer
  /** True when `chunks()` may be called again, which starts over; false for stdin and members of compressed tars. */
  readonly isRereadable: boolean
  /**
   * The uncompressed bytes in order, from `startAt`. Ends early with a problem, never with an exception, on
   * damage. Leaving the loop early leaves the digests empty.
   */
  chunks(options?: ReadOptions): AsyncIterable<Chunk>
  /** Reads ahead without consuming; null where the bytes come only once. */
  readonly readStretches: ReadStretches
  /** Known once `chunks()` has ended, '' before: SHA-256 (hex) of the bytes as stored and uncompressed. */
  readonly digests: { readonly stored: string; readonly content: string }
  /** SHA-256 (hex) by prefix length; holds the lengths asked for as soon as they have been read. */
  readonly prefixDigests: ReadonlyMap<number, string>
  /** Stored bytes read so far, for the progress bar. */
  readonly storedRead: number
  /** Uncompressed bytes read so far; the length of the content once `chunks()` has ended. */
  readonly contentRead: number
  /** What went wrong so far; complete once `chunks()` has ended. */
  readonly problems: readonly Problem[]
}

/** Where problems go as they are found. */
export type Report = (problem: Problem) => void
