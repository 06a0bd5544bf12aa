/** What a reader of Windows events is: bytes of one source after another in, events as tapes out. */
import type { Gap, Problem } from "../../base/problem.ts"
import type { EventPlace, EventTape } from "./event-tape.ts"

export interface WindowsEventConsumer {
  /** The tape and the place are used again for the next event. */
  event(tape: EventTape, place: EventPlace, sourceId: number): void
  /**
   * Asked before an event is decoded, where a reader knows these cheaply: false leaves it out, and it is counted all the
   * same. NaN for what is not known.
   */
  wants?(eventId: number, second: number): boolean
  problem(problem: Problem, sourceId: number): void
  /** What is missing or was tampered with; `host` is the computer's name, "" when not known. */
  gap(gap: Gap, host: string, sourceId: number): void
}

export interface WindowsSource {
  readonly sourceId: number
  /** As `Detection.variant`. */
  readonly variant: string
  readonly modifiedMs: number
  /** It is still written, and what has changed of it comes again: what is not whole is waited for. */
  readonly isFollowed?: boolean
}

export interface WindowsParser {
  beginSource(source: WindowsSource): void
  /** @param offset of `bytes[0]` in the uncompressed source; the bytes are used again after the call */
  push(bytes: Buffer, offset: number): void
  /** Takes bytes of which nothing is wanted, and whose records give nothing when they come again. */
  passOver?(bytes: Buffer, offset: number): void
  /** The source is looked at no more for now: what is waited for is told. */
  settle?(): void
  endSource(): void
  /** Records met, those that could not be read among them. */
  readonly records: number
  /** Where reading would have to go on. */
  readonly consumedTo: number
  /** JSON */
  saveState(): string
  restoreState(state: string): void
}
