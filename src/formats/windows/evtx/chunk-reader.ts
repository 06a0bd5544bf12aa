/**
 * Reads one chunk after another: checks its header, walks its records, and hands on the events they are.
 * Whatever a header says, records are read as long as they stand there.
 */
import type { Problem, Severity } from "../../../base/problem.ts"
import type { EventPlace } from "../event-tape.ts"
import type { WindowsEventConsumer } from "../parser.ts"
import { findChunk, hasChunkMagic, isZero, readChunkHeader } from "./chunk-header.ts"
import { ChunkWalk, type RecordSink } from "./chunk-walk.ts"
import { findHidden } from "./hidden-records.ts"
import type { Integrity } from "./integrity.ts"
import { CHUNK, RECORD, RECORD_MAGIC } from "./layout.ts"
import type { LearntTemplates } from "./learnt-templates.ts"
import { readU32 } from "./print-numbers.ts"
import { RecordDecoder } from "./record-decoder.ts"
import { headerIdAt } from "./record-header.ts"
import type { Recovery } from "./recovery.ts"

export interface ChunkReaderOptions {
  readonly consumer: WindowsEventConsumer
  readonly learnt: LearntTemplates
  readonly integrity: Integrity
  readonly recovery: Recovery | null
}

/** The last chunk that had records, as far as it was read. */
export interface ReadChunk {
  readonly chunkOffset: number
  /** Records of it that were handed on, and the header id of the first; null without one. */
  readonly given: number
  readonly firstId: number | null
}

/** What is known of the file that chunks come from. */
export interface ChunkOrigin {
  readonly sourceId: number
  readonly hasCrc: boolean
  /** It was not closed: its headers may be old. */
  readonly isDirty: boolean
  /** Raw bytes, in which chunks are to be found. */
  readonly isImage: boolean
}

export class ChunkReader implements RecordSink {
  readonly #options: ChunkReaderOptions
  readonly #decoder: RecordDecoder
  readonly #walk = new ChunkWalk(this)
  readonly #place: EventPlace = { offset: 0, length: 0, headerId: Number.NaN, recovered: "" }
  #origin: ChunkOrigin = { sourceId: 0, hasCrc: true, isDirty: false, isImage: false }
  #bytes: Buffer = Buffer.alloc(0)
  #offset = 0
  #number = 0
  #lastId = Number.NaN
  /** Where records of an older use of the chunk begin, behind damage; 0 without any. */
  #staleFrom = 0
  /** End of the last live record; what follows it at once belongs to it. */
  #liveEnd = 0
  #isBehindDamage = false
  /** Records of the next chunk that were given before. */
  #skip = 0
  /** Of the last chunk that had records: how many, the header id of the first, whether the last of them is torn. */
  #given = 0
  #firstId: number | null = null
  #isTorn = false
  chunkOffset = -1
  records = 0

  constructor(options: ChunkReaderOptions) {
    this.#options = options
    this.#decoder = new RecordDecoder({ learnt: options.learnt, isRecovering: false })
  }

  begin(origin: ChunkOrigin): void {
    this.#origin = origin
    this.#skip = 0
    this.#given = 0
    this.#firstId = null
    this.chunkOffset = -1
  }

  /** A record that was torn may be whole when the chunk is read again. */
  lastChunk(): ReadChunk {
    const given = this.#given - (this.#isTorn ? 1 : 0)
    return { chunkOffset: this.chunkOffset, given, firstId: this.#firstId }
  }

  /** The next chunk was read in part before, if its first record is still the same. */
  resume(chunk: ReadChunk): void {
    this.chunkOffset = chunk.chunkOffset
    this.#skip = chunk.given
    this.#firstId = chunk.firstId
  }

  /** Reads a chunk; returns how many bytes belong to it. */
  read(bytes: Buffer, length: number, offset: number, number: number): number {
    this.#bytes = bytes
    this.#offset = offset
    this.#number = number
    if (isZero(bytes, length)) return length
    const hasRecords =
      length >= CHUNK.recordsAt + RECORD.leastBytes && readU32(bytes, CHUNK.recordsAt) === RECORD_MAGIC
    if (!hasChunkMagic(bytes, 0) && (this.#origin.isImage || !hasRecords)) return this.#readNoChunk(length)
    const header = readChunkHeader(bytes, length, this.#origin.hasCrc)
    if (this.#origin.isImage && !header.isHeaderRight) return this.#readNoChunk(length)
    // Bytes that are missing let the next chunk begin too soon.
    const next = header.isDataRight && header.isHeaderRight ? -1 : findChunk(bytes, CHUNK.recordsAt, length)
    const end = next < 0 ? length : next
    this.#decoder.begin(bytes, end)
    this.#startCounting(hasRecords)
    if (this.#skip === 0) this.#tellHeader(header.isHeaderRight, header.isDataRight, end)
    this.#readRecords(
      header.freeOffset,
      end,
      this.#origin.isDirty || !header.isHeaderRight || !header.isDataRight,
    )
    this.#skip = 0
    return end
  }

  record(at: number, size: number, isFound: boolean): void {
    const id = headerIdAt(this.#bytes, at)
    const damaged = at - this.#liveEnd
    if (isFound) this.#isBehindDamage = true
    if (damaged > 0 && !this.#goesOn(id, damaged)) {
      if (this.#staleFrom === 0) this.#staleFrom = at
      return
    }
    this.#given++
    this.#isTorn = false
    this.#lastId = id
    this.#liveEnd = at + size
    if (this.#given <= this.#skip) return
    this.records++
    const place = this.#isBehindDamage ? "torn" : ""
    this.#emit(at, size, this.#origin.isImage ? "loose" : place)
    const hidden = findHidden(this.#bytes, this.#decoder.end, at + size - 4)
    if (hidden > 0 && this.#decoder.end > at) this.#readHidden(at, hidden, at + size)
  }

  torn(at: number, size: number): void {
    // Its id may be torn as well.
    if (headerIdAt(this.#bytes, at) === this.#lastId + 1) this.#lastId++
    this.#given++
    this.#isTorn = true
    if (this.#given <= this.#skip) return
    this.records++
    this.#problem("evtx/torn-record", "error", at, size, `${this.#name(at)} was not written whole.`)
  }

  skipped(from: number, to: number): void {
    if (this.#skip > 0) return
    const message = `In chunk ${this.#number} no record begins where the one before it ends.`
    this.#problem("evtx/skipped-bytes", "error", from, to - from, message)
  }

  /** Behind damage: true for a record that can be one of those that follow, false for one of an older use. */
  #goesOn(id: number, damaged: number): boolean {
    return (
      Number.isNaN(this.#lastId) ||
      (id > this.#lastId && id - this.#lastId <= 1 + damaged / RECORD.leastBytes)
    )
  }

  #startCounting(hasRecords: boolean): void {
    const firstId = hasRecords ? headerIdAt(this.#bytes, CHUNK.recordsAt) : null
    if (this.#skip > 0 && firstId !== this.#firstId) this.#skip = 0
    this.#given = 0
    this.#isTorn = false
    this.#firstId = firstId
    this.chunkOffset = this.#offset
    this.#lastId = Number.NaN
    this.#staleFrom = 0
    this.#liveEnd = CHUNK.recordsAt
    this.#isBehindDamage = false
  }

  #tellHeader(isHeaderRight: boolean, isDataRight: boolean, end: number): void {
    const name = `Chunk ${this.#number}`
    if (!isHeaderRight) {
      const message = `The header of chunk ${this.#number} does not fit its checksum.`
      this.#problem("evtx/chunk-header", "warning", 0, CHUNK.recordsAt, message)
    } else if (!isDataRight) {
      this.#problem("evtx/chunk-checksum", "warning", 0, end, `${name} does not fit its checksum.`)
    }
    if (end < CHUNK.bytes) this.#problem("evtx/cut-chunk", "warning", 0, end, `${name} is cut off.`)
  }

  #readRecords(freeOffset: number, length: number, isStale: boolean): void {
    const isInside = freeOffset >= CHUNK.recordsAt && freeOffset <= length
    let at = this.#walk.walk(this.#bytes, CHUNK.recordsAt, isInside ? freeOffset : length, length)
    if (isStale) at = this.#walkOn(at, length)
    const slackFrom = this.#staleFrom > 0 ? this.#staleFrom : at
    this.#options.recovery?.keep({
      bytes: this.#bytes,
      length,
      offset: this.#offset,
      number: this.#number,
      from: slackFrom,
      kind: this.#origin.isImage ? "loose" : "slack",
    })
  }

  /** Records behind the free offset of an old header: those whose ids go on. */
  #walkOn(from: number, length: number): number {
    let at = from
    while (at + RECORD.leastBytes <= length && readU32(this.#bytes, at) === RECORD_MAGIC) {
      const size = readU32(this.#bytes, at + 4)
      if (headerIdAt(this.#bytes, at) !== this.#lastId + 1) break
      if (size < RECORD.leastBytes || at + size > length || readU32(this.#bytes, at + size - 4) !== size)
        break
      this.record(at, size, false)
      at += size
    }
    return at
  }

  /** Something else where a chunk should be. */
  #readNoChunk(length: number): number {
    const { isImage } = this.#origin
    const next = findChunk(this.#bytes, CHUNK.recordsAt, length)
    const end = next < 0 ? length : next
    if (!isImage) {
      const message = `Chunk ${this.#number} has no header; what is in it needs --recover.`
      this.#problem("evtx/bad-chunk", "warning", 0, end, message)
    }
    const { recovery } = this.#options
    recovery?.keep({
      bytes: this.#bytes,
      length: end,
      offset: this.#offset,
      number: this.#number,
      from: 0,
      kind: "loose",
    })
    return end
  }

  #emit(at: number, size: number, recovered: EventPlace["recovered"]): void {
    const { consumer, integrity, recovery } = this.#options
    const decoder = this.#decoder
    if (!decoder.prepare(at, size)) {
      this.#recordProblem(
        decoder.lacksTemplate ? "evtx/template-missing" : "evtx/bad-record",
        "error",
        at,
        size,
      )
      return
    }
    recovery?.live(this.#bytes, at)
    const { facts } = decoder
    if (consumer.wants !== undefined && !consumer.wants(facts.eventId, Math.floor(facts.second))) {
      if (recovered === "") integrity.record(facts.recordId, this.#lastId, facts.second, this.#offset + at)
      return
    }
    if (!decoder.write(at, size)) {
      this.#recordProblem("evtx/bad-record", "error", at, size)
      return
    }
    if (recovered === "" || recovered === "torn") {
      integrity.record(facts.recordId, this.#lastId, facts.second, this.#offset + at)
      integrity.event(decoder.tape, facts.eventId, facts.second, this.#offset + at)
    }
    if (decoder.failure !== "") this.#recordProblem("evtx/damaged-record", "warning", at, size)
    else if (decoder.isDoubtful) {
      const message = `${this.#name(at)}: a name in it or its template does not fit its hash.`
      this.#problem("evtx/damaged-name", "warning", at, size, message)
    }
    this.#hand(at, size, recovered)
  }

  #hand(at: number, size: number, recovered: EventPlace["recovered"]): void {
    const place = this.#place
    place.offset = this.#offset + at
    place.length = size
    place.headerId = headerIdAt(this.#bytes, at)
    place.recovered = recovered
    this.#options.consumer.event(this.#decoder.tape, place, this.#origin.sourceId)
  }

  /** Records that the one at `outer` was made to swallow. */
  #readHidden(outer: number, from: number, end: number): void {
    const { integrity } = this.#options
    for (let at = from; at > 0; ) {
      const size = readU32(this.#bytes, at + 4)
      this.records++
      integrity.hidden(headerIdAt(this.#bytes, outer), this.#offset + at, this.#decoder.facts.second)
      this.#emit(at, size, "hidden")
      at = findHidden(this.#bytes, at + size, end)
    }
  }

  #name(at: number): string {
    return `Record ${headerIdAt(this.#bytes, at)} of chunk ${this.#number}`
  }

  #recordProblem(code: string, severity: Severity, at: number, size: number): void {
    this.#problem(code, severity, at, size, `${this.#name(at)}: ${this.#decoder.failure}.`)
  }

  #problem(code: string, severity: Severity, at: number, length: number, message: string): void {
    const problem: Problem = { code, severity, offset: this.#offset + at, length, message }
    this.#options.consumer.problem(problem, this.#origin.sourceId)
  }
}
