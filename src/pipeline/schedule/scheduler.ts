/**
 * Which query runs when: a query is due in every second of the clock that its interval divides, so runs never drift.
 * A run that was missed is made up for once. Source of truth: osquery osquery/dispatcher/scheduler.cpp.
 */

export interface Job {
  readonly intervalS: number
}

/** A clock that jumps by more than this was set; nothing is made up for. */
const LONGEST_SLEEP_S = 7 * 86_400

export class Scheduler<What extends Job> {
  readonly #jobs: readonly What[]
  #lastS: number

  /** @param startMs unix time; nothing is due before the next full second */
  constructor(jobs: readonly What[], startMs: number) {
    this.#jobs = jobs
    this.#lastS = Math.floor(startMs / 1000)
  }

  /** The jobs that have become due since the last call, in their order, each once. */
  due(nowMs: number): What[] {
    const nowS = Math.floor(nowMs / 1000)
    const from = this.#lastS
    this.#lastS = nowS
    if (nowS <= from || nowS - from > LONGEST_SLEEP_S) return []
    return this.#jobs.filter(({ intervalS }) => Math.floor(nowS / intervalS) > Math.floor(from / intervalS))
  }

  /** Milliseconds until a job becomes due; Infinity when there is none. */
  msUntilDue(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const { intervalS } of this.#jobs) {
      const intervalMs = intervalS * 1000
      next = Math.min(next, (Math.floor(nowMs / intervalMs) + 1) * intervalMs)
    }
    return next - nowMs
  }
}
