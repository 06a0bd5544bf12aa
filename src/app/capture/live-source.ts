/** A source on the reader's side of the queue: opened, pushed, saved as app/ingest saves it, and ended. */
import type { Chunk, SourceFacts } from "../../sources/source.ts"
import { countsOf, parseSaved, type SavedReading } from "../ingest/chain.ts"
import type { ChosenFormat } from "../reading/choose-format.ts"
import type { ChainReader } from "../reading/reader.ts"
import type { FeedOptions, OpenedSource, Opening, SavedSource } from "./feed.ts"

/** A last line longer than this is not carried into the next file. */
const MAX_TAIL = 64 * 1024
const EMPTY: Buffer = Buffer.alloc(0)

export interface LiveSourceParts {
  readonly reader: ChainReader
  readonly facts: SourceFacts
  readonly choice: ChosenFormat
  readonly opening: Opening
  readonly modifiedMs: number
}

export class LiveSource {
  readonly #reader: ChainReader
  readonly #opened: OpenedSource
  readonly #isInPlace: boolean
  readonly #saved: FeedOptions["saved"]
  /** Everything before has been taken in; the end of the bytes pushed. */
  #consumedTo: number
  #end: number
  #tail = EMPTY

  /** Opens the source, and puts the reader where an earlier run stopped. */
  constructor(options: FeedOptions, { reader, facts, choice, opening, modifiedMs }: LiveSourceParts) {
    const { known, isInPlace = false } = opening
    this.#isInPlace = isInPlace
    this.#saved = options.saved
    this.#reader = reader
    this.#opened = options.openSource(facts, choice, opening)
    const { sourceId, tally } = this.#opened
    reader.beginSource({ sourceId, detection: choice.detection, modifiedMs, tally, isInPlace })
    this.#consumedTo = opening.startOffset
    this.#end = this.#consumedTo
    if (known === undefined) return
    const saved = parseSaved(known.parserState)
    if (saved !== null) reader.restoreState(saved.reader)
    options.resumed?.(reader, known)
  }

  get sourceId(): number {
    return this.#opened.sourceId
  }

  /** @param isOld nothing of it is wanted */
  push({ bytes, offset }: Chunk, isOld: boolean): void {
    if (isOld) this.#reader.passOver?.(bytes, offset)
    else this.#reader.push(bytes, offset)
    this.#consumedTo = this.#reader.consumedTo
    this.#end = this.#isInPlace ? Math.max(this.#end, offset + bytes.length) : offset + bytes.length
    const unread = this.#end - this.#consumedTo
    const isCarried = unread > 0 && unread <= Math.min(MAX_TAIL, bytes.length)
    this.#tail = isCarried ? Buffer.from(bytes.subarray(bytes.length - unread)) : EMPTY
    // What was given is known by this state alone: it is stored with the rows.
    if (this.#isInPlace) this.#saved?.(this.save())
  }

  /** Nobody looks at it for a while. */
  settle(): void {
    this.#reader.settle?.()
  }

  /** What a later run needs to read on from here. */
  save(): SavedSource {
    const saved: SavedReading = {
      reader: this.#reader.saveState(),
      counts: countsOf(this.#opened.tally),
      tail: this.#tail.toString("base64"),
      flushed: null,
      eids: [],
    }
    const parserState = JSON.stringify(saved)
    return { sourceId: this.sourceId, resumeOffset: this.#consumedTo, parserState }
  }

  /** No more bytes come; open events go on in the chain's next source. */
  finish(): SavedSource {
    this.#reader.endSource()
    if (this.#isInPlace) return { ...this.save(), resumeOffset: this.#end, isDone: true }
    return { sourceId: this.sourceId, resumeOffset: this.#end, parserState: "" }
  }
}
