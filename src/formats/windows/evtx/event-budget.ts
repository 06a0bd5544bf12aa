/** How far one event may grow: a record of 64 KiB must not cost more than many of them. */
import { LIMITS } from "../../../base/limits.ts"
import type { EventTape } from "../event-tape.ts"

export class EventBudget {
  readonly #tape: EventTape
  #steps = 0
  /** Why the event gave nothing, or what of it was left out; "" when it is whole. */
  failure = ""

  constructor(tape: EventTape) {
    this.#tape = tape
  }

  begin(): void {
    this.#steps = LIMITS.binXmlSteps.value
    this.failure = ""
  }

  get isExhausted(): boolean {
    return this.#steps < 0
  }

  /** Takes steps for work; false, with the failure, when none are left. */
  spend(steps: number): boolean {
    this.#steps -= steps
    return this.#steps >= 0 || this.exhaust()
  }

  /** False, with the failure, when the event on the tape is as large as one may be. */
  hasRoom(): boolean {
    const { count, length } = this.#tape
    const hasRoom = count <= LIMITS.windowsEventItems.value && length <= LIMITS.windowsEventBytes.value
    return hasRoom || this.exhaust()
  }

  exhaust(): false {
    this.#steps = -1
    return this.fail("it grows beyond what an event can be")
  }

  fail(reason: string): false {
    this.failure = reason
    return false
  }
}
