/** What following files tells, in order. */
import type { Problem } from "../../base/problem.ts"
import type { SourceFacts } from "../source.ts"

/** One file from where its reading begins; a log that is rotated goes on in another one. */
export interface FollowedFile {
  /** Where it lay when it was opened. Hostile text. */
  readonly path: string
  /** The same for a log and all its rotations. */
  readonly chain: string
  /** Up to 256 KiB from the start of the file, at least one byte. */
  readonly head: Buffer
  readonly facts: SourceFacts
  /** The first bytes that come lie here. */
  readonly startOffset: number
  /** It is written in blocks that change: those that did come again, in any order. */
  readonly isInPlace: boolean
}

/** `rotated`: the chain goes on in another file. `truncated`: in the same, from 0. `stopped`: later, in another run. */
export type FollowedEnd = "rotated" | "truncated" | "stopped"

export type FollowEvent =
  | { readonly kind: "begin"; readonly file: FollowedFile }
  /** `bytes` are valid until the next event is asked for. */
  | {
      readonly kind: "bytes"
      readonly file: FollowedFile
      readonly bytes: Buffer
      readonly offset: number
      /** It was there before following began, and nothing of it is wanted. Only of files that change in place. */
      readonly isOld?: boolean
    }
  | { readonly kind: "end"; readonly file: FollowedFile; readonly why: FollowedEnd }
  /** Everything that is there has been read; comes once a poll. */
  | { readonly kind: "idle" }
  | {
      readonly kind: "problem"
      readonly path: string
      /** Of which it is said; null when none is being read. */
      readonly file: FollowedFile | null
      readonly problem: Problem
    }
