/**
 * Reads the files of a BPF capture: our own, which grows while it is read, and the saved images of rings, which are
 * straightened out, put in order over all CPUs and given when the last of their files was read.
 */
import type { Gap, Problem } from "../../base/problem.ts"
import { ClockOffset } from "./clock-offset.ts"
import { VARIANT } from "./detect.ts"
import {
  type EbpfpubRecord,
  type LinuxeventsExec,
  LinuxeventsSessions,
  readEbpfpub,
} from "./foreign-layouts.ts"
import { FrameReader } from "./frame-reader.ts"
import { type RingContent, readBpfImage, readPerfImage, walkBpfRing } from "./image.ts"
import { LossCounter, type LossState } from "./loss-counter.ts"
import { walkPerfRing } from "./perf-walk.ts"
import { FRAME, NO_CPU, readRawHeader } from "./raw-file.ts"
import { type KeptRecord, RecordOrder } from "./record-order.ts"
import { RingRecord } from "./ring-record.ts"
import { readSideFile } from "./side-file.ts"

/** A ring is never larger. */
const MAX_IMAGE_BYTES = 256 * 1024 * 1024
/** Records of a round that wait for the next one. */
const MAX_KEPT = 1_000_000

export interface RingPlace {
  readonly offset: number
  readonly sourceId: number
}

export interface RingConsumer {
  /** Valid during the call. */
  record(record: RingRecord, sourceId: number): void
  ebpfpub(record: EbpfpubRecord, place: RingPlace): void
  linuxevents(exec: LinuxeventsExec, place: RingPlace): void
  cgroup(id: bigint, path: Buffer): void
  process(pid: number, parent: number, path: Buffer, directory: Buffer): void
  problem(problem: Problem, sourceId: number): void
  gap(gap: Gap, sourceId: number): void
}

export interface RingState {
  readonly clocks: readonly [second: number, nsec: number] | null
  readonly losses: LossState
  readonly hasRounds: boolean
}

export interface RingSource {
  readonly sourceId: number
  readonly variant: string
}

export class RingParser {
  readonly clocks = new ClockOffset()
  /** Of the records that are given. */
  records = 0
  readonly #consumer: RingConsumer
  readonly #frames: FrameReader
  readonly #order = new RecordOrder()
  readonly #sessions = new LinuxeventsSessions()
  readonly #record = new RingRecord()
  readonly #losses: LossCounter
  #source: RingSource = { sourceId: 0, variant: VARIANT.raw }
  #chunks: Buffer[] = []
  #size = 0
  #hasRounds = false
  #consumed = 0n
  #rings = 0
  #sideLost = Number.NaN
  #hasForeign = false

  constructor(consumer: RingConsumer) {
    this.#consumer = consumer
    this.#losses = new LossCounter((gap) => consumer.gap(gap, this.#source.sourceId))
    this.#frames = new FrameReader({
      header: (bytes) => this.#header(bytes),
      frame: (kind, cpu, bytes, start, end, offset) => this.#frame(kind, cpu, bytes, start, end, offset),
      skipped: (offset, length) => this.#skipped(offset, length),
      cut: (offset, length) => this.#cut(offset, length),
    })
  }

  /** Images are read as a whole: before their end nothing of them is. */
  get consumedTo(): number {
    return this.#isRaw ? this.#frames.consumedTo : 0
  }

  beginSource(source: RingSource): void {
    this.#source = source
    this.#chunks = []
    this.#size = 0
    if (this.#isRaw) this.#frames.begin(0)
  }

  push(bytes: Buffer, offset: number): void {
    if (this.#isRaw) {
      if (this.#size === 0 && offset > 0) this.#frames.begin(offset)
      this.#size += bytes.length
      this.#frames.push(bytes, offset)
      return
    }
    if (this.#size + bytes.length <= MAX_IMAGE_BYTES) this.#chunks.push(Buffer.from(bytes))
    else if (this.#size <= MAX_IMAGE_BYTES) this.#tellTooLarge(this.#size)
    this.#size += bytes.length
  }

  endSource(): void {
    if (this.#isRaw) {
      this.#frames.end()
      this.#order.end((kept) => this.#give(kept))
      this.#losses.end(this.#size)
      return
    }
    const image = Buffer.concat(this.#chunks)
    this.#chunks = []
    const { variant } = this.#source
    if (variant === VARIANT.side) this.#readSide(image)
    else if (variant === VARIANT.consumer) this.#consumed = image.length >= 8 ? image.readBigUInt64LE(0) : 0n
    else if (variant === VARIANT.bpf) this.#readBpf(image)
    else this.#readPerf(image)
  }

  /** No more files: what lay in several rings is given in the order of its time. */
  end(): void {
    this.#order.end((kept) => this.#give(kept))
    if (!Number.isNaN(this.#sideLost)) this.#losses.total(this.#sideLost, 0)
    this.#sideLost = Number.NaN
  }

  /** What reading on in a capture needs: its clocks, numbers and totals. */
  saveState(): RingState {
    return { clocks: this.clocks.saveState(), losses: this.#losses.saveState(), hasRounds: this.#hasRounds }
  }

  restoreState({ clocks, losses, hasRounds }: RingState): boolean {
    this.clocks.restoreState(clocks)
    this.#losses.restoreState(losses)
    this.#hasRounds = hasRounds
    return true
  }

  get #isRaw(): boolean {
    return this.#source.variant === VARIANT.raw
  }

  #header(bytes: Buffer): void {
    const header = readRawHeader(bytes)
    if (header === undefined) {
      this.#tell(
        "perf-ring/unknown-version",
        "error",
        0,
        bytes.length,
        "the capture's header is of no known version",
      )
      return
    }
    this.clocks.set(header)
    this.#hasRounds = header.hasRounds
  }

  #frame(kind: number, cpu: number, bytes: Buffer, start: number, end: number, offset: number): void {
    const known = cpu === NO_CPU ? -1 : cpu
    if (kind === FRAME.record) {
      this.#record.read(bytes, start, end, offset, known)
      this.#setTime(this.#record)
      this.#losses.record(this.#record, this.#record.cpu, this.#unixNs(this.#record))
      if (this.#hasRounds) this.#keep(bytes, start, end, false)
      else this.#tellRecord(this.#source.sourceId)
    } else if (kind === FRAME.round) this.#order.endRound((kept) => this.#give(kept))
    else if (kind === FRAME.lost) this.#losses.told(known, Number(bytes.readBigUInt64LE(start)))
    else if (kind === FRAME.cgroup)
      this.#consumer.cgroup(bytes.readBigUInt64LE(start), copyOf(bytes, start + 8, end))
    else if (kind === FRAME.process) this.#process(bytes, start, end)
    else if (end - start >= 16) this.#numbers(kind, bytes, start, offset)
  }

  #numbers(kind: number, bytes: Buffer, start: number, offset: number): void {
    const [first, second] = [bytes.readBigUInt64LE(start), bytes.readBigUInt64LE(start + 8)]
    if (kind === FRAME.clock) this.clocks.set({ monotonicNs: first, realtimeNs: second })
    else if (kind === FRAME.totals) this.#losses.total(Number(second), offset)
  }

  #process(bytes: Buffer, start: number, end: number): void {
    const nul = bytes.indexOf(0, start + 8)
    if (end - start < 8 || nul < 0 || nul > end) return
    const last = bytes.indexOf(0, nul + 1)
    const directory = copyOf(bytes, nul + 1, last < 0 || last > end ? end : last)
    const [pid, parent] = [bytes.readUInt32LE(start), bytes.readUInt32LE(start + 4)]
    this.#consumer.process(pid, parent, copyOf(bytes, start + 8, nul), directory)
  }

  #readSide(image: Buffer): void {
    const side = readSideFile(image.utf8Slice())
    if (side?.clocks !== undefined) this.clocks.set(side.clocks)
    if (side !== undefined) this.#sideLost = side.lost
  }

  #readPerf(image: Buffer): void {
    const content = readPerfImage(image)
    if (content === undefined) {
      this.#tell(
        "perf-ring/no-page",
        "error",
        0,
        image.length,
        "the ring's first page does not say where its data is",
      )
      return
    }
    const cpu = this.#rings++
    this.#tellImage(content)
    const end = walkPerfRing(content.bytes, {
      payload: (start, to) => this.#payload(content, start, to, cpu),
      lost: (count) => this.#losses.told(cpu, count),
      other: () => {},
    })
    if (end < content.bytes.length) this.#tellDamage(content, end)
    this.#losses.end(image.length)
  }

  #readBpf(image: Buffer): void {
    const content = readBpfImage(image, this.#consumed)
    this.#consumed = 0n
    if (content === undefined) {
      this.#tell("perf-ring/no-page", "error", 0, image.length, "the ring's first page has no position")
      return
    }
    this.#tellImage(content)
    const walk = walkBpfRing(content.bytes, (start, to) => this.#payload(content, start, to, -1))
    if (walk.why === "damaged") this.#tellDamage(content, walk.end)
  }

  #payload(content: RingContent, start: number, end: number, cpu: number): void {
    const { bytes, offsetOf } = content
    const record = this.#record
    const offset = offsetOf(start)
    if (record.read(bytes, start, end, offset, cpu) && end - start - record.length < 8) {
      this.#setTime(record)
      this.#losses.record(record, record.cpu, this.#unixNs(record))
      this.#keep(bytes, start, start + record.length, true)
    } else this.#foreign(bytes, start, end, offset)
  }

  #foreign(bytes: Buffer, start: number, end: number, offset: number): void {
    const { sourceId } = this.#source
    const place = { offset, sourceId }
    const isPiece = this.#sessions.read(bytes, start, end, (exec) => {
      this.records++
      this.#consumer.linuxevents(exec, place)
    })
    if (isPiece) return
    let at = start
    for (let found = readEbpfpub(bytes, at, end); found !== undefined; found = readEbpfpub(bytes, at, end)) {
      at += bytes.readUInt32LE(at)
      this.records++
      this.#consumer.ebpfpub(found, place)
      this.#tellForeign(offset)
    }
    if (at > start) return
    this.#tell(
      "perf-ring/unknown-record",
      "error",
      offset,
      end - start,
      "the record has none of the known layouts",
    )
  }

  #tellForeign(offset: number): void {
    if (this.#hasForeign) return
    this.#hasForeign = true
    const message =
      "the records' texts and calls lie in maps of the kernel that the ring does not hold: no rows"
    this.#tell("perf-ring/strings-elsewhere", "warning", offset, 0, message)
  }

  #keep(bytes: Buffer, start: number, end: number, isOwn: boolean): void {
    this.#order.keep(this.#record, bytes, start, end, this.#source.sourceId, isOwn)
    if (!isOwn && this.#order.count > MAX_KEPT) this.#order.endRound((kept) => this.#give(kept))
  }

  #give({ bytes, start, end, offset, cpu, sourceId }: KeptRecord): void {
    this.#record.read(bytes, start, end, offset, cpu)
    this.#setTime(this.#record)
    this.#tellRecord(sourceId)
  }

  #tellRecord(sourceId: number): void {
    this.records++
    this.#consumer.record(this.#record, sourceId)
  }

  #setTime(record: RingRecord): void {
    const { clocks } = this
    clocks.convert(record.timeHigh, record.timeLow)
    record.second = clocks.isKnown ? clocks.second : Number.NaN
    record.nsec = clocks.nsec
  }

  #unixNs({ timeHigh, timeLow }: RingRecord): bigint | undefined {
    return this.clocks.unixNs(timeHigh, timeLow)
  }

  #tellImage({ overwritten, missing, offsetOf }: RingContent): void {
    if (overwritten > 0) {
      const what = `${overwritten} bytes of records`
      const evidence = "the ring was written over before it was read"
      this.#consumer.gap({ kind: "lost-records", what, evidence, offset: offsetOf(0) }, this.#source.sourceId)
    }
    if (missing > 0) this.#cut(this.#size, 0)
  }

  #tellDamage({ bytes, offsetOf }: RingContent, at: number): void {
    this.#skipped(offsetOf(at), bytes.length - at)
  }

  #tellTooLarge(offset: number): void {
    const message = `a ring of more than ${MAX_IMAGE_BYTES} bytes was read only so far`
    this.#tell("perf-ring/too-large", "error", offset, 0, message)
  }

  #skipped(offset: number, length: number): void {
    this.#tell(
      "perf-ring/skipped-bytes",
      "error",
      offset,
      length,
      "these bytes are no record and were passed over",
    )
  }

  #cut(offset: number, length: number): void {
    this.#tell("perf-ring/cut-record", "warning", offset, length, "the file ends within a record")
  }

  #tell(code: string, severity: Problem["severity"], offset: number, length: number, message: string): void {
    this.#consumer.problem({ code, severity, offset, length, message }, this.#source.sourceId)
  }
}

function copyOf(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes.subarray(from, Math.max(from, to)))
}
