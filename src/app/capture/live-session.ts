/**
 * What every live source shares: the pipeline between its reader and the store, and what is counted on the way.
 * Each turn of the subscribers is one transaction.
 */
import type { Clock } from "../../base/clock.ts"
import type { Gap, Problem } from "../../base/problem.ts"
import { Pipeline } from "../../pipeline/pipeline.ts"
import { RowQueue } from "../../rows/row-queue.ts"
import type { QueuedRow } from "../../schema/row-value.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import type { SourceRow } from "../../store/case-store.ts"
import type { LiveStore, StoredGap, StoredProblem } from "../../store/live-store.ts"
import { SourceLedger } from "../ingest/source-ledger.ts"
import type { Deliver } from "../reading/deliver.ts"
import type { Subscribers } from "./subscribers.ts"

export interface LiveSessionOptions {
  readonly store: LiveStore
  readonly runId: number
  readonly clock: Clock
  readonly subscribers: Subscribers
  /** A line for the person who watches; a verbose one is for --verbose only. */
  readonly say: (message: string, isVerbose: boolean) => void
  /** --stall */
  readonly stallMs: number
  /** Rows that go no further; all do unless given. */
  readonly keeps?: (row: QueuedRow) => boolean
}

/** What the parser has made of some records. */
interface Batch {
  readonly rows: readonly QueuedRow[]
  readonly problems: readonly StoredProblem[]
  readonly gaps: readonly StoredGap[]
  /** As they were then: a state of reading must not be stored before the rows that led to it. */
  readonly sources: readonly SourceRow[]
}

export class LiveSession {
  readonly sources: SourceLedger
  readonly eids: Map<string, number>
  readonly #options: LiveSessionOptions
  readonly #pipeline: Pipeline<Batch>
  readonly #rows = new RowQueue()
  #problems: StoredProblem[] = []
  #gaps: StoredGap[] = []
  #parsed = 0
  /** Records that came out of the parser. */
  records = 0
  /** Problems and gaps recorded, by code or kind. */
  readonly problems = new Map<string, number>()
  readonly gaps = new Map<string, number>()
  isStalling = true

  constructor(options: LiveSessionOptions) {
    const { store, runId, clock, say, stallMs } = options
    this.#options = options
    this.sources = new SourceLedger(store.sources(), runId)
    this.eids = store.eids()
    this.#pipeline = new Pipeline<Batch>({
      clock,
      say,
      stallMs: () => (this.isStalling ? stallMs : 0),
      takeParsed: () => this.#takeParsed(),
      store: (batches) => this.#store(batches),
    })
  }

  /** Where readers write their rows. */
  get writer(): RowWriter {
    return this.#rows
  }

  get pipeline(): Pick<
    Pipeline<Batch>,
    "depths" | "highest" | "reading" | "processing" | "refreshes" | "sayReading"
  > {
    return this.#pipeline
  }

  /** Takes one step of a reader that can be made to wait. */
  readonly deliver: Deliver = (units, run) => this.#pipeline.deliver(units, this.#counted(units, run))

  /** Takes one step of a reader in a thread of its own. */
  put(units: number, run: () => void): void {
    this.#pipeline.put(units, this.#counted(units, run))
  }

  readonly problem = (problem: Problem, sourceId: number): void => {
    this.#problems.push({ problem, sourceId })
    if (problem.severity !== "info") increase(this.problems, problem.code)
  }

  readonly gap = (gap: Gap, host: string, sourceId: number): void => {
    this.#gaps.push({ gap, host, sourceId })
    increase(this.gaps, gap.kind)
  }

  /** Runs until `publish` has ended and everything is stored. */
  async run(publish: () => Promise<void>): Promise<void> {
    await this.#pipeline.run(publish)
    this.flush()
  }

  /** Ends the run with this failure. */
  fail(error: unknown): void {
    this.#pipeline.put(0, () => {
      throw error
    })
  }

  /** Stores what did not come through the pipeline: gaps, the state of the sources. */
  flush(): void {
    this.#store([this.#takeParsed().batch])
  }

  #counted(units: number, run: () => void): () => void {
    return () => {
      run()
      this.#parsed += units
    }
  }

  #takeParsed() {
    const { keeps } = this.#options
    const rows = this.#rows.take()
    const kept = keeps === undefined ? rows : rows.filter(keeps)
    const sources = this.sources.takeChanged().map((row) => ({ ...row }))
    const batch = { rows: kept, problems: this.#problems, gaps: this.#gaps, sources }
    const records = this.#parsed
    this.#problems = []
    this.#gaps = []
    this.#parsed = 0
    this.records += records
    return { records, batch }
  }

  #store(batches: readonly Batch[]): void {
    const { store, subscribers } = this.#options
    const rows = batches.flatMap((batch) => batch.rows)
    const problems = batches.flatMap((batch) => batch.problems)
    const gaps = batches.flatMap((batch) => batch.gaps)
    const latest = new Map(batches.flatMap((batch) => batch.sources).map((row) => [row.id, row]))
    const sources = [...latest.values()]
    if (rows.length + problems.length + gaps.length + sources.length === 0) return
    store.commit({ rows, problems, gaps, sources, eids: this.eids })
    subscribers.stored(rows)
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
