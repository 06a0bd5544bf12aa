/** Joins the parser of perf's recordings to the normalizer, the records and perf script's text. */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import type { Gap, Problem } from "../../base/problem.ts"
import { type PerfConsumer, PerfDataParser } from "../../formats/perf/perf-data/perf-data-parser.ts"
import type { PlainSample } from "../../formats/perf/perf-data/plain-sample.ts"
import { PlainScript } from "../../formats/perf/perf-data/plain-script.ts"
import { ScriptRenderer } from "../../formats/perf/perf-data/script-renderer.ts"
import { CLOCK, type PerfSample } from "../../formats/perf/sample.ts"
import { PerfNormalizer } from "../../normalize/perf/perf-normalizer.ts"
import { PlainRecordWriter } from "./perf-plain-record.ts"
import { PerfRecordWriter } from "./perf-record.ts"
import { QuietWriter } from "./quiet-writer.ts"
import type { ChainReader, ReaderOptions, RecordOutput, SourceBegin } from "./reader.ts"
import { addHost, Tallies } from "./tallies.ts"

const RECORD_BYTES = 64 * 1024

/** How many records were given: reading begins anew, and as many give no rows. */
interface SavedState {
  readonly given: number
}

export class PerfDataReader implements ChainReader, PerfConsumer {
  readonly #options: ReaderOptions
  readonly #parser = new PerfDataParser(this)
  readonly #rows: QuietWriter
  readonly #normalizer: PerfNormalizer
  readonly #eids: Map<string, number>
  readonly #writer = new PerfRecordWriter("perf-data")
  readonly #script: ScriptRenderer | undefined
  /** The short way to records; undefined where rows are wanted. */
  readonly #plainWriter: PlainRecordWriter | PlainScript | undefined
  readonly #out = new GrowingBytes(RECORD_BYTES)
  readonly #start: number
  readonly #end: number
  readonly #tallies = new Tallies()
  #sourceId = 0
  #given = 0
  /** Records whose rows the case holds already, and the ids that it has given. */
  #toPass = 0
  #eidsBefore: readonly (readonly [string, number])[] = []

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#rows = new QuietWriter(options.writer)
    this.#eids = options.eids ?? new Map()
    this.#normalizer = new PerfNormalizer({ ...options, writer: this.#rows, eids: this.#eids })
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
    const { records } = options
    if (records?.perfScript !== undefined) {
      this.#script = new ScriptRenderer(records.perfScript, this.#parser)
      this.#plainWriter = new PlainScript(records.perfScript, this.#parser)
    } else if (records !== undefined) this.#plainWriter = new PlainRecordWriter("perf-data")
  }

  /** The start: what is compressed, and what waits for its turn in time, cannot be taken up in between. */
  get consumedTo(): number {
    return 0
  }

  beginSource({ sourceId, detection, modifiedMs, tally, ahead = null }: SourceBegin): void {
    this.#countRecords()
    this.#tallies.begin(sourceId, tally)
    this.#sourceId = sourceId
    this.#given = 0
    this.#endPassing()
    this.#parser.beginSource({ sourceId, variant: detection.variant, modifiedMs, ahead })
  }

  push(bytes: Buffer, offset: number): void {
    this.#parser.push(bytes, offset)
    this.#countRecords()
  }

  endSource(): void {
    this.#parser.endSource()
    this.#countRecords()
    addHost(this.#tallies.current, this.#parser.hostname)
  }

  end(): void {
    this.#parser.end()
    this.#countRecords()
    this.#endPassing()
    if (this.#options.records === undefined) this.#normalizer.end(this.#sourceId)
  }

  saveState(): string {
    const state: SavedState = { given: this.#given }
    return JSON.stringify(state)
  }

  restoreState(text: string): boolean {
    try {
      const { given } = JSON.parse(text) as SavedState
      if (!Number.isSafeInteger(given)) return false
      this.#toPass = given
      this.#rows.isQuiet = given > 0
      this.#eidsBefore = [...this.#eids]
      return true
    } catch {
      return false
    }
  }

  /** The records themselves are read again. */
  replay(): void {}

  record(sample: PerfSample, sourceId: number): void {
    if (this.#toPass > 0) this.#pass(sample, sourceId)
    else {
      this.#count(sample, sourceId)
      const { records } = this.#options
      // Rows are chosen by their own time: a call may begin before and end within what is asked for.
      if (records === undefined) this.#normalize(sample, sourceId)
      else if (!(sample.second < this.#start || sample.second > this.#end)) this.#give(sample, records)
    }
    this.#given++
  }

  /** The short way of what it can. */
  plain(sample: PlainSample, sourceId: number): boolean {
    const { records } = this.#options
    if (this.#toPass > 0) return false
    const { second, clock } = sample
    if (records === undefined) {
      if (!this.#normalizer.passes(sample, this.#parser.names)) return false
    } else if (!(second < this.#start || second > this.#end)) {
      if (!this.#givePlain(sample, records)) return false
    }
    const isTime = clock === CLOCK.unix || clock === CLOCK.estimated
    this.#tallies.event(sourceId, isTime ? second : Number.NaN)
    this.#given++
    return true
  }

  #givePlain(sample: PlainSample, records: RecordOutput): boolean {
    const writer = this.#plainWriter
    if (writer === undefined || !writer.takes(sample)) return false
    writer.write(sample, records.begin())
    records.end()
    return true
  }

  #normalize(sample: PerfSample, sourceId: number): void {
    this.#normalizer.host = this.#parser.hostname || this.#options.host
    if (this.#parser.machine !== "") this.#normalizer.machine = this.#parser.machine
    this.#normalizer.sample(sample, this.#parser.names, sourceId)
  }

  /** What later records need to know of it. */
  #pass(sample: PerfSample, sourceId: number): void {
    if (this.#options.records === undefined) this.#normalize(sample, sourceId)
    this.#toPass--
    if (this.#toPass === 0) this.#endPassing()
  }

  #endPassing(): void {
    if (!this.#rows.isQuiet) return
    this.#rows.isQuiet = false
    this.#toPass = 0
    this.#eids.clear()
    for (const [table, eid] of this.#eidsBefore) this.#eids.set(table, eid)
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  gap(gap: Gap, sourceId: number): void {
    this.#options.gap(gap, this.#parser.hostname || this.#options.host, sourceId)
  }

  #give(sample: PerfSample, records: RecordOutput): void {
    const out = this.#out
    out.clear()
    if (this.#script === undefined) this.#writer.write(sample, this.#parser.names.nameOf(sample.event), out)
    else this.#script.render(sample, out)
    if (out.used > 0) records.bytes(out.bytes, 0, out.used)
  }

  #count({ clock, second }: PerfSample, sourceId: number): void {
    const isTime = clock === CLOCK.unix || clock === CLOCK.estimated
    this.#tallies.event(sourceId, isTime ? second : Number.NaN)
  }

  #countRecords(): void {
    this.#tallies.countRecords(this.#parser.records)
  }
}

export function createPerfDataReader(options: ReaderOptions): ChainReader {
  return new PerfDataReader(options)
}
