/**
 * Reads Windows event logs: pieces of the file in, events out.
 *
 * The header of the file is believed in nothing but its flags: every chunk is read, however many it counts. What is
 * damaged is told with its place, and what stands around it is read.
 * Source of truth: libyal's "Windows XML Event Log (EVTX)", [MS-EVEN6] 2.2.12 to 2.2.18.
 */
import { crc32 } from "node:zlib"
import type { Severity } from "../../../base/problem.ts"
import type { EventPlace } from "../event-tape.ts"
import { EventTape } from "../event-tape.ts"
import type { WindowsEventConsumer, WindowsParser, WindowsSource } from "../parser.ts"
import { hasChunkMagic, isZero, readChunkHeader } from "./chunk-header.ts"
import { ChunkNames } from "./chunk-names.ts"
import { type BlockSink, ChunkStream } from "./chunk-stream.ts"
import { ChunkWalk, type RecordSink } from "./chunk-walk.ts"
import { Instances } from "./instances.ts"
import { CHUNK, FILE, FILE_FLAG, FILE_MAGIC, RECORD, RECORD_MAGIC, TYPE } from "./layout.ts"
import { LearntTemplates } from "./learnt-templates.ts"
import { readU32 } from "./print-numbers.ts"
import { RecordWriter } from "./record-writer.ts"

const TWO_32 = 0x1_0000_0000
const UNIX_EPOCH_SECONDS = 11_644_473_600

export interface EvtxOptions {
  readonly consumer: WindowsEventConsumer
  /** Look for records in free space, in damaged chunks and between them too. */
  readonly recover: boolean
}

export class EvtxParser implements WindowsParser, BlockSink, RecordSink {
  readonly #consumer: WindowsEventConsumer
  readonly #tape = new EventTape()
  readonly #names = new ChunkNames()
  readonly #learnt = new LearntTemplates()
  readonly #instances = new Instances(this.#names, this.#learnt)
  readonly #writer = new RecordWriter(this.#instances, this.#tape)
  readonly #stream = new ChunkStream(this)
  readonly #walk = new ChunkWalk(this)
  readonly #place: EventPlace = { offset: 0, length: 0, headerId: Number.NaN, recovered: "" }
  #sourceId = 0
  #fileFlags = 0
  #bytes: Buffer = Buffer.alloc(0)
  #chunkOffset = 0
  #chunkNumber = 0
  /** Records in this chunk that were given before the source was read on. */
  #lastId = Number.NaN
  records = 0
  consumedTo = 0

  constructor(options: EvtxOptions) {
    this.#consumer = options.consumer
  }

  beginSource(source: WindowsSource): void {
    this.#sourceId = source.sourceId
    this.#learnt.beginSource()
    this.#fileFlags = 0
    this.#chunkNumber = 0
    this.#stream.begin(source.variant === "evtx" ? FILE.bytes : 0)
  }

  push(bytes: Buffer, offset: number): void {
    this.#stream.push(bytes, offset)
  }

  endSource(): void {
    this.#stream.end()
  }

  saveState(): string {
    return "{}"
  }

  restoreState(_state: string): void {}

  header(bytes: Buffer): void {
    if (bytes.length < FILE.used || bytes.compare(FILE_MAGIC, 0, 8, 0, 8) !== 0) {
      this.#problem("evtx/bad-file-header", "warning", 0, bytes.length, "The file has no whole header.")
      return
    }
    this.#fileFlags = readU32(bytes, FILE.flagsAt)
    const isRight = crc32(bytes.subarray(0, FILE.flagsAt)) === readU32(bytes, FILE.crcAt)
    if (isRight || (this.#fileFlags & FILE_FLAG.noCrc) !== 0) return
    this.#problem("evtx/bad-file-header", "warning", 0, FILE.used, "The header of the file is damaged.")
  }

  chunk(bytes: Buffer, length: number, offset: number): void {
    this.#bytes = bytes
    this.#chunkOffset = offset
    const number = this.#chunkNumber++
    if (isZero(bytes, length)) return
    if (!hasChunkMagic(bytes, 0)) {
      this.#problem("evtx/bad-chunk", "warning", 0, length, `Chunk ${number} has no header.`)
      return
    }
    this.#names.begin(bytes, length)
    this.#instances.begin(bytes, length)
    this.#writer.begin(bytes)
    const header = readChunkHeader(bytes, length, (this.#fileFlags & FILE_FLAG.noCrc) === 0)
    const free = header.freeOffset
    const end = free >= CHUNK.recordsAt && free <= length ? free : length
    let stopped = this.#walk.walk(bytes, CHUNK.recordsAt, end, length)
    const isStale = (this.#fileFlags & FILE_FLAG.dirty) !== 0 || !header.isHeaderRight || !header.isDataRight
    if (isStale) stopped = this.#walkOn(stopped, length)
  }

  /** Records behind the free offset of a header that is stale: those whose ids go on. */
  #walkOn(from: number, length: number): number {
    let at = from
    while (at + RECORD.leastBytes <= length && readU32(this.#bytes, at) === RECORD_MAGIC) {
      const size = readU32(this.#bytes, at + 4)
      const isNext = this.#headerId(at) === this.#lastId + 1
      if (!isNext || at + size > length || size < RECORD.leastBytes) break
      if (readU32(this.#bytes, at + size - 4) !== size) break
      this.record(at, size)
      at += size
    }
    return at
  }

  record(at: number, size: number): void {
    this.records++
    const writer = this.#writer
    const limit = at + size - 4
    this.#lastId = this.#headerId(at)
    if (!writer.prepare(at + RECORD.binXmlAt, limit)) {
      this.#recordProblem("evtx/bad-record", "error", at, size)
      return
    }
    if (this.#consumer.wants !== undefined && !this.#isWanted()) return
    if (!writer.write(limit)) {
      this.#recordProblem("evtx/bad-record", "error", at, size)
      return
    }
    if (writer.failure !== "") this.#recordProblem("evtx/damaged-record", "warning", at, size)
    const place = this.#place
    place.offset = this.#chunkOffset + at
    place.length = size
    place.headerId = this.#lastId
    place.recovered = ""
    this.#consumer.event(this.#tape, place, this.#sourceId)
  }

  torn(at: number, size: number): void {
    this.records++
    this.#lastId = this.#headerId(at)
    this.#problem("evtx/torn-record", "error", at, size, `${this.#recordName(at)} is torn.`)
  }

  skipped(from: number, to: number): void {
    this.#problem("evtx/skipped-bytes", "error", from, to - from, "No record begins here.")
  }

  #isWanted(): boolean {
    const { root } = this.#writer
    let eventId = Number.NaN
    let second = Number.NaN
    if (root !== null) {
      const idAt = this.#writer.slot(root.eventIdSlot, TYPE.uint16)
      if (idAt >= 0) eventId = this.#bytes.readUInt16LE(idAt)
      const timeAt = this.#writer.slot(root.timeSlot, TYPE.fileTime)
      if (timeAt >= 0) {
        const { times } = this.#writer.text
        times.split(readU32(this.#bytes, timeAt), readU32(this.#bytes, timeAt + 4))
        second = times.seconds - UNIX_EPOCH_SECONDS
      }
    }
    return this.#consumer.wants?.(eventId, second) ?? true
  }

  #headerId(at: number): number {
    return readU32(this.#bytes, at + RECORD.idAt + 4) * TWO_32 + readU32(this.#bytes, at + RECORD.idAt)
  }

  #recordName(at: number): string {
    return `Record ${this.#headerId(at)} of chunk ${this.#chunkNumber - 1}`
  }

  #recordProblem(code: string, severity: Severity, at: number, size: number): void {
    this.#problem(code, severity, at, size, `${this.#recordName(at)}: ${this.#writer.failure}.`)
  }

  #problem(code: string, severity: Severity, at: number, length: number, message: string): void {
    this.#consumer.problem(
      { code, severity, offset: this.#chunkOffset + at, length, message },
      this.#sourceId,
    )
  }
}
