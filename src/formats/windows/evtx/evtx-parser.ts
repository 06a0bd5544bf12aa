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
import { Integrity, type IntegrityState } from "./integrity.ts"
import { FILE, FILE_FLAG, FILE_MAGIC } from "./layout.ts"
import { LearntTemplates } from "./learnt-templates.ts"
import { readU32 } from "./print-numbers.ts"
import { Recovery } from "./recovery.ts"
import { TemplateCache } from "./template-cache.ts"

export interface EvtxOptions {
  readonly consumer: WindowsEventConsumer
  /** Look for records in free space, in damaged chunks and between chunks too. */
  readonly recover: boolean
}

/** A log that is still written goes on in its last chunk. */
interface EvtxState extends ReadChunk {
  readonly fileFlags: number
  readonly chunkNumber: number
  readonly integrity: IntegrityState
}

export class EvtxParser implements WindowsParser, BlockSink {
  readonly #consumer: WindowsEventConsumer
  readonly #learnt = new LearntTemplates()
  readonly #integrity: Integrity
  readonly #recovery: Recovery | null
  readonly #reader: ChunkReader
  readonly #stream = new ChunkStream(this)
  #source: WindowsSource = { sourceId: 0, variant: "evtx", modifiedMs: Number.NaN }
  #fileFlags = 0
  #chunkNumber = 0
  /** Number of the chunk that `consumedTo` is the start of. */
  #lastChunkNumber = 0

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
    })
  }

  get records(): number {
    return this.#reader.records + (this.#recovery?.records ?? 0)
  }

  /** Start of the last chunk with records: more may be written into it. */
  get consumedTo(): number {
    return Math.max(0, this.#reader.chunkOffset)
  }

  beginSource(source: WindowsSource): void {
    this.#source = source
    this.#learnt.beginSource()
    this.#integrity.begin()
    this.#recovery?.begin(source.sourceId)
    this.#fileFlags = 0
    this.#chunkNumber = 0
    this.#stream.begin(source.variant === "evtx" ? FILE.bytes : 0)
    this.#beginReader()
  }

  push(bytes: Buffer, offset: number): void {
    this.#stream.push(bytes, offset)
  }

  endSource(): void {
    this.#stream.end()
    this.#recovery?.flush()
    this.#integrity.end()
  }

  saveState(): string {
    const state: EvtxState = {
      ...this.#reader.lastChunk(),
      fileFlags: this.#fileFlags,
      chunkNumber: this.#lastChunkNumber,
      integrity: this.#integrity.saveState(),
    }
    return JSON.stringify(state)
  }

  /** Behind `beginSource`; bytes from `consumedTo` on are pushed next. */
  restoreState(text: string): void {
    const state = JSON.parse(text) as EvtxState
    if (state.chunkOffset < 0) return
    this.#fileFlags = state.fileFlags
    this.#chunkNumber = state.chunkNumber
    this.#lastChunkNumber = state.chunkNumber
    this.#stream.begin(0)
    this.#beginReader()
    this.#reader.resume(state)
    this.#integrity.restoreState(state.integrity)
  }

  header(bytes: Buffer): void {
    const isWhole = bytes.length >= FILE.used && bytes.compare(FILE_MAGIC, 0, FILE_MAGIC.length, 0, 8) === 0
    if (!isWhole) {
      this.#headerProblem(bytes.length, "The file does not begin with the header of an event log.")
      return
    }
    this.#fileFlags = readU32(bytes, FILE.flagsAt)
    this.#beginReader()
    const isRight = crc32(bytes.subarray(0, FILE.flagsAt)) === readU32(bytes, FILE.crcAt)
    if (isRight || (this.#fileFlags & FILE_FLAG.noCrc) !== 0) return
    this.#headerProblem(FILE.used, "The header of the file does not fit its checksum.")
  }

  chunk(bytes: Buffer, length: number, offset: number): number {
    const number = this.#chunkNumber++
    const used = this.#reader.read(bytes, length, offset, number)
    if (this.#reader.chunkOffset === offset) this.#lastChunkNumber = number
    return used
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
    this.#consumer.problem(problem, this.#source.sourceId)
  }
}
