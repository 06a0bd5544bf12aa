/** Joins the BSM parser to the normalizer and the renderers. */
import type { Gap, Problem } from "../../base/problem.ts"
import { type BsmConsumer, BsmParser } from "../../formats/bsm/bsm-parser.ts"
import { platformOfVariant } from "../../formats/bsm/detect.ts"
import type { BsmRecord } from "../../formats/bsm/record.ts"
import { PrauditRenderer } from "../../formats/bsm/render/praudit/praudit.ts"
import { BsmSelector } from "../../formats/bsm/select/selector.ts"
import { type CoverageCounts, coverageSince } from "../../normalize/bsm/audit-coverage.ts"
import { BsmNormalizer, type BsmNormalizerState } from "../../normalize/bsm/bsm-normalizer.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import { describeSilences, findSilences } from "../audit-flags.ts"
import { BsmRecordWriter } from "./bsm-record.ts"
import type { ChainReader, ReaderOptions, RecordOutput, SourceBegin } from "./reader.ts"
import { addHost, Tallies } from "./tallies.ts"

interface SavedState {
  readonly parser: string
  readonly normalizer: BsmNormalizerState
}

export class BsmReader implements ChainReader, BsmConsumer {
  readonly #options: ReaderOptions
  readonly #parser = new BsmParser(this)
  readonly #normalizer: BsmNormalizer
  readonly #writer = new BsmRecordWriter()
  readonly #praudit: PrauditRenderer | undefined
  readonly #selector: BsmSelector | undefined
  readonly #start: number
  readonly #end: number
  readonly #tallies = new Tallies()
  #coverageBefore: CoverageCounts

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#normalizer = new BsmNormalizer(options)
    this.#coverageBefore = { ...this.#normalizer.coverage }
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
    const { bsm, records } = options
    if (bsm?.selection !== undefined) this.#selector = new BsmSelector(bsm.selection)
    if (records?.praudit !== undefined) this.#praudit = new PrauditRenderer(records.praudit)
  }

  get consumedTo(): number {
    return this.#parser.consumedTo
  }

  beginSource({ sourceId, detection, tally }: SourceBegin): void {
    this.#countRecords()
    this.#tallies.begin(sourceId, tally)
    const platform = this.#options.bsm?.platform ?? platformOfVariant(detection.variant)
    this.#parser.beginSource({ sourceId, platform })
  }

  push(bytes: Buffer, offset: number): void {
    this.#parser.push(bytes, offset)
    this.#countRecords()
  }

  endSource(): void {
    this.#parser.endSource()
    this.#countRecords()
    this.#remarkSilence()
  }

  end(): void {}

  saveState(): string {
    const state: SavedState = { parser: this.#parser.saveState(), normalizer: this.#normalizer.saveState() }
    return JSON.stringify(state)
  }

  restoreState(text: string): boolean {
    try {
      const state = JSON.parse(text) as SavedState
      this.#parser.restoreState(state.parser)
      this.#normalizer.restoreState(state.normalizer)
      this.#coverageBefore = { ...this.#normalizer.coverage }
      return true
    } catch {
      return false
    }
  }

  replay(row: ProcessRow): void {
    this.#normalizer.replay(row)
  }

  record(record: BsmRecord, sourceId: number): void {
    if (record.kind === "record") this.#count(record, sourceId)
    if (record.sec < this.#start || record.sec > this.#end) return
    const { platform } = this.#parser
    if (this.#selector?.selects(record, platform) === false) return
    if (this.#options.records === undefined) this.#normalizer.record(record, platform, sourceId)
    else this.#give(record, this.#options.records)
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  gap(gap: Gap, sourceId: number): void {
    this.#options.gap(gap, this.#options.host, sourceId)
  }

  #give(record: BsmRecord, records: RecordOutput): void {
    if (records.form === "bsm") {
      records.bytes(record.bytes, record.start, record.end)
      return
    }
    const out = records.begin()
    if (this.#praudit === undefined) this.#writer.write(record, this.#parser.platform, out)
    else this.#praudit.render(record, this.#parser.platform, out)
    records.end()
  }

  /** What audit_control did not ask for, or what did not happen. */
  #remarkSilence(): void {
    const counts = coverageSince(this.#normalizer.coverage, this.#coverageBefore)
    this.#coverageBefore = { ...this.#normalizer.coverage }
    // What was not selected did happen.
    if (this.#selector !== undefined) return
    const remark = describeSilences(findSilences(counts), counts.records)
    if (remark !== "") this.#tallies.current.remarks.push(remark)
  }

  #count(record: BsmRecord, sourceId: number): void {
    const tally = this.#tallies.event(sourceId, record.sec)
    addHost(tally, record.count === 0 ? "" : this.#normalizer.hostOf(record))
  }

  #countRecords(): void {
    this.#tallies.countRecords(this.#parser.records)
  }
}

export function createBsmReader(options: ReaderOptions): ChainReader {
  return new BsmReader(options)
}
