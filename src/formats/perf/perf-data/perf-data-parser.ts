/**
 * Reads recordings of `perf record`: pieces of a file or a pipe in, samples and task records out, in the order of
 * their times. What is damaged is told with its place, and what stands around it is read; a recording whose recorder
 * was killed is read to its last byte.
 *
 * A recording may be several sources of one chain: `data` with the attributes, then `data.0`, `data.1`, … of the
 * threads of `perf record --threads`. Source of truth: tools/perf/Documentation/perf.data-file-format.txt.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { Gap, Problem } from "../../../base/problem.ts"
import type { Stretch } from "../../format.ts"
import type { EventNames } from "../events.ts"
import type { PerfSample } from "../sample.ts"
import { CompressedRecords } from "./compressed-records.ts"
import { RECORDS } from "./detect.ts"
import { EarlyFiles } from "./early-files.ts"
import type { EventFormat } from "./event-format.ts"
import { type FileHeader, HEADER_BYTES, PIPE_HEADER_BYTES, readFileHeader } from "./file-header.ts"
import { FrameView, HeldBytes, WordView } from "./held-bytes.ts"
import { OwnRecords } from "./own-records.ts"
import type { PlainSample } from "./plain-sample.ts"
import { PlainSamples } from "./plain-samples.ts"
import { RecordDecoder } from "./record-decoder.ts"
import { RecordFramer } from "./record-framer.ts"
import { RecordQueue } from "./record-queue.ts"
import { FIRST_OWN_RECORD, RECORD } from "./record-types.ts"
import { RecordingFacts } from "./recording-facts.ts"
import { RecordingNotes } from "./recording-notes.ts"
import type { WaitingRecords } from "./waiting-records.ts"

export interface PerfConsumer {
  /** The sample is used again for the next one. */
  record(sample: PerfSample, sourceId: number): void
  /** Takes a sample whose parts lie where its plan says; false for one that is to come to `record` instead. */
  plain?(sample: PlainSample, sourceId: number): boolean
  problem(problem: Problem, sourceId: number): void
  gap(gap: Gap, sourceId: number): void
}

export interface PerfDataSource {
  readonly sourceId: number
  /** `records` of a thread's file, which begins with a record; anything else begins with a header. */
  readonly variant: string
  /** In ms since 1970; NaN when unknown. */
  readonly modifiedMs: number
  /** null: what lies behind the data cannot be known before it comes. */
  readonly ahead: readonly Stretch[] | null
}

type Phase = "header" | "data" | "tail"

export class PerfDataParser {
  readonly #consumer: PerfConsumer
  readonly #notes: RecordingNotes
  readonly #facts: RecordingFacts
  readonly #decoder: RecordDecoder
  readonly #framer = new RecordFramer({
    frame: (bytes, from, to, offset) => this.#frame(bytes, from, to, offset),
    run: (bytes, from, end, offset) => this.#run(bytes, from, end, offset),
    skipped: (offset, length) => this.#notes.skipped(offset, length),
    cut: (offset, length) => this.#notes.cut(offset, length),
  })
  readonly #packed: CompressedRecords
  readonly #own: OwnRecords
  readonly #plain: PlainSamples
  readonly #queue = new RecordQueue((records, place) => this.#give(records, place))
  readonly #view = new FrameView()
  readonly #words = new WordView()
  readonly #held = new HeldBytes()
  #source: PerfDataSource = { sourceId: 0, variant: "", modifiedMs: Number.NaN, ahead: [] }
  #header: FileHeader | null = null
  readonly #early = new EarlyFiles<PerfDataSource>()
  #phase: Phase = "header"
  /** Formats come behind the data: nothing can be given before. */
  #waits = false
  #isLittle = true
  #dataEnd = Number.POSITIVE_INFINITY
  /** Records so far, of all sources. */
  records = 0

  constructor(consumer: PerfConsumer) {
    this.#consumer = consumer
    this.#notes = new RecordingNotes(
      (problem) => consumer.problem(problem, this.#source.sourceId),
      (gap) => consumer.gap(gap, this.#source.sourceId),
    )
    this.#facts = new RecordingFacts(this.#notes)
    this.#decoder = new RecordDecoder(this.#facts.events, this.#facts.clock)
    this.#plain = new PlainSamples(this.#facts.events, this.#facts.clock, this.#decoder.threads)
    this.#packed = new CompressedRecords(this.#notes, (bytes, from, to, offset) =>
      this.#frame(bytes, from, to, offset),
    )
    this.#own = new OwnRecords(this.#facts, this.#packed)
  }

  get names(): EventNames {
    return this.#facts.events.names
  }

  /** As the recording calls its machine; '' where it does not. */
  get hostname(): string {
    return this.#facts.features.hostname
  }

  /** As uname(1) names it; '' where the recording does not tell. */
  get machine(): string {
    return this.#facts.features.machine
  }

  /** What the event's fields are and how it is printed; undefined where the recording does not tell. */
  formatOf(event: number): EventFormat | undefined {
    return this.#facts.events.formatOf(event)
  }

  /** The event's name as perf prints it. */
  labelOf(event: number): string {
    return this.#facts.events.labelOf(event)
  }

  get labelWidth(): number {
    return this.#facts.events.labelWidth
  }

  /** Bytes of a `long` of the machine. */
  get longBytes(): number {
    return this.#facts.features.tracing?.longBytes ?? 8
  }

  beginSource(source: PerfDataSource): void {
    this.#notes.begin()
    this.#held.clear()
    if (source.variant === RECORDS) {
      this.#setSource(source)
      this.#beginData(Number.POSITIVE_INFINITY)
      return
    }
    this.#giveAll()
    this.#setSource(source)
    this.#header = null
    this.#facts.begin(source.modifiedMs)
    this.#phase = "header"
  }

  #setSource(source: PerfDataSource): void {
    this.#source = source
    this.#queue.sourceId = source.sourceId
  }

  /** @param offset of `bytes[0]` in the uncompressed source; the bytes are used again after the call */
  push(bytes: Buffer, offset: number): void {
    if (this.#isEarly) {
      if (!this.#early.add(this.#source, bytes)) this.#notes.noAttributes()
      return
    }
    let at = 0
    if (this.#phase === "header") {
      if (!this.#readHeader(bytes)) return
      // What was held of the header is done with; the data may have begun in this piece.
      at = Math.max(0, (this.#header?.data.offset ?? 0) - offset)
    }
    if (this.#phase === "data") {
      const end = Math.min(bytes.length, Math.max(at, this.#dataEnd - offset))
      if (end > at) this.#framer.push(bytes.subarray(at, end), offset + at)
      at = end
      if (offset + end < this.#dataEnd) return
      this.#framer.end()
      this.#phase = "tail"
    }
    if (this.#waits && !this.#held.add(bytes.subarray(at), LIMITS.perfRecordBytes.value)) this.#stopWaiting()
  }

  /** A thread's records that come before what says how to read them. */
  get #isEarly(): boolean {
    return this.#header === null && this.#source.variant === RECORDS
  }

  endSource(): void {
    if (this.#isEarly) return
    this.#endData()
    if (this.#source.variant !== RECORDS) this.#readEarly()
    // The times of a thread's records lie between those of the others.
    if (this.#source.variant !== RECORDS && !this.#facts.features.isFolder) this.#giveAll()
    this.#notes.end()
  }

  #readEarly(): void {
    for (const { source, bytes } of this.#early.takeAll()) {
      this.#setSource(source)
      this.#beginData(Number.POSITIVE_INFINITY)
      this.#framer.push(bytes, 0)
      this.#endData()
    }
  }

  #endData(): void {
    if (this.#phase === "header" && this.#held.used > 0) this.#notes.cut(0, this.#held.used)
    if (this.#phase === "data") {
      if (Number.isFinite(this.#dataEnd)) this.#notes.endsEarly(this.#dataEnd)
      this.#framer.end()
    }
    this.#packed.end()
    if (this.#waits) this.#readTail()
    this.#phase = "tail"
  }

  /** The recording has no more sources. */
  end(): void {
    if (this.#early.takeAll().length > 0) this.#notes.noAttributes()
    this.#giveAll()
    this.#notes.end()
  }

  /** Collects the header and what lies before the data; true when the data begins. */
  #readHeader(bytes: Buffer): boolean {
    const held = this.#held
    if (!held.add(bytes, LIMITS.perfHeaderBytes.value + bytes.length)) return false
    const header = readFileHeader(held.bytes)
    if (header === null) {
      if (held.used >= HEADER_BYTES) this.#refuse()
      return false
    }
    if (header.data.offset > LIMITS.perfHeaderBytes.value || header.data.offset < PIPE_HEADER_BYTES) {
      this.#refuse()
      return false
    }
    if (held.used < header.data.offset) return false
    this.#header = header
    this.#isLittle = !header.isBigEndian
    this.#decoder.begin(this.#isLittle)
    this.#plain.begin(this.#isLittle)
    this.#facts.readHeader(header, held.bytes.subarray(0, header.data.offset))
    this.#readAhead(header)
    held.clear()
    const { offset, size } = header.data
    this.#beginData(size === 0 ? Number.POSITIVE_INFINITY : offset + size)
    return true
  }

  #refuse(): void {
    this.#notes.badHeader()
    this.#held.clear()
    this.#phase = "tail"
    this.#waits = false
  }

  #beginData(end: number): void {
    this.#dataEnd = end
    this.#phase = "data"
    this.#framer.begin(!this.#isLittle)
    this.#packed.begin(!this.#isLittle)
    this.#own.isBigEndian = !this.#isLittle
  }

  #readAhead(header: FileHeader): void {
    const { ahead } = this.#source
    this.#waits = false
    if (header.isPipe) return
    if (header.data.size === 0) this.#notes.killed()
    else if (ahead === null) {
      this.#waits = true
      return
    } else this.#facts.readSections(header, ahead)
    this.#learn()
  }

  #readTail(): void {
    const { bytes } = this.#held
    this.#waits = false
    if (this.#header !== null) this.#facts.readSections(this.#header, [{ offset: this.#dataEnd, bytes }])
    this.#learn()
    this.#held.clear()
  }

  /** Too much has come: what there is goes, without formats. */
  #stopWaiting(): void {
    this.#waits = false
    this.#notes.noFormats()
    this.#learn()
    this.#held.clear()
    this.#giveAll()
  }

  #learn(): void {
    this.#facts.learn()
    const { tracing } = this.#facts.features
    if (tracing === null) return
    this.#decoder.isRawLittle = !tracing.isBigEndian
    this.#plain.begin(this.#isLittle && !tracing.isBigEndian)
  }

  /** The samples that follow one another from here on wait for their turn together. */
  #run(bytes: Buffer, from: number, end: number, offset: number): number {
    const { places } = this.#plain
    const words = this.#words.of(bytes)
    if (places === null || (from & 3) !== 0 || end > words.length * 4) return from
    const before = this.#queue.count
    const to = this.#queue.addRun(bytes, words, from, end, offset, places, LIMITS.perfWaitingBytes.value)
    this.records += this.#queue.count - before
    return to
  }

  #frame(bytes: Buffer, from: number, to: number, offset: number): void {
    this.records++
    const view = this.#view.of(bytes)
    const type = view.getUint32(from, this.#isLittle)
    if (type >= FIRST_OWN_RECORD) {
      if (type !== RECORD.finishedRound) this.#own.read(type, bytes, from, to, offset)
      else if (!this.#waits) this.#queue.finishRound()
      return
    }
    const size = to - from
    if (type === RECORD.lostSamples) this.#notes.lostSamples(view, from, size, this.#isLittle)
    if (this.#decoder.readTime(view, from, size)) {
      const { timeHigh, timeLow } = this.#decoder
      this.#queue.add(view, from, size, timeHigh, timeLow, offset)
      if (this.#queue.used > LIMITS.perfWaitingBytes.value) this.#makeRoom()
    } else if (this.#waits) this.#queue.add(view, from, size, 0, 0, offset)
    else this.#decode(bytes, view, from, size, offset, this.#source.sourceId)
  }

  #makeRoom(): void {
    if (this.#waits) {
      this.#stopWaiting()
      return
    }
    this.#notes.outOfOrder()
    this.#queue.giveHalf()
  }

  #giveAll(): void {
    if (this.#facts.areNew) this.#learn()
    this.#queue.giveAll()
    this.#queue.clear()
  }

  #give(records: WaitingRecords, place: number): void {
    if (this.#facts.areNew) this.#learn()
    const sourceId = records.sources[place] as number
    const plain = this.#plain
    if (plain.read(records, place) && plain.sample !== undefined) {
      if (this.#consumer.plain?.(plain.sample, sourceId) === true) return
    }
    const { bytes, view, starts, sizes, offsets } = records
    this.#decode(
      bytes,
      view,
      starts[place] as number,
      sizes[place] as number,
      offsets[place] as number,
      sourceId,
    )
  }

  #decode(bytes: Buffer, view: DataView, at: number, size: number, offset: number, sourceId: number): void {
    if (this.#facts.areNew) this.#learn()
    const { sample } = this.#decoder
    const decoded = this.#decoder.decode(bytes, view, at, size, offset)
    if (decoded === "other") return
    if (decoded !== "whole")
      this.#notes.damaged(decoded, offset, size, this.#facts.events.names.nameOf(sample.event))
    this.#notes.observe(sample)
    this.#consumer.record(sample, sourceId)
  }
}
