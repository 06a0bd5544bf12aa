/** What reads the records of one export shape out of a text window. */
import type { Problem } from "../../../base/problem.ts"
import type { EventPlace, EventTape } from "../event-tape.ts"
import type { TextWindow } from "./text-window.ts"

/** Where records go: offsets are those of the source already. */
export interface RecordSink {
  event(tape: EventTape, place: EventPlace): void
  problem(problem: Problem): void
  /** A record that gives no event, for it was damaged or is none. */
  lost(problem: Problem): void
}

export interface UnitReader {
  /** Reads the records that are whole, and moves `window.at` behind them; all there is when `window.isLast`. */
  run(window: TextWindow): void
  /** Offset in the source from where reading would have to go on. */
  readonly consumedTo: number
  /** Texts that were not UTF-8 and were read as windows-1252. */
  readonly strayTexts: number
  /** JSON */
  save(): string
  restore(state: string): void
}
