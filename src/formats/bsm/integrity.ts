/**
 * What a trail tells of its own completeness: sequence numbers that are missing, a clock that went back, and stretches
 * in which auditing was off. Source: OpenBSM audit_uevents.h (auditd's own events), Solaris policy `seq`.
 */
import type { Gap } from "../../base/problem.ts"
import { TOKEN } from "./layout.ts"
import type { BsmRecord } from "./record.ts"
import { readSequence } from "./tokens/result.ts"

/** Records are stamped when the call began, and queued when it ended. */
const STEP_SECONDS = 60
const STARTUP = 45000
const SHUTDOWN = 45001
const CRASH_RECOVERY = 45029
const NONE = -1

/** What outlives the process. */
export interface BsmIntegrityState {
  readonly sequence: number
  readonly second: number
  readonly stopped: number
}

export class BsmIntegrity {
  readonly #report: (gap: Gap) => void
  #sequence = NONE
  /** Of the last record. */
  #second = NONE
  #early = NONE
  #earlyOffset = 0
  /** When auditing was switched off, NONE while it is on. */
  #stopped = NONE

  constructor(report: (gap: Gap) => void) {
    this.#report = report
  }

  begin(): void {
    this.#sequence = NONE
    this.#startClock()
    this.#stopped = NONE
  }

  /** Takes the records of a trail in their order. */
  observe(record: BsmRecord): void {
    // Trails that were put together need not follow each other in time.
    if (record.kind === "file") this.begin()
    else {
      this.#watchSequence(record)
      this.#watchAuditing(record)
      this.#watchClock(record)
    }
  }

  saveState(): BsmIntegrityState {
    return { sequence: this.#sequence, second: this.#second, stopped: this.#stopped }
  }

  restoreState({ sequence, second, stopped }: BsmIntegrityState): void {
    this.#sequence = sequence
    this.#second = second
    this.#stopped = stopped
  }

  #watchSequence(record: BsmRecord): void {
    const token = record.find(TOKEN.seq, 1)
    if (token < 0) return
    const sequence = readSequence(record, token)
    const missing = sequence - this.#sequence - 1
    if (this.#sequence !== NONE && missing > 0) {
      this.#report({
        kind: "serial-gap",
        what: missing === 1 ? "1 record is missing." : `${missing} records are missing.`,
        ...between(this.#second, record.sec),
        fromId: String(this.#sequence + 1),
        toId: String(sequence - 1),
        evidence: "sequence tokens of the records before and after",
        offset: record.offset,
      })
    }
    this.#sequence = sequence
  }

  #watchAuditing({ event, sec, offset }: BsmRecord): void {
    const isStart = event === STARTUP || event === CRASH_RECOVERY
    if (event === CRASH_RECOVERY)
      this.#tellPause("crash-recovery record: the trail before it was not closed", sec, offset)
    else if (event === STARTUP && this.#stopped !== NONE) {
      this.#tellPause("audit shutdown and startup records", sec, offset)
    }
    if (event === SHUTDOWN) this.#stopped = sec
    if (!isStart) return
    this.#stopped = NONE
    this.#startClock()
  }

  #tellPause(evidence: string, sec: number, offset: number): void {
    const from = this.#stopped === NONE ? this.#second : this.#stopped
    this.#report({
      kind: "recording-stopped",
      what: "Auditing was off: nothing that happened meanwhile was recorded.",
      ...between(from, sec),
      evidence,
      offset,
    })
  }

  /** One early record is one that was queued late; two that agree are a clock that was set back. */
  #watchClock({ sec, offset }: BsmRecord): void {
    if (this.#second === NONE || sec + STEP_SECONDS >= this.#second) {
      this.#second = sec
      this.#early = NONE
      return
    }
    if (this.#early === NONE) {
      this.#early = sec
      this.#earlyOffset = offset
      return
    }
    this.#report({
      kind: "clock-step",
      what: `The clock went back by ${this.#second - this.#early} seconds.`,
      ...between(this.#second, this.#early),
      evidence: "records further on carry earlier times",
      offset: this.#earlyOffset,
    })
    this.#second = sec
    this.#early = NONE
  }

  #startClock(): void {
    this.#second = NONE
    this.#early = NONE
  }
}

/** Whole seconds; what lies beyond the calendar of 64 bits of nanoseconds is not placed. */
function between(from: number, to: number): Pick<Gap, "fromNs" | "toNs"> {
  return {
    ...(isPlaced(from) ? { fromNs: nanoseconds(from) } : {}),
    ...(isPlaced(to) ? { toNs: nanoseconds(to) } : {}),
  }
}

function isPlaced(second: number): boolean {
  return second !== NONE && second <= 9_000_000_000
}

function nanoseconds(second: number): bigint {
  return BigInt(second) * 1_000_000_000n
}
