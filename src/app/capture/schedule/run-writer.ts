/**
 * The lines of one run on their way to the log. They count only when the run has come to its end: until then the
 * database knows where the log stood, and a run that is cut off is taken back.
 */
import type { LogPosition } from "../../../pipeline/results/log-file.ts"
import type { LogKind, ResultsLog } from "../../../pipeline/results/results-log.ts"
import type { ScheduleState } from "../../../store/sqlite/schedule-state.ts"

const BATCH_CHARACTERS = 1024 * 1024

export class RunWriter {
  readonly #log: ResultsLog | null
  readonly #state: ScheduleState
  readonly #kind: LogKind
  readonly #warn: (message: string) => void
  #lines: string[] = []
  #characters = 0
  #begun: LogPosition | null = null

  /** @param log null: nothing is logged */
  constructor(log: ResultsLog | null, state: ScheduleState, kind: LogKind, warn: (message: string) => void) {
    this.#log = log
    this.#state = state
    this.#kind = kind
    this.#warn = warn
  }

  put(line: string): void {
    if (this.#log === null) return
    this.#lines.push(line)
    this.#characters += line.length
    if (this.#characters >= BATCH_CHARACTERS) this.flush()
  }

  /** After it the caller saves the state, which makes the lines count. */
  flush(): void {
    if (this.#log === null || this.#lines.length === 0) return
    if (this.#begun === null) {
      const fault = this.#log.rotateIfFull(this.#kind)
      if (fault !== "") this.#warn(fault)
      const position = this.#log.position(this.#kind)
      this.#state.noteAppend(position)
      this.#begun = position
    }
    this.#log.append(this.#kind, this.#lines)
    this.#lines = []
    this.#characters = 0
  }

  takeBack(): void {
    if (this.#begun === null) return
    this.#log?.rewind(this.#begun)
    this.#state.forgetAppend()
    this.#begun = null
  }
}

/** Takes back what a killed process appended before it could save its state. */
export function recoverLog(log: ResultsLog | null, state: ScheduleState): void {
  const open = state.openAppend()
  if (open === null) return
  log?.rewind(open)
  state.forgetAppend()
}
