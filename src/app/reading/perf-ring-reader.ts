/** Joins the parser of BPF rings to the normalizer and the records. */

import type { Gap, Problem } from "../../base/problem.ts"
import { textOfBytes } from "../../base/text.ts"
import type { EbpfpubRecord, LinuxeventsExec } from "../../formats/perf-ring/foreign-layouts.ts"
import { type RingConsumer, RingParser, type RingPlace } from "../../formats/perf-ring/ring-parser.ts"
import type { RingRecord } from "../../formats/perf-ring/ring-record.ts"
import { BpfNormalizer } from "../../normalize/perf/bpf-normalizer.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import type { ChainReader, ReaderOptions, SourceBegin } from "./reader.ts"
import { ebpfpubJson, linuxeventsJson, ringRecordJson } from "./ring-json.ts"
import { Tallies } from "./tallies.ts"

export class PerfRingReader implements ChainReader, RingConsumer {
  readonly #options: ReaderOptions
  readonly #parser = new RingParser(this)
  readonly #normalizer: BpfNormalizer
  readonly #tallies = new Tallies()
  readonly #start: number
  readonly #end: number
  #sourceId = 0

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#normalizer = new BpfNormalizer(options)
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
  }

  get consumedTo(): number {
    return this.#parser.consumedTo
  }

  beginSource({ sourceId, detection, tally }: SourceBegin): void {
    this.#sourceId = sourceId
    this.#tallies.begin(sourceId, tally)
    this.#parser.beginSource({ sourceId, variant: detection.variant })
  }

  push(bytes: Buffer, offset: number): void {
    this.#parser.push(bytes, offset)
  }

  endSource(): void {
    this.#parser.endSource()
  }

  end(): void {
    this.#parser.end()
    if (this.#options.records === undefined) this.#normalizer.end(this.#sourceId)
  }

  /** A capture's frames stand for themselves; the clocks are those of its header. */
  saveState(): string {
    return JSON.stringify(this.#parser.saveState())
  }

  restoreState(text: string): boolean {
    try {
      return this.#parser.restoreState(JSON.parse(text))
    } catch {
      return false
    }
  }

  replay(row: ProcessRow): void {
    this.#normalizer.replay(row)
  }

  record(record: RingRecord, sourceId: number): void {
    this.#count(record.second, sourceId)
    const { records } = this.#options
    // Rows are chosen by their own time: a call may begin before and end within what is asked for.
    if (records === undefined) this.#normalizer.record(record, sourceId)
    else if (!this.#isOutside(record.second)) records.text(ringRecordJson(record))
  }

  ebpfpub(record: EbpfpubRecord, { offset, sourceId }: RingPlace): void {
    const ns = record.timeNs
    this.#setTime(Number(ns >> 32n), Number(ns & 0xffff_ffffn))
    const { second, nsec } = this.#time
    this.#count(second, sourceId)
    if (!this.#isOutside(second)) {
      this.#options.records?.text(ebpfpubJson(record, { offset, length: 0, second, nsec }))
    }
  }

  linuxevents(exec: LinuxeventsExec, place: RingPlace): void {
    this.#setTime(exec.timeHigh, exec.timeLow)
    const { second, nsec } = this.#time
    this.#count(second, place.sourceId)
    const { records } = this.#options
    if (records === undefined) this.#normalizer.linuxevents(exec, second, nsec, place)
    else if (!this.#isOutside(second)) {
      records.text(linuxeventsJson(exec, { offset: place.offset, length: 0, second, nsec }))
    }
  }

  cgroup(id: bigint, path: Buffer): void {
    this.#normalizer.cgroups.set(String(id), textOfBytes(path))
  }

  process(pid: number, parent: number, path: Buffer, directory: Buffer): void {
    this.#normalizer.introduce(pid, parent, path, directory)
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  gap(gap: Gap, sourceId: number): void {
    this.#options.gap(gap, this.#options.host, sourceId)
  }

  readonly #time = { second: Number.NaN, nsec: 0 }

  #setTime(high: number, low: number): void {
    const { clocks } = this.#parser
    clocks.convert(high, low)
    this.#time.second = clocks.isKnown ? clocks.second : Number.NaN
    this.#time.nsec = clocks.nsec
  }

  #isOutside(second: number): boolean {
    return second < this.#start || second > this.#end
  }

  #count(second: number, sourceId: number): void {
    this.#tallies.event(sourceId, second).records++
  }
}

export function createPerfRingReader(options: ReaderOptions): ChainReader {
  return new PerfRingReader(options)
}
