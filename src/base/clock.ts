/** Time as the live pipeline sees it: passed in, so that replay and tests decide what it is. */

export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Resolves after so many milliseconds of this clock. */
  sleep(ms: number): Promise<void>
}

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
