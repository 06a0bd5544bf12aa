/** The audit pipe as a live source: its bytes, its counters once a second, and a way to end without losing what it holds. */
import type { Clock } from "../../../base/clock.ts"
import type { Gap } from "../../../base/problem.ts"
import { type PipeFigures, PipeLedger } from "../../../pipeline/pipe-ledger.ts"
import type { PipeSession } from "../../../sources/auditpipe/pipe-session.ts"
import type { PipeReading } from "../../../sources/auditpipe/reader/pipe-reader.ts"
import type { ByteStream, StreamFailure } from "../byte-stream.ts"
import type { LiveState } from "../capture-request.ts"

/** What is still read after a request to stop, on a pipe that goes on being filled. */
const DRAIN_MS = 2000
/** Nothing at all for so long is worth a word. */
const SILENCE_MS = 10_000

export interface PipeStreamOptions {
  readonly session: PipeSession
  readonly reader: PipeReading
  readonly clock: Clock
  /** False when the pipe gives what goes into the trail. */
  readonly selects: boolean
  readonly gap: (gap: Gap) => void
  /** For the person who watches. */
  readonly say: (message: string) => void
  /** How auditing is switched on here. */
  readonly advice: string
}

export class PipeStream implements ByteStream {
  readonly #options: PipeStreamOptions
  readonly #ledger: PipeLedger
  readonly #beganMs: number
  #pieces = 0
  readonly #said = new Set<string>()
  #isStopping = false
  readonly bytes: AsyncIterable<Uint8Array>
  /** As of the last look. */
  kernel: LiveState["kernel"] = null

  constructor(options: PipeStreamOptions) {
    this.#options = options
    const { session, reader, clock } = options
    this.#beganMs = clock.nowMs()
    this.#ledger = new PipeLedger(session.counters(), this.#beganMs)
    this.bytes = this.#counted(reader.stream())
  }

  look(): void {
    const nowMs = this.#options.clock.nowMs()
    try {
      this.#account(nowMs)
    } catch (error) {
      // A pipe that is gone shows in its reader; one that only does not tell goes on.
      const why = error instanceof Error ? error.message : String(error)
      this.#sayOnce("counters", `Warning: what the audit pipe drops cannot be told: ${why}`)
    }
    this.#noteSilence(nowMs)
  }

  #account(nowMs: number): void {
    const { session, gap } = this.#options
    for (const one of this.#ledger.look(session.counters(), nowMs)) gap(one)
    const { drops } = this.figures()
    const { length, limit } = session.queue()
    this.kernel = { lost: drops, backlog: length, backlogLimit: limit }
    if (drops > 0)
      this.#sayOnce("drops", `Warning: the audit pipe drops records: ${drops} so far; the end tells how many`)
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    const { session, reader, selects } = this.#options
    try {
      if (selects) session.deselect()
    } catch {
      // A pipe that is gone has nothing more to give: its reader says so.
    }
    reader.stop("when empty")
    setTimeout(() => reader.stop("at once"), DRAIN_MS).unref()
  }

  async whyEnded(): Promise<StreamFailure | undefined> {
    const { reader } = this.#options
    if (this.#isStopping) return undefined
    const why = reader.failure === undefined ? "it has no more bytes" : reader.failure.message
    return {
      message: `the audit pipe is gone: ${why}`,
      kind: "source-ended",
      evidence: "reading the audit pipe ended unasked",
    }
  }

  figures(): PipeFigures {
    return this.#ledger.figures()
  }

  async close(): Promise<void> {
    await this.#options.reader.close()
  }

  async *#counted(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#pieces++
      yield piece
    }
  }

  /** A pipe can be opened while auditing is off, and stays silent then. */
  #noteSilence(nowMs: number): void {
    if (this.#pieces > 0 || nowMs - this.#beganMs < SILENCE_MS) return
    this.#sayOnce(
      "silence",
      `Warning: nothing has come for ${SILENCE_MS / 1000} s: is auditing on? ${this.#options.advice}`,
    )
  }

  #sayOnce(about: string, message: string): void {
    if (this.#said.has(about)) return
    this.#said.add(about)
    this.#options.say(message)
  }
}
