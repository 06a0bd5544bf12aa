/** What a format says of logs that are written in place, so that they can be followed and known again. */
import type { BlockShape } from "../../sources/follow/block-shape.ts"

/** The record that a log begins with. */
export interface LogStart {
  readonly id: number
  /** When it was written, in any form that is the same for the same moment. */
  readonly written: string
}

/** What an earlier run knew of a log. */
export interface KnownLog {
  readonly first: LogStart
  readonly highestId: number
  /** It was read to its end for good: what comes under its name is another one. */
  readonly isEnded: boolean
}

export interface InPlace {
  /** The only one that is written so. */
  readonly variant: string
  readonly blocks: BlockShape
  readonly begins: (head: Buffer) => boolean
  /** null when the head does not tell. */
  readonly startOf: (head: Buffer) => LogStart | null
  /** From a reader's saved state; null when it tells of no such log. */
  readonly knownFrom: (state: string) => KnownLog | null
}

/** `same`: it begins as it did. `later`: it may be that log, written over since; its ids go on behind those known. */
export type LogMatch = "same" | "later" | "other"

export function matchLog(known: KnownLog, start: LogStart): LogMatch {
  if (known.first.id === start.id) return known.first.written === start.written ? "same" : "other"
  return start.id > known.highestId && !known.isEnded ? "later" : "other"
}
