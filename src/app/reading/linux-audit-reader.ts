/** Joins the linux-audit parser and its normalizer to a ChainReader. */
import type { Problem } from "../../base/problem.ts"
import type { EventConsumer } from "../../formats/linux-audit/assembler.ts"
import { RecordDecoder } from "../../formats/linux-audit/decode-record.ts"
import type { AuditEvent } from "../../formats/linux-audit/event.ts"
import { KernelFramer, type KernelFramerOptions } from "../../formats/linux-audit/framing/kernel.ts"
import { LinuxAuditParser, type ParserState } from "../../formats/linux-audit/parser.ts"
import type { AuditRecord } from "../../formats/linux-audit/record.ts"
import { type GapState, GapTracker } from "../../normalize/linux-audit/gap-tracker.ts"
import { LinuxAuditNormalizer } from "../../normalize/linux-audit/normalizer.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import type { ChainReader, ReaderOptions, SourceBegin, Tally } from "./reader.ts"
import { addHost, Tallies } from "./tallies.ts"

interface SavedState {
  readonly parser: ParserState
  readonly gaps: GapState
}

export class LinuxAuditReader implements ChainReader, EventConsumer {
  readonly #options: ReaderOptions
  readonly #parser: LinuxAuditParser
  readonly #normalizer: LinuxAuditNormalizer
  readonly #gaps: GapTracker
  readonly #decoder: RecordDecoder | undefined
  readonly #tallies = new Tallies()
  readonly #start: number
  readonly #end: number
  /** Set when records are wanted instead of rows; the assembler looks for it. */
  readonly record?: (record: AuditRecord) => void
  #sourceId = 0

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
    this.#normalizer = new LinuxAuditNormalizer(options)
    this.#gaps = new GapTracker(options.gap)
    const { records } = options
    if (records?.form === "json") {
      const report = (problem: Problem) => options.problem(problem, this.#sourceId)
      const decoder = new RecordDecoder(options.accounts, report)
      this.#decoder = decoder
      this.record = (record) => {
        if (this.#isWanted(record.sec)) records.text(JSON.stringify(decoder.decode(record)))
      }
    }
    this.#parser = new LinuxAuditParser(this)
  }

  get consumedTo(): number {
    return this.#parser.consumedTo
  }

  beginSource(begin: SourceBegin): void {
    this.#countRecords()
    this.#tallies.begin(begin.sourceId, begin.tally)
    this.#sourceId = begin.sourceId
    const { sourceId, modifiedMs, detection } = begin
    this.#parser.beginSource({ sourceId, modifiedMs, variant: detection.variant })
  }

  /** A source that is the kernel itself; `push` then takes whole messages, each behind its length. */
  beginKernel(sourceId: number, tally: Tally, taps: Omit<KernelFramerOptions, "consumer" | "header">): void {
    this.#countRecords()
    this.#tallies.begin(sourceId, tally)
    this.#sourceId = sourceId
    this.#parser.beginSource({
      sourceId,
      variant: "kernel",
      modifiedMs: Number.NaN,
      createFramer: (consumer, header) => new KernelFramer({ consumer, header, ...taps }),
    })
  }

  /** Ends events that nothing will come for any more, by the clock; `second` since 1970. */
  endOlderThan(second: number): void {
    this.#parser.endOlderThan(second)
  }

  push(bytes: Buffer, offset: number): void {
    this.#parser.push(bytes, offset)
    this.#countRecords()
  }

  endSource(): void {
    this.#parser.endSource()
    this.#countRecords()
  }

  endQuiet(): void {
    this.#parser.end()
  }

  end(): void {
    this.#parser.end()
    this.#gaps.end(this.#sourceId)
  }

  saveState(): string {
    const state: SavedState = { parser: this.#parser.saveState(), gaps: this.#gaps.saveState() }
    return JSON.stringify(state)
  }

  restoreState(text: string): boolean {
    try {
      const state = JSON.parse(text) as SavedState
      this.#parser.restoreState(state.parser)
      this.#gaps.restoreState(state.gaps)
      return true
    } catch {
      return false
    }
  }

  replay(row: ProcessRow): void {
    this.#normalizer.tracker.replay(row)
  }

  event(event: AuditEvent): void {
    const tally = this.#tallies.event(event.sourceId, event.sec)
    addHost(tally, event.node === "" ? this.#options.host : event.node)
    if (this.#decoder !== undefined || !this.#isWanted(event.sec)) return
    this.#normalizer.event(event)
  }

  opened(event: AuditEvent): void {
    const isSkipped = this.#decoder !== undefined || !this.#isWanted(event.sec)
    if (!isSkipped) this.#gaps.opened(event, event.node === "" ? this.#options.host : event.node)
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  foreign(): void {
    this.#tallies.current.otherLines++
  }

  /** Records without a time are in every range. */
  #isWanted(sec: number): boolean {
    return !(sec < this.#start || sec > this.#end)
  }

  #countRecords(): void {
    this.#tallies.countRecords(this.#parser.records)
  }
}

export function createLinuxAuditReader(options: ReaderOptions): ChainReader {
  return new LinuxAuditReader(options)
}
