/** The parser of exported Windows events: decodes a source's text and hands it to the reader of its shape. */
import type { Problem } from "../../../base/problem.ts"
import type { EventPlace, EventTape } from "../event-tape.ts"
import type { WindowsEventConsumer, WindowsParser, WindowsSource } from "../parser.ts"
import { createReader } from "./create-reader.ts"
import { type Encoding, SNIFFED_BYTES, sniffEncoding, TextDecoding } from "./decode-text.ts"
import { ANY_SHAPE, guessShape } from "./guess-shape.ts"
import { NameLookup } from "./name-lookup.ts"
import { TextWindow } from "./text-window.ts"
import type { UnitReader } from "./unit-reader.ts"

/** A chunk is decoded in steps, so that the window stays small. */
const STEP_BYTES = 256 * 1024

interface ParserState {
  readonly encoding: Encoding
  readonly variant: string
  readonly reader: string
}

export class ExportParser implements WindowsParser {
  readonly #consumer: WindowsEventConsumer
  readonly #names = new NameLookup()
  readonly #window = new TextWindow()
  #sourceId = 0
  #variant = ""
  #reader: UnitReader | undefined
  #decoding: TextDecoding | undefined
  #encoding: Encoding | undefined
  /** The first bytes, until they tell the encoding. */
  #head: Buffer = Buffer.alloc(0)
  #offset = 0
  #records = 0
  #hasStrayTexts = false
  #hasOverflow = false

  constructor(consumer: WindowsEventConsumer) {
    this.#consumer = consumer
  }

  get records(): number {
    return this.#records
  }

  get consumedTo(): number {
    return this.#decoding === undefined ? this.#offset : (this.#reader?.consumedTo ?? 0)
  }

  beginSource(source: WindowsSource): void {
    this.#sourceId = source.sourceId
    this.#decoding = undefined
    this.#encoding = undefined
    this.#head = Buffer.alloc(0)
    this.#offset = 0
    this.#hasStrayTexts = false
    this.#hasOverflow = false
    this.#names.overflows = 0
    this.#reader = undefined
    this.#variant = source.variant
  }

  push(bytes: Buffer, offset: number): void {
    if (this.#decoding !== undefined) {
      this.#decode(bytes)
      return
    }
    if (this.#head.length === 0) this.#offset = offset
    this.#head = Buffer.concat([this.#head, bytes])
    if (this.#head.length >= SNIFFED_BYTES) this.#begin()
  }

  endSource(): void {
    if (this.#decoding === undefined) this.#begin()
    this.#decoding?.end()
    this.#window.isLast = true
    this.#reader?.run(this.#window)
    this.#window.begin(0, 0)
  }

  saveState(): string {
    if (this.#encoding === undefined || this.#reader === undefined) return ""
    const state: ParserState = {
      encoding: this.#encoding,
      variant: this.#variant,
      reader: this.#reader.save(),
    }
    return JSON.stringify(state)
  }

  /** After `beginSource`; the next bytes begin at `consumedTo` as of then. */
  restoreState(state: string): void {
    const saved = parseState(state)
    if (saved === null) return
    this.#encoding = saved.encoding
    this.#variant = saved.variant
    this.#createReader().restore(saved.reader)
  }

  #begin(): void {
    const head = this.#head
    const sniffed = sniffEncoding(head)
    // After a restart the bytes begin in the middle of the text.
    const markBytes = this.#encoding === undefined ? sniffed.markBytes : 0
    this.#encoding ??= sniffed.encoding
    this.#head = Buffer.alloc(0)
    if (this.#variant === ANY_SHAPE) this.#variant = guessShape(head)
    if (this.#reader === undefined) this.#createReader()
    this.#window.begin(this.#encoding === "utf-8" ? 0 : 2, this.#offset + markBytes)
    this.#decoding = new TextDecoding(this.#encoding, this.#window)
    this.#decode(head.subarray(markBytes))
  }

  #createReader(): UnitReader {
    const reader = createReader(this.#variant, this.#names, {
      event: (tape, place) => this.#event(tape, place),
      problem: (problem) => this.#tell(problem),
      lost: (problem) => this.#lost(problem),
    })
    this.#reader = reader
    return reader
  }

  #decode(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += STEP_BYTES) {
      this.#decoding?.push(bytes.subarray(at, at + STEP_BYTES))
      this.#reader?.run(this.#window)
    }
  }

  #event(tape: EventTape, place: EventPlace): void {
    this.#records++
    if (!this.#hasStrayTexts && (this.#reader?.strayTexts ?? 0) > 0) {
      this.#hasStrayTexts = true
      const message = "a text is not UTF-8 and was read as windows-1252; further ones are not reported"
      this.#tell({ code: "windows-export/not-utf8", severity: "info", ...spot(place), message })
    }
    if (this.#names.overflows > 0 && !this.#hasOverflow) {
      this.#hasOverflow = true
      const message =
        "names of elements were not kept: there are too many different ones, or they are too long"
      this.#tell({ code: "windows-export/names-overflow", severity: "warning", ...spot(place), message })
    }
    this.#consumer.event(tape, place, this.#sourceId)
  }

  #lost(problem: Problem): void {
    this.#records++
    this.#tell(problem)
  }

  #tell(problem: Problem): void {
    this.#consumer.problem(problem, this.#sourceId)
  }
}

function spot({ offset, length }: EventPlace): { offset: number; length: number } {
  return { offset, length }
}

function parseState(state: string): ParserState | null {
  try {
    const { encoding, variant, reader } = JSON.parse(state) as ParserState
    const isKnown = encoding === "utf-8" || encoding === "utf-16le" || encoding === "utf-16be"
    const isWhole = typeof variant === "string" && typeof reader === "string"
    return isKnown && isWhole ? { encoding, variant, reader } : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
