/**
 * What a live capture has missed, counted so that the books balance:
 *
 *   kernel `lost`  =  events lost whole  +  records missing from events that were stored
 *
 * The identity holds as long as the socket's buffer never overflowed and the socket was never in other hands: then the
 * kernel threw records away without counting them, and how many is unknown.
 * Source of truth: kernel/audit.c audit_log_lost (one count a failed audit_log_start), kauditd_hold_skb.
 */
import type { Gap } from "../base/problem.ts"

export interface LossFigures {
  /** By how much the kernel's counter rose. */
  readonly kernelLost: number
  /** Events that lack records, and how many records they lack. */
  readonly incompleteEvents: number
  readonly missingRecords: number
  /** Events of which nothing came; null when it cannot be known. */
  readonly lostEvents: number | null
  readonly socketOverruns: number
  /** Seconds in which another process had the socket. */
  readonly secondsWithoutSocket: number
  /** Nothing at all is missing. */
  readonly isNone: boolean
}

export interface LossCounts {
  readonly incompleteEvents: number
  readonly missingRecords: number
}

const NS_PER_MS = 1_000_000n

export class LossLedger {
  #lastLost: number
  #lastMs: number
  #kernelLost = 0
  #overruns = 0
  #withoutSocketMs = 0
  #withoutSince = Number.NaN

  /** @param lost the kernel's counter at the start */
  constructor(lost: number, nowMs: number) {
    this.#lastLost = lost
    this.#lastMs = nowMs
  }

  /** Takes the kernel's counter and the socket's overruns so far; what is new since the last look, as gaps. */
  look(lost: number, overruns: number, nowMs: number): Gap[] {
    const gaps: Gap[] = []
    // A lower counter was reset by somebody (auditctl --reset-lost).
    const more = lost < this.#lastLost ? lost : lost - this.#lastLost
    if (more > 0) gaps.push(this.#gap("kernel-lost", nowMs, kernelWords(more)))
    const burst = overruns - this.#overruns
    if (burst > 0) gaps.push(this.#gap("socket-overrun", nowMs, overrunWords(burst)))
    this.#kernelLost += more
    this.#overruns = overruns
    this.#lastLost = lost
    this.#lastMs = nowMs
    return gaps
  }

  /** Another process has the socket from now on. */
  socketLost(nowMs: number): void {
    if (Number.isNaN(this.#withoutSince)) this.#withoutSince = nowMs
  }

  /** The socket is ours again, or the capture ends: the time without it, as a gap. */
  socketBack(nowMs: number): Gap | undefined {
    const since = this.#withoutSince
    if (Number.isNaN(since)) return undefined
    this.#withoutSince = Number.NaN
    this.#withoutSocketMs += nowMs - since
    return {
      kind: "socket-taken",
      what: `${((nowMs - since) / 1000).toFixed(1)} s in which another process received the records`,
      fromNs: BigInt(Math.floor(since)) * NS_PER_MS,
      toNs: BigInt(Math.floor(nowMs)) * NS_PER_MS,
      evidence: "AUDIT_GET named another process as the owner of the socket",
      offset: 0,
    }
  }

  figures(counts: LossCounts): LossFigures {
    const { missingRecords } = counts
    const isUnknown = this.#overruns > 0 || this.#withoutSocketMs > 0
    const whole = Math.max(0, this.#kernelLost - missingRecords)
    return {
      ...counts,
      kernelLost: this.#kernelLost,
      lostEvents: isUnknown ? null : whole,
      socketOverruns: this.#overruns,
      secondsWithoutSocket: this.#withoutSocketMs / 1000,
      isNone: !isUnknown && this.#kernelLost === 0 && missingRecords === 0,
    }
  }

  #gap(kind: string, nowMs: number, { what, evidence }: Words): Gap {
    return {
      kind,
      what,
      fromNs: BigInt(Math.floor(this.#lastMs)) * NS_PER_MS,
      toNs: BigInt(Math.floor(nowMs)) * NS_PER_MS,
      evidence,
      offset: 0,
    }
  }
}

interface Words {
  readonly what: string
  readonly evidence: string
}

function kernelWords(records: number): Words {
  return {
    what: `${records} record${records === 1 ? "" : "s"} that the kernel could not queue: each a whole event or a record of one`,
    evidence: "the kernel's counter `lost` (AUDIT_GET)",
  }
}

function overrunWords(times: number): Words {
  return {
    what: `unknown: the socket's buffer overflowed ${times === 1 ? "once" : `${times} times`}`,
    evidence: "ENOBUFS from the audit socket; the kernel does not count what it drops then",
  }
}
