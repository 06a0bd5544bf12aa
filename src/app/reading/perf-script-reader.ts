/** Joins the parser of perf's text to the normalizer and the records. */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import type { Problem } from "../../base/problem.ts"
import type { EventNames } from "../../formats/perf/events.ts"
import { VARIANT } from "../../formats/perf/perf-script/detect.ts"
import { type SampleConsumer, ScriptParser } from "../../formats/perf/perf-script/script-parser.ts"
import { CLOCK, KIND, type PerfSample } from "../../formats/perf/sample.ts"
import { PerfNormalizer } from "../../normalize/perf/perf-normalizer.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import { PerfRecordWriter } from "./perf-record.ts"
import type { ChainReader, ReaderOptions, RecordOutput, SourceBegin } from "./reader.ts"
import { Tallies } from "./tallies.ts"

const RECORD_BYTES = 64 * 1024

export class PerfScriptReader implements ChainReader, SampleConsumer {
  readonly #options: ReaderOptions
  readonly #parser = new ScriptParser(this)
  readonly #normalizer: PerfNormalizer
  readonly #writer = new PerfRecordWriter("perf-script")
  readonly #out = new GrowingBytes(RECORD_BYTES)
  readonly #start: number
  readonly #end: number
  readonly #tallies = new Tallies()
  #sourceId = 0

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#normalizer = new PerfNormalizer(options)
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
  }

  get consumedTo(): number {
    return this.#parser.consumedTo
  }

  beginSource({ sourceId, detection, tally }: SourceBegin): void {
    this.#sourceId = sourceId
    this.#tallies.begin(sourceId, tally)
    this.#parser.beginSource(sourceId, detection.variant === VARIANT.trace)
  }

  push(bytes: Buffer, offset: number): void {
    const before = this.#parser.otherLines
    this.#parser.push(bytes, offset)
    this.#tallies.current.otherLines += this.#parser.otherLines - before
  }

  endSource(): void {
    this.#parser.endSource()
  }

  end(): void {
    if (this.#options.records === undefined) this.#normalizer.end(this.#sourceId)
  }

  /** Lines stand for themselves; the processes are known again from the rows. */
  saveState(): string {
    return "{}"
  }

  restoreState(): boolean {
    return true
  }

  replay(row: ProcessRow): void {
    this.#normalizer.replay(row)
  }

  sample(sample: PerfSample, names: EventNames, sourceId: number): void {
    this.#count(sample, sourceId)
    const { records } = this.#options
    if (sample.kind === KIND.lost) this.#lost(sample, sourceId)
    if (records === undefined) this.#normalizer.sample(sample, names, sourceId)
    else if (!this.#isOutside(sample)) this.#give(sample, names, records)
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  #give(sample: PerfSample, names: EventNames, records: RecordOutput): void {
    const out = this.#out
    out.clear()
    this.#writer.write(sample, names.nameOf(sample.event), out)
    if (out.used > 0) records.bytes(out.bytes, 0, out.used)
  }

  #lost(sample: PerfSample, sourceId: number): void {
    const field = sample.find("lost")
    const count = field < 0 ? 0 : sample.low(field) >>> 0
    const what = `${count} ${count === 1 ? "record" : "records"}`
    const gap = { kind: "lost-samples", what, evidence: "PERF_RECORD_LOST", offset: sample.offset }
    this.#options.gap(gap, this.#options.host, sourceId)
  }

  #isOutside({ clock, second }: PerfSample): boolean {
    return clock === CLOCK.estimated && (second < this.#start || second > this.#end)
  }

  #count({ clock, second }: PerfSample, sourceId: number): void {
    this.#tallies.event(sourceId, clock === CLOCK.estimated ? second : Number.NaN).records++
  }
}

export function createPerfScriptReader(options: ReaderOptions): ChainReader {
  return new PerfScriptReader(options)
}
