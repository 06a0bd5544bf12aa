/** The linux-audit parser: framing and assembly behind one push interface, with its state to be saved. */
import { Assembler, type AssemblerState, type EventConsumer } from "./assembler.ts"
import { createFramer } from "./framing/create.ts"
import type { ResumableFramer } from "./framing/resumable.ts"
import type { RecordConsumer } from "./framing.ts"
import { HeaderReader } from "./header.ts"
import { RECORD_TYPES } from "./tables/record-types.gen.ts"
import { TypeNames } from "./type-names.ts"

export interface SourceStart {
  readonly sourceId: number
  /** As detection named it. */
  readonly variant: string
  /** Of the file in ms since 1970, NaN when unknown. */
  readonly modifiedMs: number
  /** For what no file holds: makes the framer instead of what `variant` names. */
  readonly createFramer?: (consumer: RecordConsumer, header: HeaderReader) => ResumableFramer
}

/** What must outlive the process; `framer` is the framing's own text. */
export interface ParserState {
  readonly assembler: AssemblerState
  readonly framer: string
}

export class LinuxAuditParser {
  readonly #assembler: Assembler
  readonly #types = new TypeNames(RECORD_TYPES.pairs().map(([number, name]) => [name, number]))
  readonly #header = new HeaderReader(this.#types)
  #framer: ResumableFramer | undefined

  constructor(consumer: EventConsumer) {
    this.#assembler = new Assembler(consumer)
  }

  /** Records of all sources so far. */
  get records(): number {
    return this.#assembler.records
  }

  /** Everything before this offset of the current source has been taken in. */
  get consumedTo(): number {
    return this.#framer?.consumedTo ?? 0
  }

  /** Starts a source; events still open go on in it, as they do in the next file of a rotated log. */
  beginSource(start: SourceStart): void {
    this.#assembler.beginSource(start.sourceId)
    const context = { modifiedMs: start.modifiedMs }
    const parts = { header: this.#header, types: this.#types }
    this.#framer =
      start.createFramer?.(this.#assembler, this.#header) ??
      createFramer(start.variant, context, this.#assembler, parts)
  }

  /** @param offset of `chunk[0]` in the uncompressed source */
  push(chunk: Buffer, offset: number): void {
    this.#framer?.push(chunk, offset)
    this.#assembler.own()
  }

  /** Reads what is left of the source; events stay open. */
  endSource(): void {
    this.#framer?.end()
    this.#assembler.own()
  }

  /** Ends events whose time lies two seconds or more before `second`: nothing will come for them any more. */
  endOlderThan(second: number): void {
    this.#assembler.endOlderThan(second)
  }

  /** Ends every open event. */
  end(): void {
    this.#assembler.end()
  }

  /** State as of `consumedTo`; bytes behind it have to be pushed again. */
  saveState(): ParserState {
    return { assembler: this.#assembler.saveState(), framer: this.#framer?.saveState() ?? "" }
  }

  /** After `beginSource`. */
  restoreState(state: ParserState): void {
    this.#assembler.restoreState(state.assembler)
    this.#framer?.restoreState(state.framer)
  }
}
