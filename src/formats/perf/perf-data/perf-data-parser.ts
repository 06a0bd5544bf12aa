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
import { CLOCK, type PerfSample } from "../sample.ts"
import { readAttribute } from "./attribute.ts"
import { ByteCursor } from "./byte-cursor.ts"
import { RecordingClock } from "./clock.ts"
import { RECORDS } from "./detect.ts"
import type { EventFormat } from "./event-format.ts"
import { type Features, noFeatures, readFeature, WANTED } from "./features.ts"
import {
  FEATURE,
  type FileHeader,
  HEADER_BYTES,
  PIPE_HEADER_BYTES,
  readFileHeader,
  SECTION_BYTES,
} from "./file-header.ts"
import { FrameView, HeldBytes } from "./held-bytes.ts"
import { readFeatureSections } from "./look-ahead.ts"
import { RecordDecoder } from "./record-decoder.ts"
import { RecordFramer } from "./record-framer.ts"
import { RecordQueue } from "./record-queue.ts"
import { FIRST_OWN_RECORD, RECORD } from "./record-types.ts"
import { RecordingEvents } from "./recording-events.ts"
import { RecordingNotes } from "./recording-notes.ts"
import { ZstdStream } from "./zstd-stream.ts"

export interface PerfConsumer {
  /** The sample is used again for the next one. */
  record(sample: PerfSample, sourceId: number): void
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
  readonly #events = new RecordingEvents()
  readonly #clock = new RecordingClock()
  readonly #decoder = new RecordDecoder(this.#events, this.#clock)
  readonly #notes: RecordingNotes
  readonly #framer = new RecordFramer({
    frame: (bytes, from, to, offset) => this.#frame(bytes, from, to, offset),
    skipped: (offset, length) => this.#notes.skipped(offset, length),
    cut: (offset, length) => this.#notes.cut(offset, length),
  })
  /** Of what was compressed: a record of it may end in the next piece. */
  readonly #inner = new RecordFramer({
    frame: (bytes, from, to) => this.#frame(bytes, from, to, this.#packedAt),
    skipped: (_offset, length) => this.#notes.skipped(this.#packedAt, length),
    cut: (_offset, length) => this.#notes.cut(this.#packedAt, length),
  })
  readonly #queue = new RecordQueue((bytes, view, at, size, offset, sourceId) =>
    this.#decode(bytes, view, at, size, offset, sourceId),
  )
  readonly #view = new FrameView()
  readonly #held = new HeldBytes()
  #source: PerfDataSource = { sourceId: 0, variant: "", modifiedMs: Number.NaN, ahead: [] }
  #header: FileHeader | null = null
  #features: Features = noFeatures()
  #zstd: ZstdStream | null = null
  #packedAt = 0
  /** Of a folder out of an archive, in which `data` comes last. */
  readonly #early: { readonly source: PerfDataSource; readonly bytes: Buffer }[] = []
  #phase: Phase = "header"
  /** Formats come behind the data: nothing can be given before. */
  #waits = false
  #isLittle = true
  #hasNewFacts = false
  #dataEnd = Number.POSITIVE_INFINITY
  /** Records so far, of all sources. */
  records = 0

  constructor(consumer: PerfConsumer) {
    this.#consumer = consumer
    this.#notes = new RecordingNotes(
      (problem) => consumer.problem(problem, this.#source.sourceId),
      (gap) => consumer.gap(gap, this.#source.sourceId),
    )
  }

  get names(): EventNames {
    return this.#events.names
  }

  /** As the recording calls its machine; '' where it does not. */
  get hostname(): string {
    return this.#features.hostname
  }

  /** What the event's fields are and how it is printed; undefined where the recording does not tell. */
  formatOf(event: number): EventFormat | undefined {
    return this.#events.formatOf(event)
  }

  /** The event's name as perf prints it. */
  labelOf(event: number): string {
    return this.#events.labelOf(event)
  }

  get labelWidth(): number {
    return this.#events.labelWidth
  }

  /** Bytes of a `long` of the machine. */
  get longBytes(): number {
    return this.#features.tracing?.longBytes ?? 8
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
    this.#features = noFeatures()
    this.#events.clear()
    this.#clock.reset()
    this.#phase = "header"
  }

  #setSource(source: PerfDataSource): void {
    this.#source = source
    this.#queue.sourceId = source.sourceId
  }

  /** @param offset of `bytes[0]` in the uncompressed source; the bytes are used again after the call */
  push(bytes: Buffer, offset: number): void {
    if (this.#isEarly) {
      if (!this.#held.add(bytes, LIMITS.perfWaitingBytes.value - this.#earlyBytes)) this.#notes.noAttributes()
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

  get #earlyBytes(): number {
    return this.#early.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  endSource(): void {
    if (this.#isEarly) {
      this.#early.push({ source: this.#source, bytes: Buffer.from(this.#held.bytes) })
      this.#held.clear()
      return
    }
    this.#endData()
    if (this.#source.variant !== RECORDS) this.#readEarly()
    // The times of a thread's records lie between those of the others.
    if (this.#source.variant !== RECORDS && !this.#features.isFolder) this.#giveAll()
    this.#notes.end()
  }

  #readEarly(): void {
    const early = this.#early.splice(0).reverse()
    for (const { source, bytes } of early) {
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
    this.#inner.end()
    this.#zstd?.close()
    this.#zstd = null
    if (this.#waits) this.#readTail()
    this.#phase = "tail"
  }

  /** The recording has no more sources. */
  end(): void {
    if (this.#early.length > 0) this.#notes.noAttributes()
    this.#early.length = 0
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
    this.#readAttributes(header, held.bytes)
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
    this.#inner.begin(!this.#isLittle)
    this.#zstd?.close()
    this.#zstd = null
  }

  #readAttributes(header: FileHeader, bytes: Buffer): void {
    if (header.isPipe) return
    const { offset, size } = header.attrs
    const count = header.attrBytes > 0 ? Math.floor(size / header.attrBytes) : 0
    for (let place = 0; place < count; place++) {
      const from = offset + place * header.attrBytes
      const read = readAttribute(bytes.subarray(from, from + header.attrBytes), header.isBigEndian)
      if (read === null || from + header.attrBytes > bytes.length) {
        this.#notes.noAttributes()
        return
      }
      const section = new ByteCursor(bytes, header.isBigEndian, from + header.attrBytes - SECTION_BYTES)
      const at = section.u64()
      const length = section.u64()
      const ids = new ByteCursor(bytes, header.isBigEndian, at, at + length)
      this.#events.add(read.attribute, readIds(ids))
    }
  }

  #readAhead(header: FileHeader): void {
    const { ahead } = this.#source
    this.#waits = false
    if (header.isPipe) return
    if (header.data.size === 0) this.#notes.killed()
    else if (ahead === null) {
      this.#waits = true
      return
    } else this.#readSections(header, ahead)
    this.#learnFacts()
  }

  #readSections(header: FileHeader, stretches: readonly Stretch[]): void {
    const tableAt = header.data.offset + header.data.size
    const head = { isBigEndian: header.isBigEndian, features: header.features, tableAt }
    const { hasTable, isDamaged } = readFeatureSections(this.#features, head, stretches)
    if (!hasTable || isDamaged) this.#notes.noFormats()
  }

  #readTail(): void {
    const { bytes } = this.#held
    this.#waits = false
    if (this.#header !== null) this.#readSections(this.#header, [{ offset: this.#dataEnd, bytes }])
    this.#learnFacts()
    this.#held.clear()
  }

  /** Too much has come: what there is goes, without formats. */
  #stopWaiting(): void {
    this.#waits = false
    this.#notes.noFormats()
    this.#learnFacts()
    this.#held.clear()
    this.#giveAll()
  }

  /** Names, formats and the clock, as known by now. */
  #learnFacts(): void {
    this.#hasNewFacts = false
    this.#events.resolve(this.#features)
    const { tracing, clock, lastSampleNs } = this.#features
    if (tracing !== null) this.#decoder.isRawLittle = !tracing.isBigEndian
    if (clock !== null) this.#clock.set(CLOCK.unix, clock.wallNs - clock.clockNs)
    else if (Number.isFinite(lastSampleNs) && lastSampleNs > 0 && Number.isFinite(this.#source.modifiedMs)) {
      const offsetNs = BigInt(Math.floor(this.#source.modifiedMs)) * 1_000_000n - BigInt(lastSampleNs)
      this.#clock.set(CLOCK.estimated, offsetNs)
      this.#notes.estimated()
    } else this.#clock.reset()
  }

  #frame(bytes: Buffer, from: number, to: number, offset: number): void {
    this.records++
    const view = this.#view.of(bytes)
    const type = view.getUint32(from, this.#isLittle)
    if (type >= FIRST_OWN_RECORD) {
      this.#ownRecord(type, bytes, from, to, offset)
      return
    }
    const size = to - from
    if (type === RECORD.lostSamples) this.#notes.lostSamples(view, from, size, this.#isLittle)
    if (this.#decoder.readTime(view, from, size)) {
      const { timeHigh, timeLow } = this.#decoder
      this.#queue.add(bytes, from, size, timeHigh, timeLow, offset)
      if (this.#queue.used > LIMITS.perfWaitingBytes.value) this.#makeRoom()
    } else if (this.#waits) this.#queue.add(bytes, from, size, 0, 0, offset)
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

  /** Records of perf, not of the kernel. */
  #ownRecord(type: number, bytes: Buffer, from: number, to: number, offset: number): void {
    switch (type) {
      case RECORD.finishedRound:
        if (!this.#waits) this.#queue.finishRound()
        return
      case RECORD.compressed:
        this.#unpack(bytes, from + 8, to, offset)
        return
      case RECORD.compressed2: {
        const size = new ByteCursor(bytes, !this.#isLittle, from + 8, to).u64()
        this.#unpack(bytes, from + 16, Math.min(to, from + 16 + size), offset)
        return
      }
      case RECORD.headerAttr:
        this.#addAttribute(bytes.subarray(from + 8, to))
        return
      case RECORD.tracingData:
        this.#addFeature(
          FEATURE.tracingData,
          bytes.subarray(from + tracingAt(bytes, from, this.#isLittle), to),
          offset,
        )
        return
      case RECORD.headerFeature: {
        const feature = new ByteCursor(bytes, !this.#isLittle, from + 8, to).u64()
        this.#addFeature(feature, bytes.subarray(from + 16, to), offset)
        return
      }
      case RECORD.eventUpdate:
        this.#updateName(bytes.subarray(from + 8, to))
    }
  }

  #unpack(bytes: Buffer, from: number, to: number, offset: number): void {
    this.#packedAt = offset
    this.#zstd ??= new ZstdStream()
    const zstd = this.#zstd
    if (zstd.error !== "") return
    const limit = (to - from) * MOST_RATIO
    let given = 0
    const isSound = zstd.feed(bytes, from, to, (piece) => {
      given += piece.length
      if (given > limit) return false
      this.#inner.push(piece, offset)
      return true
    })
    if (isSound) return
    if (zstd.error === "") zstd.error = "it expands without end"
    this.#notes.badZstd(offset, to - from, zstd.error)
  }

  #addAttribute(bytes: Buffer): void {
    const read = readAttribute(bytes, !this.#isLittle)
    if (read === null) {
      this.#notes.noAttributes()
      return
    }
    this.#events.add(read.attribute, readIds(new ByteCursor(bytes, !this.#isLittle, read.length)))
    this.#hasNewFacts = true
  }

  #addFeature(feature: number, bytes: Buffer, offset: number): void {
    if (!WANTED.has(feature)) return
    if (!readFeature(this.#features, feature, bytes, !this.#isLittle) && feature === FEATURE.tracingData)
      this.#notes.noFormats(offset)
    this.#hasNewFacts = true
  }

  /** A pipe carries an event's name behind its attribute. */
  #updateName(bytes: Buffer): void {
    const cursor = new ByteCursor(bytes, !this.#isLittle)
    const kind = cursor.u64()
    const id = cursor.u64()
    const rest = cursor.slice(cursor.left)
    const nul = rest.indexOf(0)
    if (kind === UPDATE_NAME) this.#features.nameById.set(id, rest.utf8Slice(0, nul < 0 ? rest.length : nul))
    this.#hasNewFacts = true
  }

  #giveAll(): void {
    if (this.#hasNewFacts) this.#learnFacts()
    this.#queue.giveAll()
    this.#queue.clear()
  }

  #decode(bytes: Buffer, view: DataView, at: number, size: number, offset: number, sourceId: number): void {
    if (this.#hasNewFacts) this.#learnFacts()
    const { sample } = this.#decoder
    const decoded = this.#decoder.decode(bytes, view, at, size, offset)
    if (decoded === "other") return
    if (decoded !== "whole")
      this.#notes.damaged(decoded, offset, size, this.#events.names.nameOf(sample.event))
    this.#notes.observe(sample)
    this.#consumer.record(sample, sourceId)
  }
}

const UPDATE_NAME = 2
/** zstd makes at most so many bytes of one. */
const MOST_RATIO = 32_768

function readIds(cursor: ByteCursor): number[] {
  const ids: number[] = []
  while (cursor.left >= 8) ids.push(cursor.u64())
  return ids
}

/** The formats begin behind the record proper. */
function tracingAt(bytes: Buffer, from: number, isLittle: boolean): number {
  return isLittle ? bytes.readUInt16LE(from + 6) : bytes.readUInt16BE(from + 6)
}
