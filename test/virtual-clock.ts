/**
 * A clock that stands still while anything can run, or a file is being read, then jumps to the next sleeper: runs are
 * the same every time.
 */
import type { Clock } from "../src/base/clock.ts"

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

export class VirtualClock implements Clock {
  #now: number
  #sleepers: Sleeper[] = []

  constructor(startMs: number) {
    this.#now = startMs
  }

  nowMs(): number {
    return this.#now
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ at: this.#now + ms, wake }))
  }

  /** Runs `work` to its end. It may wait for files, and for nothing else of the outside world. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    const state = { isDone: false }
    const finished = work.finally(() => {
      state.isDone = true
    })
    finished.catch(() => {})
    while (!state.isDone) {
      await new Promise((resolve) => setImmediate(resolve))
      if (!isReadingFiles()) this.#jump()
    }
    return finished
  }

  #jump(): void {
    const [first] = this.#sleepers.sort((a, b) => a.at - b.at)
    if (first === undefined) return
    this.#sleepers.shift()
    this.#now = Math.max(this.#now, first.at)
    first.wake()
  }
}

function isReadingFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"))
}
