/** A time limit that does not run while somebody else is slow. */

export interface TimeBudget {
  /** The time is up: `onSpent` was called. */
  readonly isSpent: boolean
  /** Stops the clock, e.g. while the reader of our output is not reading. */
  pause(): void
  resume(): void
}

/** Runs from now on; Infinity never ends. */
export function startTimeBudget(limitMs: number, onSpent: () => void): TimeBudget {
  let leftMs = limitMs
  let startedMs = 0
  let isSpent = false
  let timer: NodeJS.Timeout | null = null
  const budget: TimeBudget = {
    get isSpent() {
      return isSpent
    },
    pause() {
      if (timer === null) return
      clearTimeout(timer)
      timer = null
      leftMs -= performance.now() - startedMs
    },
    resume() {
      if (timer !== null || isSpent || leftMs === Number.POSITIVE_INFINITY) return
      startedMs = performance.now()
      timer = setTimeout(spend, Math.max(0, leftMs))
    },
  }
  const spend = () => {
    timer = null
    isSpent = true
    onSpent()
  }
  budget.resume()
  return budget
}
