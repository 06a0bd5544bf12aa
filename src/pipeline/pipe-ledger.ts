/**
 * What an audit pipe has lost: the kernel counts each record that found its queue full, or the reader's buffer short.
 * Source of truth: auditpipe(4) AUDITPIPE_GET_DROPS, AUDITPIPE_GET_TRUNCATES.
 */
import type { Gap } from "../base/problem.ts"

export interface PipeFigures {
  /** Records that the pipe dropped since the capture began, and records that it cut. */
  readonly drops: number
  readonly truncates: number
  /** Nothing at all is missing. */
  readonly isNone: boolean
}

export interface PipeCounts {
  readonly drops: number
  readonly truncates: number
}

const NS_PER_MS = 1_000_000n
const DROPS = {
  kind: "pipe-drops",
  what: "for which the pipe's queue had no room",
  evidence: "the pipe's counter of drops (AUDITPIPE_GET_DROPS)",
}
const TRUNCATES = {
  kind: "pipe-truncates",
  what: "too long for the reader's buffer",
  evidence: "the pipe's counter of truncated records (AUDITPIPE_GET_TRUNCATES)",
}

export class PipeLedger {
  #last: PipeCounts
  #lastMs: number
  #drops = 0
  #truncates = 0

  /** @param counts the pipe's counters at the start */
  constructor(counts: PipeCounts, nowMs: number) {
    this.#last = counts
    this.#lastMs = nowMs
  }

  /** Takes the pipe's counters so far; what is new since the last look, as gaps. */
  look(counts: PipeCounts, nowMs: number): Gap[] {
    const drops = riseOf(this.#last.drops, counts.drops)
    const truncates = riseOf(this.#last.truncates, counts.truncates)
    const gaps: Gap[] = []
    if (drops > 0) gaps.push(this.#gap(DROPS, drops, nowMs))
    if (truncates > 0) gaps.push(this.#gap(TRUNCATES, truncates, nowMs))
    this.#drops += drops
    this.#truncates += truncates
    this.#last = counts
    this.#lastMs = nowMs
    return gaps
  }

  figures(): PipeFigures {
    const [drops, truncates] = [this.#drops, this.#truncates]
    return { drops, truncates, isNone: drops + truncates === 0 }
  }

  #gap({ kind, what, evidence }: typeof DROPS, records: number, nowMs: number): Gap {
    return {
      kind,
      what: `${records} record${records === 1 ? "" : "s"} ${what}`,
      fromNs: BigInt(Math.floor(this.#lastMs)) * NS_PER_MS,
      toNs: BigInt(Math.floor(nowMs)) * NS_PER_MS,
      evidence,
      offset: 0,
    }
  }
}

/** A lower counter began anew: FreeBSD gives out 32 bits of it. */
function riseOf(before: number, now: number): number {
  return now < before ? now : now - before
}
