/** Turns one record, in its turn of time, into a sample: its event, thread, time, cgroup and fields. */
import { textOfBytes } from "../../../base/text.ts"
import { KIND, PerfSample } from "../sample.ts"
import type { RecordingClock } from "./clock.ts"
import { readFields } from "./field-reader.ts"
import { RECORD } from "./record-types.ts"
import type { RecordingEvent, RecordingEvents } from "./recording-events.ts"
import { type SampleLayout, type SampleParts, walkSample } from "./sample-layout.ts"
import { readTask } from "./task-records.ts"
import { Threads } from "./threads.ts"

const HALF = 0x1_0000_0000
const MOST_CGROUPS = 100_000

/** What a record came to. `unknown-event`: its id is of no attribute. `other`: it holds nothing that is wanted. */
export type Decoded = "whole" | "short" | "unknown-event" | "no-format" | "other"

export class RecordDecoder {
  readonly sample = new PerfSample()
  readonly #events: RecordingEvents
  readonly #clock: RecordingClock
  readonly threads = new Threads()
  readonly #cgroups = new Map<number, string>()
  readonly #parts: SampleParts = { rawFrom: -1, rawTo: -1, cgroupAt: -1, isShort: false }
  #isLittle = true
  /** Order of the bytes of tracepoints' data. */
  isRawLittle = true
  /** Of the record that `readTime` was asked of last. */
  timeHigh = 0
  timeLow = 0

  constructor(events: RecordingEvents, clock: RecordingClock) {
    this.#events = events
    this.#clock = clock
  }

  begin(isLittle: boolean): void {
    this.#isLittle = isLittle
    this.isRawLittle = isLittle
    this.threads.clear()
    this.#cgroups.clear()
  }

  /** Puts the record's time into `timeHigh` and `timeLow`; false for a record without one, which has its turn at once. */
  readTime(view: DataView, at: number, size: number): boolean {
    const layout = this.#events.first?.layout
    if (layout === undefined) return false
    const isSample = view.getUint32(at, this.#isLittle) === RECORD.sample
    const { time } = isSample ? this.#layoutOf(view, at, size, layout) : layout
    const place = isSample ? (time < 0 ? -1 : at + time) : placeBehind(at, size, layout.trailTime)
    if (place < 0 || place + 8 > at + size) return false
    this.timeHigh = view.getUint32(this.#isLittle ? place + 4 : place, this.#isLittle)
    this.timeLow = view.getUint32(this.#isLittle ? place : place + 4, this.#isLittle)
    const isNone = this.timeHigh === 0 && this.timeLow === 0
    return !isNone && !(this.timeHigh === 0xffffffff && this.timeLow === 0xffffffff)
  }

  /** Fills `sample` from `view[at, at + size)`. */
  decode(bytes: Buffer, view: DataView, at: number, size: number, offset: number): Decoded {
    const { sample } = this
    sample.begin(KIND.other, offset, size)
    sample.bytes = bytes
    sample.isBigEndian = !this.#isLittle
    if (view.getUint32(at, this.#isLittle) === RECORD.sample) return this.#decodeSample(view, at, size)
    return this.#decodeTask(view, at, size)
  }

  #decodeSample(view: DataView, at: number, size: number): Decoded {
    const { sample } = this
    const isLittle = this.#isLittle
    sample.kind = KIND.sample
    const first = this.#events.first?.layout
    const event = first === undefined ? undefined : this.#eventOf(view, at, size, first)
    if (event === undefined) return "unknown-event"
    const { layout } = event
    sample.event = event.number
    if (layout.fixedEnd > size) return "short"
    if (layout.tid >= 0) {
      sample.pid = view.getInt32(at + layout.tid, isLittle)
      sample.tid = view.getInt32(at + layout.tid + 4, isLittle)
      this.#nameThread(sample.tid)
    }
    if (layout.time >= 0) this.#stamp(view, at + layout.time)
    if (layout.cpu >= 0) sample.cpu = view.getInt32(at + layout.cpu, isLittle)
    if (layout.period >= 0) this.#readPeriod(view, at + layout.period)
    const parts = this.#parts
    walkSample(view, at, at + size, isLittle, layout, parts)
    if (parts.cgroupAt >= 0) sample.cgroup = this.#cgroups.get(this.#u64(view, parts.cgroupAt)) ?? ""
    if (parts.rawFrom < 0) return parts.isShort ? "short" : "whole"
    const { format } = event
    if (format === null) {
      sample.addRaw(parts.rawFrom, parts.rawTo)
      return "no-format"
    }
    sample.beginFields(format.fieldNames)
    sample.isBigEndian = !this.isRawLittle
    const { rawFrom, rawTo } = parts
    const isWhole = readFields(sample, format.fields, view, rawFrom, rawTo, this.isRawLittle)
    return isWhole && !parts.isShort ? "whole" : "short"
  }

  #decodeTask(view: DataView, at: number, size: number): Decoded {
    const { sample } = this
    const isLittle = this.#isLittle
    const layout = this.#events.first?.layout
    if (layout !== undefined) this.#readTrail(view, at, size, layout)
    if (!readTask(sample, view, at, at + size - trailBytes(layout), isLittle)) return "other"
    this.#learn()
    if (Number.isFinite(sample.tid)) this.#nameThread(sample.tid)
    return "whole"
  }

  /** What the record says of threads and cgroups to come. */
  #learn(): void {
    const { sample } = this
    if (sample.kind === KIND.comm)
      this.threads.name(sample.pid, sample.tid, sample.bytes.subarray(sample.from(0), sample.to(0)))
    else if (sample.kind === KIND.fork)
      this.threads.fork(sample.pid, sample.tid, sample.low(0), sample.low(1))
    else if (sample.kind === KIND.cgroup && this.#cgroups.size < MOST_CGROUPS) {
      const id = (sample.high(0) >>> 0) * HALF + (sample.low(0) >>> 0)
      this.#cgroups.set(id, textOfBytes(sample.bytes, sample.from(1), sample.to(1)))
    }
  }

  #nameThread(tid: number): void {
    const comm = this.threads.commOf(tid)
    this.sample.commBytes = comm
    this.sample.commTo = comm.length
  }

  #readTrail(view: DataView, at: number, size: number, layout: SampleLayout): void {
    const { sample } = this
    const time = placeBehind(at, size, layout.trailTime)
    if (time >= 0) this.#stamp(view, time)
    const tid = placeBehind(at, size, layout.trailTid)
    if (tid >= 0) {
      sample.pid = view.getInt32(tid, this.#isLittle)
      sample.tid = view.getInt32(tid + 4, this.#isLittle)
    }
    const cpu = placeBehind(at, size, layout.trailCpu)
    if (cpu >= 0) sample.cpu = view.getInt32(cpu, this.#isLittle)
  }

  #stamp(view: DataView, place: number): void {
    const isLittle = this.#isLittle
    const high = view.getUint32(isLittle ? place + 4 : place, isLittle)
    const low = view.getUint32(isLittle ? place : place + 4, isLittle)
    if (high === 0 && low === 0) return
    this.#clock.stamp(this.sample, high, low)
  }

  #readPeriod(view: DataView, place: number): void {
    this.sample.periodLow = view.getUint32(this.#isLittle ? place : place + 4, this.#isLittle)
    this.sample.periodHigh = view.getUint32(this.#isLittle ? place + 4 : place, this.#isLittle)
  }

  #u64(view: DataView, place: number): number {
    const isLittle = this.#isLittle
    const low = view.getUint32(isLittle ? place : place + 4, isLittle)
    return view.getUint32(isLittle ? place + 4 : place, isLittle) * HALF + low
  }

  #layoutOf(view: DataView, at: number, size: number, first: SampleLayout): SampleLayout {
    // Ids tell events apart only where the samples differ.
    return this.#events.isUniform ? first : (this.#eventOf(view, at, size, first)?.layout ?? first)
  }

  #eventOf(view: DataView, at: number, size: number, layout: SampleLayout): RecordingEvent | undefined {
    const place = layout.identifier >= 0 ? layout.identifier : layout.id
    if (place < 0 || place + 8 > size) return this.#events.find(Number.NaN)
    return this.#events.find(this.#u64(view, at + place))
  }
}

function placeBehind(at: number, size: number, back: number): number {
  return back < 0 || back + 8 > size ? -1 : at + size - back
}

function trailBytes(layout: SampleLayout | undefined): number {
  return layout?.trailBytes ?? 0
}
