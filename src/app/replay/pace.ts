/** Keeps a replay at the speed at which its records came: a step waits until its time has come. */
import type { Clock } from "../../base/clock.ts"
import type { Tally } from "../reading/reader.ts"

/** What is looked at of a pipeline: that it has parsed what was delivered. */
interface Depths {
  readonly depths: readonly [unprocessed: number, processed: number]
}

const STEP_MS = 250

export class Pace {
  readonly #speed: number
  readonly #clock: Clock
  readonly #tallies: Tally[] = []
  /** When the first record was let through, and its own time in seconds. */
  #beganMs = Number.NaN
  #firstSecond = Number.NaN

  /** @param speed times faster than it happened */
  constructor(speed: number, clock: Clock) {
    this.#speed = speed
    this.#clock = clock
  }

  watch(tally: Tally): void {
    if (!this.#tallies.includes(tally)) this.#tallies.push(tally)
  }

  /** Time of the newest event so far, in seconds; 0 before the first. */
  get newestSecond(): number {
    return this.#tallies.reduce((newest, { lastTime }) => (lastTime > newest ? lastTime : newest), 0)
  }

  /** Waits until what follows the newest event of `tally` is due. */
  async wait(tally: Tally | undefined, pipeline: Depths, signal: AbortSignal): Promise<void> {
    while (pipeline.depths[0] > 0 && !signal.aborted) await this.#clock.sleep(0)
    if (tally === undefined || Number.isNaN(tally.lastTime)) return
    if (Number.isNaN(this.#beganMs)) {
      this.#beganMs = this.#clock.nowMs()
      this.#firstSecond = tally.lastTime
    }
    const dueMs = this.#beganMs + ((tally.lastTime - this.#firstSecond) * 1000) / this.#speed
    for (
      let left = dueMs - this.#clock.nowMs();
      left > 0 && !signal.aborted;
      left = dueMs - this.#clock.nowMs()
    ) {
      await this.#clock.sleep(Math.min(left, STEP_MS))
    }
  }
}
