/** Feeds the sources of one chain, one after another, through the queue to one reader. */
import type { Problem } from "../../base/problem.ts"
import type { Chunk, SourceFacts } from "../../sources/source.ts"
import { createCutter, type UnitCutter } from "../../sources/unit-cutter.ts"
import type { ChosenFormat } from "../reading/choose-format.ts"
import type { ChainReader } from "../reading/reader.ts"
import { type FeedOptions, type Opening, QUIET_MS } from "./feed.ts"
import { LiveSource } from "./live-source.ts"
import { Recogniser } from "./recogniser.ts"

/** A source whose bytes come in. */
interface Incoming {
  readonly facts: SourceFacts
  readonly opening: Opening
  readonly modifiedMs: number
  readonly recogniser: Recogniser
  /** Set once the format is known. */
  cutter: UnitCutter | null
}

export class ChainFeed {
  readonly #options: FeedOptions
  #incoming: Incoming | null = null
  #reader: ChainReader | null = null
  #format = ""
  #lastByteMs = 0
  #isQuiet = true
  /** On the reader's side of the queue. */
  #live: LiveSource | null = null

  constructor(options: FeedOptions) {
    this.#options = options
  }

  async begin(facts: SourceFacts, opening: Opening, modifiedMs = facts.modifiedMs): Promise<void> {
    const recogniser = new Recogniser(facts, this.#options.format)
    this.#incoming = { facts, opening, modifiedMs, recogniser, cutter: null }
    const choice = recogniser.judgeHead(opening.head, opening.known !== undefined)
    if (choice !== null) await this.#open(this.#incoming, choice)
  }

  /** @param isOld nothing of it is wanted */
  async push(bytes: Buffer, offset: number, isOld = false): Promise<void> {
    const incoming = this.#incoming
    if (incoming === null) return
    this.#lastByteMs = this.#nowMs()
    this.#isQuiet = false
    if (incoming.cutter !== null) return this.#hand(incoming.cutter, { bytes, offset }, isOld)
    const choice = incoming.recogniser.take(bytes, offset)
    if (choice !== null) await this.#open(incoming, choice)
  }

  /** Nothing comes at the moment. After a while what is open is not waited for any more. */
  async idle(): Promise<void> {
    const { quietMs = QUIET_MS } = this.#options
    if (this.#isQuiet || this.#nowMs() - this.#lastByteMs < quietMs) return
    this.#isQuiet = true
    await this.#settle()
    const reader = this.#reader
    if (reader !== null) await this.#options.deliver(0, () => reader.endQuiet?.())
  }

  /** The source has no more bytes; another one may follow. */
  async end(): Promise<void> {
    await this.#settle()
    await this.#dismiss()
    await this.#options.deliver(0, () => {
      const saved = this.#live?.finish()
      this.#live = null
      if (saved !== undefined) this.#options.saved?.(saved)
    })
  }

  /** Nothing more is read: the state is saved, or what is open becomes rows. */
  async stop(): Promise<void> {
    await this.#settle()
    await this.#dismiss()
    const reader = this.#reader
    await this.#options.deliver(0, () => {
      if (this.#live !== null && this.#options.saved !== undefined) {
        this.#live.settle()
        this.save()
        return
      }
      const ended = this.#live?.finish()
      reader?.end()
      if (ended !== undefined) this.#options.ended?.(ended)
    })
  }

  /** Saves where the reader stands; to be called from its side of the queue. */
  save(): void {
    if (this.#live !== null) this.#options.saved?.(this.#live.save())
  }

  async problem(problem: Problem, path: string): Promise<void> {
    const isOfSource = this.#incoming !== null
    await this.#options.deliver(0, () =>
      this.#options.problem(problem, path, isOfSource ? this.#live?.sourceId : undefined),
    )
  }

  /** Takes the format that is likely, now that nothing says more. */
  async #settle(): Promise<void> {
    const incoming = this.#incoming
    if (incoming === null || incoming.cutter !== null) return
    const choice = incoming.recogniser.settle()
    if (choice !== null) await this.#open(incoming, choice)
  }

  /** Forgets the source, and says so when it was never recognised. */
  async #dismiss(): Promise<void> {
    const incoming = this.#incoming
    if (incoming === null) return
    const looksLike = incoming.cutter === null ? incoming.recogniser.describe() : ""
    this.#incoming = null
    if (looksLike === "") return
    const { path } = incoming.facts
    await this.#options.deliver(0, () => this.#options.problem(unrecognised(looksLike), path, undefined))
  }

  async #open(incoming: Incoming, choice: ChosenFormat): Promise<void> {
    const { facts, opening, modifiedMs, recogniser } = incoming
    const { deliver, maxUnits } = this.#options
    const reader = await this.#readerOf(choice)
    const { passedOver } = recogniser
    const held = recogniser.release()
    // A file that was empty when it was opened shows its head only now.
    const head = opening.head.length > 0 ? opening.head : (held[0]?.bytes ?? opening.head)
    await deliver(0, () => {
      if (passedOver !== "") this.#options.problem(unrecognised(passedOver), facts.path, undefined)
      this.#live = new LiveSource(this.#options, {
        reader,
        facts,
        choice,
        opening: { ...opening, head },
        modifiedMs,
      })
    })
    const cutter = createCutter(choice.format.unitsOf?.(choice.detection.variant) ?? "lines", maxUnits)
    incoming.cutter = cutter
    for (const chunk of held) await this.#hand(cutter, chunk)
  }

  /** The chain's reader; a log that goes on in another format gets another one. */
  async #readerOf({ format }: ChosenFormat): Promise<ChainReader> {
    const before = this.#reader
    if (before !== null && this.#format === format.name) return before
    if (before !== null) await this.#options.deliver(0, () => before.end())
    const reader = await this.#options.createReader(format)
    this.#reader = reader
    this.#format = format.name
    return reader
  }

  async #hand(cutter: UnitCutter, { bytes, offset }: Chunk, isOld = false): Promise<void> {
    for (const piece of cutter.cut(bytes, offset)) {
      const owned = { bytes: Buffer.from(piece.bytes), offset: piece.offset }
      await this.#options.deliver(piece.units, () => this.#live?.push(owned, isOld))
    }
  }

  #nowMs(): number {
    return this.#options.nowMs?.() ?? performance.now()
  }
}

function unrecognised(looksLike: string): Problem {
  return {
    code: "source/unrecognised",
    severity: "info",
    offset: 0,
    length: 0,
    message: "no format knows these bytes",
    found: looksLike,
  }
}
