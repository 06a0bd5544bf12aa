/**
 * Sleeps between two looks, less long when the system says that a folder has changed. The system may say nothing
 * (network file systems, too many watches): a hint only ever shortens the wait.
 */
import { type FSWatcher, watch } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"

/** Resolves after `ms`, or when the signal is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** A busy log changes all the time: so long is waited at least. */
const LEAST_MS = 20

export const sleepFor: Sleep = async (ms, signal) => {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    // Aborted: the caller looks at its signal.
  }
}

export class Waker {
  readonly #sleep: Sleep
  readonly #signal: AbortSignal | undefined
  readonly #watchers = new Map<string, FSWatcher>()
  #hasHint = false
  #wake: () => void = () => {}

  constructor(sleep: Sleep, signal: AbortSignal | undefined) {
    this.#sleep = sleep
    this.#signal = signal
  }

  /** Takes hints from a folder; once a folder. */
  watch(folder: string): void {
    if (this.#watchers.has(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#hint())
      watcher.on("error", () => this.#forget(folder))
      this.#watchers.set(folder, watcher)
    } catch {
      // Looking every now and then does without.
    }
  }

  /** Resolves after `ms`, sooner on a hint or when the signal is aborted. */
  async wait(ms: number): Promise<void> {
    const least = Math.min(LEAST_MS, ms)
    await this.#sleep(least, this.#signal)
    if (!this.#hasHint && this.#signal?.aborted !== true && ms > least) {
      const cancel = new AbortController()
      const signals = this.#signal === undefined ? [cancel.signal] : [cancel.signal, this.#signal]
      this.#wake = () => cancel.abort()
      await this.#sleep(ms - least, AbortSignal.any(signals))
      this.#wake = () => {}
    }
    this.#hasHint = false
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #hint(): void {
    this.#hasHint = true
    this.#wake()
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}
