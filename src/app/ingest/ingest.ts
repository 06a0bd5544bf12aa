/** Use case: read saved evidence into a case file. */
import type { Gap, Problem } from "../../base/problem.ts"
import type { Detection } from "../../formats/format.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import { type FoundInputs, findInputs } from "../../sources/find-inputs.ts"
import type { Archive, SourceEvent } from "../../sources/item.ts"
import { openSources } from "../../sources/open-sources.ts"
import type { Source, SourceFacts } from "../../sources/source.ts"
import type { CaseStore, RowRange, SourceRow } from "../../store/case-store.ts"
import { MissingInputError } from "../errors.ts"
import type { Progress } from "../progress.ts"
import { type Choice, type ChosenFormat, chooseFormat, firstTimeOf } from "../reading/choose-format.ts"
import { detectLate } from "../reading/detect-late.ts"
import { FORMATS, type FormatEntry } from "../reading/formats.ts"
import type { Accounts, BsmChoice, ChainReader, WindowsChoice } from "../reading/reader.ts"
import { Chain, countsOf, parseSaved, type SavedReading, tallyFrom } from "./chain.ts"
import { findChanged, isAnotherLog } from "./changed-sources.ts"
import type { Match } from "./known-sources.ts"
import { SourceLedger } from "./source-ledger.ts"
import { SourceReading } from "./source-reading.ts"
import { Staging } from "./staging.ts"
import { type IngestSummary, SummaryBuilder } from "./summary.ts"
import { unreadProblem } from "./unread-problem.ts"

export interface IngestOptions {
  readonly paths: readonly string[]
  /** What the paths stand for, when that is known already. */
  readonly found?: FoundInputs
  readonly store: CaseStore
  readonly runId: number
  readonly host: string
  readonly accounts?: Accounts
  /** Seconds since 1970. */
  readonly start?: number
  readonly end?: number
  /** Format to assume instead of what the bytes say. */
  readonly format?: string
  /** Only these rows; all when absent. */
  readonly rows?: RowChoice
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly progress: Progress
  /** Set when the user wants to stop: the run ends at the next chunk, its state saved. */
  readonly signal: AbortSignal
  /** Rows are committed when a staging file has this many bytes. */
  readonly batchBytes?: number
  /** The case is a part of another: indexes would be for nothing. */
  readonly isPart?: boolean
}

export interface IngestOutcome {
  readonly summary: IngestSummary
  /** Stored bytes of the inputs, as far as known beforehand. */
  readonly bytes: number
}

/** Reads everything named into the case. Problems of single sources are recorded, not thrown. */
export async function ingest(options: IngestOptions): Promise<IngestOutcome> {
  const run = new IngestRun(options)
  try {
    return await run.run()
  } finally {
    run.close()
  }
}

class IngestRun {
  readonly #options: IngestOptions
  readonly #eids: Map<string, number>
  readonly #staging: Staging
  readonly #ledger: SourceLedger
  readonly #chains = new Map<string, Chain>()
  readonly #summary = new SummaryBuilder()

  constructor(options: IngestOptions) {
    const { store, runId } = options
    this.#options = options
    this.#eids = store.eids()
    this.#staging = new Staging(store, runId, this.#eids, options.batchBytes)
    this.#ledger = new SourceLedger(store.sources(), runId)
  }

  async run(): Promise<IngestOutcome> {
    const { paths, stdin, progress, signal, store } = this.#options
    const found = this.#options.found ?? (await findInputs(paths))
    const [firstMissing] = found.missing
    if (firstMissing !== undefined && found.inputs.length === 0 && found.refused.length === 0) {
      throw new MissingInputError(`there is no ${firstMissing}`, "Paths are relative to the current folder.")
    }
    for (const path of found.missing) this.#refuse(bareFacts(path), [MISSING])
    for (const { path, problem } of found.refused) this.#refuse(bareFacts(path), [problem])
    const total = found.inputs.reduce((sum, input) => sum + Math.max(0, input.size), 0)
    progress.begin(total)
    // Rows go in faster without indexes, but making them anew costs a pass over what is there.
    if (total > store.size() / 4) store.dropIndexes()
    const events = openSources(found.inputs, {
      firstTimeMs: firstTimeOf,
      ...(stdin === undefined ? {} : { stdin }),
    })
    for await (const event of events) {
      await this.#handle(event)
      if (signal.aborted) break
    }
    if (!signal.aborted) for (const chain of this.#chains.values()) await this.#endChain(chain)
    this.#commit()
    progress.end()
    if (this.#options.isPart !== true) store.createIndexes()
    return { summary: this.#summary.finish(this.#staging.committed, signal.aborted), bytes: total }
  }

  close(): void {
    this.#staging.close()
  }

  async #handle(event: SourceEvent): Promise<void> {
    switch (event.kind) {
      case "source":
        await this.#readSource(event.source, this.#chain(event.chain))
        return
      case "chain-end":
        await this.#endChain(this.#chain(event.chain))
        return
      case "refused":
        this.#refuse(event.facts, event.problems)
        return
      case "archive":
        this.#noteArchive(event.archive)
    }
  }

  #chain(key: string): Chain {
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const chain = new Chain(key)
    this.#chains.set(key, chain)
    return chain
  }

  async #readSource(source: Source, chain: Chain): Promise<void> {
    this.#options.progress.beginSource(source.facts, source)
    const first = chooseFormat(source.head, source.facts, this.#options.format)
    const isHidden = first.kind === "unrecognised" && source.isRereadable
    const choice = (isHidden ? await detectLate(source) : null) ?? first
    if (choice.kind !== "format") {
      await this.#noteUnread(source, choice)
      return
    }
    const match = await this.#match(source)
    if (match.kind === "same") this.#noteSame(source, match.row, chain, choice)
    else if (source.isRereadable || this.#ledger.known.candidates(source.head).length === 0) {
      await this.#readRows(source, chain, choice, match)
    } else await this.#readOnce(source, chain, choice)
  }

  async #match(source: Source): Promise<Match> {
    if (!source.isRereadable) return { kind: "new" }
    const match = await this.#ledger.known.match(source)
    // Where an earlier run kept no digest, only the first bytes have been compared.
    const isProven = match.kind === "same" || (match.kind !== "new" && match.row.contentSize > 0)
    if (isProven || (match.kind !== "new" && !isAnotherLog(match.row, source.head))) return match
    const changed = findChanged(this.#ledger.known.earlier, source.head, source.facts)
    return changed === undefined ? { kind: "new" } : { kind: "changed", row: changed.row }
  }

  /** Every byte of this source is in the case already. */
  #noteSame(source: Source, row: SourceRow, chain: Chain, choice: ChosenFormat): void {
    this.#endReader(chain)
    chain.sourceIds.push(row.id)
    chain.lastDone = row
    this.#addDigests(row, source)
    const { path, member } = source.facts
    const isListed = this.#ledger.known.rows.some(
      (other) =>
        other.path === path &&
        other.member === member &&
        (other.id === row.id || other.duplicateOf === row.id),
    )
    if (!isListed) {
      const copy = this.#ledger.add(source.facts, "duplicate", choice)
      copy.duplicateOf = row.id
      this.#ledger.setWhole(copy, source)
      copy.resumeOffset = copy.contentSize
    }
    this.#summary.same()
  }

  /** A log that was followed has none yet. */
  #addDigests(row: SourceRow, source: Source): void {
    if (row.contentSha256 !== "") return
    this.#ledger.setWhole(row, source)
    this.#ledger.mark(row)
  }

  /**
   * A source that can be read only once, and whose first bytes the case knows: it is read without a commit in
   * between. When it turns out to be known as a whole it is forgotten again; when the case holds its beginning,
   * its rows take the place of those.
   */
  async #readOnce(source: Source, chain: Chain, choice: ChosenFormat): Promise<void> {
    this.#endReader(chain)
    this.#commit()
    const eids = [...this.#eids]
    const candidates = this.#ledger.known.candidates(source.head)
    const mark = this.#summary.mark()
    const trial = new Chain(chain.key)
    const row = await this.#readRows(source, trial, choice, { kind: "new" }, candidates)
    if (row === null) return
    const match = this.#ledger.known.compare(source, candidates)
    if (match.kind === "same") {
      this.#staging.discard()
      this.#eids.clear()
      for (const [table, eid] of eids) this.#eids.set(table, eid)
      this.#ledger.remove(row)
      this.#summary.reset(mark)
      this.#noteSame(source, match.row, chain, choice)
      return
    }
    if (match.kind !== "new") this.#replace(match.row, row)
    chain.reader = trial.reader
    chain.openEnd = trial.openEnd
    chain.lastDone = null
    chain.sourceIds.push(row.id)
  }

  /** The rows of `whole` hold all that those of `part` do. */
  #replace(part: SourceRow, whole: SourceRow): void {
    this.#staging.replace(part.id)
    part.state = "duplicate"
    part.duplicateOf = whole.id
    part.parserState = ""
    part.resumeOffset = part.contentSize
    this.#ledger.mark(part)
  }

  /** Reads a source from where the case stands; null when the user stopped it. */
  async #readRows(
    source: Source,
    chain: Chain,
    choice: ChosenFormat,
    match: Match,
    onceCandidates?: readonly SourceRow[],
  ): Promise<SourceRow | null> {
    const known = match.kind === "new" || match.kind === "same" ? null : match.row
    if (known === null) await this.#beginNext(chain, choice)
    else this.#endReader(chain)
    if (match.kind === "changed") match.row.resumeOffset = 0
    if (match.kind === "grown" || match.kind === "changed") this.#ledger.keepName(match.row, source.facts)
    const row = known ?? this.#ledger.add(source.facts, "reading", choice)
    this.#ledger.setHead(row, source.head)
    row.path = source.facts.path
    row.member = source.facts.member
    if (!chain.sourceIds.includes(row.id)) chain.sourceIds.push(row.id)
    chain.reader ??= await this.#createReader(choice.format)
    const saved = parseSaved(row.parserState)
    if (saved !== null) Object.assign(row, saved.counts)
    const ahead = await choice.format.lookAhead?.(source.head, source.readStretches)
    const reading = new SourceReading(chain.reader, row, source, choice.detection, ahead)
    if (saved !== null) this.#takeUp(chain, chain.reader, row, saved)
    row.state = "reading"
    const { signal, progress } = this.#options
    for await (const chunk of reading.chunks(onceCandidates?.map((candidate) => candidate.contentSize))) {
      reading.push(chunk)
      progress.advance()
      if (!signal.aborted && (onceCandidates !== undefined || !this.#staging.isFull)) continue
      reading.checkpoint()
      this.#ledger.mark(row)
      this.#commit()
      if (signal.aborted) return null
    }
    for (const problem of source.problems) this.#problem(problem, row.id)
    chain.openEnd = reading.finish(this.#eids)
    chain.lastDone = null
    this.#ledger.setWhole(row, source)
    this.#ledger.mark(row)
    this.#summary.read(row.format, reading.tally)
    return row
  }

  async #createReader(format: FormatEntry): Promise<ChainReader> {
    const { host, accounts, start, end, rows, windows, bsm } = this.#options
    const createReader = await format.loadReader()
    return createReader({
      writer: this.#staging.writer,
      host,
      ...(accounts === undefined ? {} : { accounts }),
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
      ...(rows === undefined ? {} : { rows }),
      ...(windows === undefined ? {} : { windows }),
      ...(bsm === undefined ? {} : { bsm }),
      eids: this.#eids,
      problem: (problem: Problem, sourceId: number) => this.#problem(problem, sourceId),
      gap: (gap: Gap, gapHost: string, sourceId: number) => {
        this.#staging.gap(gap, gapHost, sourceId)
        this.#summary.gap()
      },
    })
  }

  /** A source follows in the chain: the one before has no more lines, and its open events go on. */
  async #beginNext(chain: Chain, choice: ChosenFormat): Promise<void> {
    if (chain.reader === null && chain.lastDone !== null)
      await this.#reopen(chain, chain.lastDone, choice.format)
    const { openEnd } = chain
    if (openEnd === null) return
    openEnd.endSource()
    openEnd.row.parserState = ""
    openEnd.row.resumeOffset = openEnd.row.contentSize
    this.#ledger.mark(openEnd.row)
    chain.openEnd = null
  }

  /** Makes a reader that stands where an earlier run stood at the end of `row`. */
  async #reopen(chain: Chain, row: SourceRow, format: FormatEntry): Promise<void> {
    const saved = parseSaved(row.parserState)
    const tail = Buffer.from(saved?.tail ?? "", "base64")
    if (saved === null || row.resumeOffset + tail.length !== row.contentSize) return
    const reader = await this.#createReader(format)
    const tally = tallyFrom(saved.counts)
    const detection = { ...NO_DETECTION, format: row.format, variant: row.variant }
    const modifiedMs = row.modified === null ? Number.NaN : row.modified * 1000
    reader.beginSource({ sourceId: row.id, detection, modifiedMs, tally })
    this.#takeUp(chain, reader, row, saved)
    const endSource = () => {
      reader.push(tail, row.resumeOffset)
      reader.endSource()
      Object.assign(row, countsOf(tally))
    }
    chain.reader = reader
    chain.openEnd = { row, saved, tally, endSource }
  }

  /** Puts the reader into a saved state, and takes back the rows of what was not complete then. */
  #takeUp(chain: Chain, reader: ChainReader, row: SourceRow, saved: SavedReading): void {
    if (!reader.restoreState(saved.reader)) return
    // Places of staged rows are reckoned from what the case holds: they go in before anything is taken back.
    this.#commit()
    const flushed = saved.flushed ?? []
    if (flushed.length > 0) this.#retract(row, saved, flushed)
    for (const known of this.#options.store.processRows(chain.sourceIds, Number.MAX_SAFE_INTEGER)) {
      reader.replay(known)
    }
  }

  /** Takes rows back and notes it at their source, at once: a killed run must not do it twice. */
  #retract(row: SourceRow, saved: SavedReading, flushed: readonly RowRange[]): void {
    const last = this.#staging.lastRows()
    const eids = new Map(saved.eids)
    for (const { table, to } of flushed) {
      // Rows that nothing has followed give their eids back.
      if (last.get(table) === to && this.#eids.has(table)) this.#eids.set(table, eids.get(table) ?? 0)
    }
    this.#staging.retract(flushed)
    row.parserState = JSON.stringify({ ...saved, flushed: null })
    this.#ledger.mark(row)
    this.#commit()
  }

  /** Ends what the chain has open, and notes which rows that gave. */
  #endReader(chain: Chain): void {
    const { openEnd, reader } = chain
    chain.reader = null
    chain.openEnd = null
    if (reader === null) return
    const before = this.#staging.lastRows()
    openEnd?.endSource()
    reader.end()
    if (openEnd === null) return
    const flushed: RowRange[] = []
    for (const [table, to] of this.#staging.lastRows()) {
      const from = (before.get(table) ?? 0) + 1
      if (to >= from) flushed.push({ table, from, to })
    }
    Object.assign(openEnd.row, countsOf(openEnd.tally))
    openEnd.row.parserState = JSON.stringify({ ...openEnd.saved, flushed })
    this.#ledger.mark(openEnd.row)
  }

  async #endChain(chain: Chain): Promise<void> {
    const row = chain.lastDone
    const format = FORMATS.find((entry) => entry.name === row?.format)
    if (
      row !== null &&
      format !== undefined &&
      chain.reader === null &&
      parseSaved(row.parserState)?.flushed === null
    ) {
      // An earlier run was killed between this source and the end of its chain.
      await this.#reopen(chain, row, format)
    }
    this.#endReader(chain)
    this.#chains.delete(chain.key)
  }

  async #noteUnread(source: Source, choice: Exclude<Choice, ChosenFormat>): Promise<void> {
    const { facts } = source
    if (this.#ledger.find(facts, [choice.kind]) === undefined) {
      if (source.digests.content === "") for await (const chunk of source.chunks()) void chunk
      const row = this.#ledger.add(facts, choice.kind)
      this.#ledger.setWhole(row, source)
      this.#staging.problem(unreadProblem(choice), row.id)
      for (const problem of source.problems) this.#problem(problem, row.id)
    }
    if (choice.kind === "empty") this.#summary.empty()
    else this.#summary.unrecognised(facts, choice.looksLike)
  }

  #refuse(facts: SourceFacts, problems: readonly Problem[]): void {
    this.#summary.refused(facts, problems)
    if (this.#ledger.find(facts, ["refused"]) !== undefined) return
    const row = this.#ledger.add(facts, "refused")
    for (const problem of problems) this.#problem(problem, row.id)
  }

  #noteArchive(archive: Archive): void {
    const { facts, sha256, problems, storedRead } = archive
    const known = this.#ledger.find(facts, ["archive"])
    if (known !== undefined && known.sha256 === sha256) return
    const row = this.#ledger.add(facts, "archive")
    row.sha256 = sha256
    row.size = storedRead
    for (const problem of problems) this.#problem(problem, row.id)
  }

  #problem(problem: Problem, sourceId: number): void {
    this.#staging.problem(problem, sourceId)
    this.#summary.problem(problem)
  }

  #commit(): void {
    this.#staging.commit(this.#ledger.takeChanged())
  }
}

const MISSING: Problem = {
  code: "source/missing",
  severity: "error",
  offset: 0,
  length: 0,
  message: "there is no such file",
}

const NO_DETECTION: Detection = {
  format: "",
  variant: "",
  title: "",
  confidence: "certain",
  why: "an earlier run recognised it",
  firstTimeMs: Number.NaN,
}

function bareFacts(path: string): SourceFacts {
  return { path, member: "", packing: "", storedSize: -1, modifiedMs: Number.NaN }
}
