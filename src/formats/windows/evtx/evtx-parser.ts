/**
 * Reads Windows event logs: pieces of the file in, events out.
 *
 * The header of the file is believed in nothing but its flags: every chunk is read, however many it counts. What is
 * damaged is told with its place, and what stands around it is read.
 * Source of truth: libyal's "Windows XML Event Log (EVTX)", [MS-EVEN6] 2.2.12 to 2.2.18.
 */
import { crc32 } from "node:zlib"
import type { Problem } from "../../../base/problem.ts"
import type { WindowsEventConsumer, WindowsParser, WindowsSource } from "../parser.ts"
import { ChunkReader, type ReadChunk } from "./chunk-reader.ts"
import { type BlockSink, ChunkStream } from "./chunk-stream.ts"
import { GivenRecords, type SavedGiven } from "./given-records.ts"
import { Integrity, type IntegrityState } from "./integrity.ts"
import { CHUNK, FILE, FILE_FLAG, FILE_MAGIC } from "./layout.ts"
import { LearntTemplates } from "./learnt-templates.ts"
import { readU32 } from "./print-numbers.ts"
import { Recovery } from "./recovery.ts"
import { TemplateCache } from "./template-cache.ts"
import { type WaitingChunk, WaitingChunks } from "./waiting-chunks.ts"
import { type FirstRecord, firstRecordOf } from "./written-log.ts"

export interface EvtxOptions {
  readonly consumer: WindowsEventConsumer
  /** Look for records in free space, in damaged chunks and between chunks too. */
  readonly recover: boolean
}

/** A log that is still written goes on in its last chunk. */
export interface EvtxState extends ReadChunk {
  readonly fileFlags: number
  readonly chunkNumber: number
  readonly integrity: IntegrityState
  /** The rest is absent in states of earlier versions. */
  readonly seen?: SavedGiven
  readonly first?: FirstRecord | null
  /** No more of it comes. */
  readonly isEnded?: boolean
}

export class EvtxParser implements WindowsParser, BlockSink {
  readonly #consumer: WindowsEventConsumer
  readonly #learnt = new LearntTemplates()
  readonly #integrity: Integrity
  readonly #recovery: Recovery | null
  readonly #reader: ChunkReader
  readonly #stream = new ChunkStream(this)
  readonly #given = new GivenRecords()
  readonly #waiting = new WaitingChunks()
  #source: WindowsSource = { sourceId: 0, variant: "evtx", modifiedMs: Number.NaN }
  #fileFlags = 0
  #chunkNumber = 0
  /** Number of the chunk that `consumedTo` is the start of. */
  #lastChunkNumber = 0
  /** Of the chunk that lies first. */
  #first: FirstRecord | null = null
  /** What is wrong with the header of a log that is still written. */
  #waitingHeader: Problem | null = null
  #isEnded = false

  constructor(options: EvtxOptions) {
    const { consumer } = options
    const cache = new TemplateCache()
    this.#consumer = consumer
    this.#integrity = new Integrity((gap, host) => consumer.gap(gap, host, this.#source.sourceId))
    this.#recovery = options.recover ? new Recovery(consumer, this.#learnt, cache) : null
    this.#reader = new ChunkReader({
      consumer,
      learnt: this.#learnt,
      cache,
      integrity: this.#integrity,
      recovery: this.#recovery,
      given: this.#given,
    })
  }

  get records(): number {
    return this.#reader.records + (this.#recovery?.records ?? 0)
  }

  /** Start of the last chunk with records: more may be written into it. What is followed is looked at anew. */
  get consumedTo(): number {
    return this.#isFollowed ? 0 : Math.max(0, this.#reader.chunkOffset)
  }

  beginSource(source: WindowsSource): void {
    this.#source = source
    this.#learnt.beginSource()
    this.#integrity.begin()
    this.#recovery?.begin(source.sourceId)
    this.#given.begin()
    this.#waiting.takeAll()
    this.#waitingHeader = null
    this.#first = null
    this.#isEnded = false
    this.#fileFlags = 0
    this.#chunkNumber = 0
    this.#stream.begin(source.variant === "evtx" ? FILE.bytes : 0)
    this.#beginReader()
  }

  push(bytes: Buffer, offset: number): void {
    this.#stream.push(bytes, offset)
  }

  passOver(bytes: Buffer, offset: number): void {
    this.#reader.isPassingOver = true
    this.#stream.push(bytes, offset)
    this.#reader.isPassingOver = false
  }

  settle(): void {
    this.#stream.end()
    const header = this.#waitingHeader
    this.#waitingHeader = null
    if (header !== null) this.#tell(header)
    for (const chunk of this.#waiting.takeAll()) this.#readAsItIs(chunk)
    this.#integrity.end()
  }

  endSource(): void {
    this.#stream.end()
    this.#recovery?.flush()
    this.settle()
    this.#isEnded = true
  }

  saveState(): string {
    const state: EvtxState = {
      ...this.#reader.lastChunk(),
      ...(this.#isFollowed ? { chunkOffset: -1 } : {}),
      fileFlags: this.#fileFlags,
      chunkNumber: this.#lastChunkNumber,
      integrity: this.#integrity.saveState(),
      seen: this.#given.save(),
      first: this.#first,
      isEnded: this.#isEnded,
    }
    return JSON.stringify(state)
  }

  /** Behind `beginSource`; pushed next are bytes from `consumedTo` on, or all of a log that has changed, anew. */
  restoreState(text: string): void {
    const state = JSON.parse(text) as EvtxState
    if (state.seen !== undefined) this.#given.restore(state.seen)
    this.#first = state.first ?? null
    this.#integrity.restoreState(state.integrity)
    if (state.chunkOffset < 0) return
    this.#fileFlags = state.fileFlags
    this.#chunkNumber = state.chunkNumber
    this.#lastChunkNumber = state.chunkNumber
    this.#beginReader()
    this.#reader.resume(state)
  }

  header(bytes: Buffer): void {
    const isWhole = bytes.length >= FILE.used && bytes.compare(FILE_MAGIC, 0, FILE_MAGIC.length, 0, 8) === 0
    if (!isWhole) {
      this.#headerProblem(bytes.length, "The file does not begin with the header of an event log.")
      return
    }
    this.#fileFlags = readU32(bytes, FILE.flagsAt)
    this.#chunkNumber = 0
    this.#waitingHeader = null
    this.#beginReader()
    const isRight = crc32(bytes.subarray(0, FILE.flagsAt)) === readU32(bytes, FILE.crcAt)
    if (isRight || (this.#fileFlags & FILE_FLAG.noCrc) !== 0) return
    this.#headerProblem(FILE.used, "The header of the file does not fit its checksum.")
  }

  chunk(bytes: Buffer, length: number, offset: number): number {
    const number = this.#isFollowed ? numberOf(offset) : this.#chunkNumber++
    if (offset === FILE.bytes) this.#first = firstRecordOf(bytes, 0) ?? this.#first
    const used = this.#isFollowed
      ? this.#readFollowed(bytes, length, offset)
      : this.#reader.read(bytes, length, offset, number)
    if (this.#reader.chunkOffset === offset) this.#lastChunkNumber = number
    return used
  }

  get #isFollowed(): boolean {
    return this.#source.isFollowed === true
  }

  /** Gives what is whole, and waits for the rest. */
  #readFollowed(bytes: Buffer, length: number, offset: number): number {
    const replaced = this.#waiting.replace(bytes, offset)
    this.#reader.isReplaced = true
    if (replaced !== null) this.#readAsItIs(replaced)
    this.#reader.isReplaced = false
    this.#reader.isHolding = true
    const used = this.#reader.read(bytes, length, offset, numberOf(offset))
    this.#reader.isHolding = false
    const overdue = this.#reader.isHeld ? this.#waiting.keep({ bytes, length, offset }) : null
    if (overdue !== null) this.#readAsItIs(overdue)
    return used
  }

  /** Nothing better is waited for. */
  #readAsItIs({ bytes, length, offset }: WaitingChunk): void {
    this.#reader.read(bytes, length, offset, numberOf(offset))
  }

  #beginReader(): void {
    this.#reader.begin({
      sourceId: this.#source.sourceId,
      hasCrc: (this.#fileFlags & FILE_FLAG.noCrc) === 0,
      isDirty: (this.#fileFlags & FILE_FLAG.dirty) !== 0,
      isImage: this.#source.variant === "evtx-image",
    })
  }

  #headerProblem(length: number, message: string): void {
    const problem: Problem = { code: "evtx/file-header", severity: "warning", offset: 0, length, message }
    if (this.#isFollowed) this.#waitingHeader = problem
    else this.#tell(problem)
  }

  #tell(problem: Problem): void {
    this.#given.beginChunk(problem.offset, 0)
    if (this.#given.tells(problem.code, problem.offset))
      this.#consumer.problem(problem, this.#source.sourceId)
  }
}

/** Of the chunk in its file. */
function numberOf(offset: number): number {
  return Math.floor((offset - FILE.bytes) / CHUNK.bytes)
}
