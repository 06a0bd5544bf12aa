/** Decodes single records of a chunk, and hands on the events and what is wrong with them. */
import type { Problem, Severity } from "../../../base/problem.ts"
import type { EventPlace } from "../event-tape.ts"
import type { WindowsEventConsumer } from "../parser.ts"
import type { GivenRecords } from "./given-records.ts"
import { findHidden } from "./hidden-records.ts"
import type { Integrity } from "./integrity.ts"
import type { LearntTemplates } from "./learnt-templates.ts"
import { readU32 } from "./print-numbers.ts"
import { RecordDecoder } from "./record-decoder.ts"
import { headerIdAt } from "./record-header.ts"
import type { Recovery } from "./recovery.ts"
import type { TemplateCache } from "./template-cache.ts"

export interface EmitterOptions {
  readonly consumer: WindowsEventConsumer
  readonly learnt: LearntTemplates
  readonly cache: TemplateCache
  readonly integrity: Integrity
  readonly recovery: Recovery | null
  readonly given: GivenRecords
}

/** A chunk and where it comes from. */
export interface ChunkPlace {
  readonly bytes: Buffer
  /** What is there of it. */
  readonly length: number
  readonly offset: number
  readonly number: number
  readonly sourceId: number
}

const NOWHERE: ChunkPlace = { bytes: Buffer.alloc(0), length: 0, offset: 0, number: 0, sourceId: 0 }

export class RecordEmitter {
  readonly #options: EmitterOptions
  readonly #decoder: RecordDecoder
  readonly #place: EventPlace = { offset: 0, length: 0, headerId: Number.NaN, recovered: "" }
  #chunk = NOWHERE
  /** Records met. */
  records = 0
  /** The log is still written: only what is whole is handed on, and what is not is waited for. */
  isHolding = false
  /** What is waited for in the chunk at hand. */
  held = 0

  constructor(options: EmitterOptions) {
    this.#options = options
    const { learnt, cache } = options
    this.#decoder = new RecordDecoder({ learnt, cache, isRecovering: false })
  }

  begin(chunk: ChunkPlace): void {
    this.#chunk = chunk
    this.#decoder.begin(chunk.bytes, chunk.length)
  }

  /** A record, and those that it was made to swallow. False when nothing can be read of it. */
  record(at: number, size: number, recovered: EventPlace["recovered"]): boolean {
    const { bytes } = this.#chunk
    const end = at + size
    if (!this.#emit(at, size, recovered)) return false
    const outer = headerIdAt(bytes, at)
    const second = this.#decoder.facts.second
    for (let next = findHidden(bytes, this.#decoder.end, end); next > 0; ) {
      this.#options.integrity.hidden(outer, this.#chunk.offset + next, second)
      const hiddenSize = readU32(bytes, next + 4)
      if (this.#options.recovery !== null) this.#emit(next, hiddenSize, "hidden")
      next = findHidden(bytes, next + hiddenSize, end)
    }
    return true
  }

  torn(at: number, size: number): void {
    const message = `${this.#name(at)} was not written whole.`
    if (this.problem("evtx/torn-record", "error", at, size, message)) this.records++
  }

  /** False when it is not told: it was before, or may pass. @param at in the chunk */
  problem(code: string, severity: Severity, at: number, length: number, message: string): boolean {
    const offset = this.#chunk.offset + at
    if (this.isHolding) {
      this.held++
      return false
    }
    if (!this.#options.given.tells(code, offset)) return false
    const problem: Problem = { code, severity, offset, length, message }
    this.#options.consumer.problem(problem, this.#chunk.sourceId)
    return true
  }

  /** False for a record whose BinXML cannot be read. */
  #emit(at: number, size: number, recovered: EventPlace["recovered"]): boolean {
    this.records++
    const decoder = this.#decoder
    if (!decoder.prepare(at, size)) {
      const code = decoder.lacksTemplate ? "evtx/template-missing" : "evtx/bad-record"
      return this.#fail(code, at, size)
    }
    const { facts } = decoder
    this.#options.recovery?.live(this.#chunk.bytes, at)
    const isWanted = this.#options.consumer.wants?.(facts.eventId, Math.floor(facts.second)) ?? true
    if (isWanted && !decoder.write(at, size)) return this.#fail("evtx/bad-record", at, size)
    if (isWanted && this.isHolding && !decoder.isSound) return this.#fail("evtx/damaged-record", at, size)
    this.#watch(at, recovered, isWanted)
    if (isWanted) this.#hand(at, size, recovered)
    return true
  }

  /** What a record says of the log; a hidden or carved one is not in its order. */
  #watch(at: number, recovered: EventPlace["recovered"], isWritten: boolean): void {
    if (recovered !== "" && recovered !== "torn") return
    const { integrity } = this.#options
    const { tape, facts } = this.#decoder
    const offset = this.#chunk.offset + at
    integrity.record(facts.recordId, headerIdAt(this.#chunk.bytes, at), facts.second, offset)
    if (isWritten) integrity.event(tape, facts.eventId, facts.second, offset)
  }

  #hand(at: number, size: number, recovered: EventPlace["recovered"]): void {
    const decoder = this.#decoder
    if (decoder.failure !== "") {
      const message = `${this.#name(at)}: ${decoder.failure}.`
      this.problem("evtx/damaged-record", "warning", at, size, message)
    } else if (decoder.isBorrowed) {
      const message = `${this.#name(at)}: its template is damaged, and the same of another chunk was used.`
      this.problem("evtx/template-missing", "warning", at, size, message)
    } else if (decoder.isDoubtful) {
      const message = `${this.#name(at)}: a name in it or in its template does not fit its hash.`
      this.problem("evtx/damaged-name", "warning", at, size, message)
    }
    const place = this.#place
    place.offset = this.#chunk.offset + at
    place.length = size
    place.headerId = headerIdAt(this.#chunk.bytes, at)
    place.recovered = recovered
    this.#options.consumer.event(decoder.tape, place, this.#chunk.sourceId)
  }

  #fail(code: string, at: number, size: number): false {
    if (!this.problem(code, "error", at, size, `${this.#name(at)}: ${this.#decoder.failure}.`)) this.records--
    return false
  }

  #name(at: number): string {
    return `Record ${headerIdAt(this.#chunk.bytes, at)} of chunk ${this.#chunk.number}`
  }
}
