/** Joins the parser of EndpointSecurity messages to the normalizer and the records. */
import type { Problem } from "../../base/problem.ts"
import type { EsMessage } from "../../formats/endpoint-security/message.ts"
import { EsParser, type MessageConsumer, type MessagePlace } from "../../formats/endpoint-security/parser.ts"
import { isNumbered } from "../../formats/endpoint-security/shapes/tell-shape.ts"
import { EsNormalizer } from "../../normalize/endpoint-security/normalizer.ts"
import { SequenceGaps, type SequenceState } from "../../normalize/endpoint-security/sequence-gaps.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import { EsRecordWriter } from "./es-record.ts"
import type { ChainReader, ReaderOptions, SourceBegin } from "./reader.ts"
import { addHost, Tallies } from "./tallies.ts"

interface SavedState {
  readonly gaps: SequenceState
}

export class EsReader implements ChainReader, MessageConsumer {
  readonly #options: ReaderOptions
  readonly #parser: EsParser
  readonly #normalizer: EsNormalizer
  readonly #gaps: SequenceGaps
  readonly #recordWriter = new EsRecordWriter()
  readonly #start: number
  readonly #end: number
  readonly #tallies = new Tallies()

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
    this.#normalizer = new EsNormalizer(options)
    this.#gaps = new SequenceGaps(options.gap)
    this.#parser = new EsParser(this)
  }

  get consumedTo(): number {
    return this.#parser.consumedTo
  }

  beginSource({ sourceId, tally }: SourceBegin): void {
    this.#countRecords()
    this.#tallies.begin(sourceId, tally)
    this.#parser.beginSource(sourceId)
  }

  push(bytes: Buffer, offset: number): void {
    this.#parser.push(bytes, offset)
    this.#countRecords()
  }

  endSource(): void {
    this.#parser.endSource()
    this.#countRecords()
  }

  /** Every message is a row as soon as it is whole. */
  end(): void {
    this.#countRecords()
  }

  saveState(): string {
    const state: SavedState = { gaps: this.#gaps.saveState() }
    return JSON.stringify(state)
  }

  restoreState(text: string): boolean {
    try {
      const state = JSON.parse(text) as SavedState
      this.#gaps.restoreState(state.gaps)
      return true
    } catch {
      return false
    }
  }

  replay(row: ProcessRow): void {
    this.#normalizer.tracker.replay(row)
  }

  message(message: EsMessage, place: MessagePlace, sourceId: number): void {
    const host = message.host === "" ? this.#options.host : message.host
    addHost(this.#tallies.event(sourceId, message.sec), host)
    if (message.sec < this.#start || message.sec > this.#end) return
    const { records } = this.#options
    if (records === undefined) {
      if (isNumbered(place.shape)) this.#gaps.take(message, host, place.offset, sourceId)
      this.#normalizer.message(message, place, sourceId)
    } else if (records.form === "json") {
      this.#recordWriter.write(message, place, records.begin())
      records.end()
    }
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  foreign(): void {
    this.#tallies.current.otherLines++
  }

  #countRecords(): void {
    this.#tallies.countRecords(this.#parser.records)
  }
}

export function createEsReader(options: ReaderOptions): ChainReader {
  return new EsReader(options)
}
