/** Reads evidence into a RowWriter without a case: for convert, inspect, dry runs and the corpus. */
import type { Gap, Problem } from "../../base/problem.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import { findInputs } from "../../sources/find-inputs.ts"
import type { Archive } from "../../sources/item.ts"
import { openSources } from "../../sources/open-sources.ts"
import type { Chunk, Source, SourceFacts } from "../../sources/source.ts"
import { createCutter } from "../../sources/unit-cutter.ts"
import { MissingInputError, UsageError } from "../errors.ts"
import type { Progress } from "../progress.ts"
import { type Choice, type ChosenFormat, chooseFormat, firstTimeOf } from "./choose-format.ts"
import { type Deliver, deliverAtOnce } from "./deliver.ts"
import { detectLate } from "./detect-late.ts"
import type { FormatEntry } from "./formats.ts"
import {
  type Accounts,
  type BsmChoice,
  type ChainReader,
  newTally,
  type RecordForm,
  type RecordOutput,
  type Tally,
  type WindowsChoice,
} from "./reader.ts"

export interface ReadOptions {
  readonly paths: readonly string[]
  readonly writer: RowWriter
  readonly host: string
  readonly accounts?: Accounts
  /** Seconds since 1970. */
  readonly start?: number
  readonly end?: number
  readonly format?: string
  /** Stands for the files' own modification time, in ms since 1970. */
  readonly modifiedMs?: number
  readonly tables?: ReadonlySet<string>
  /** Which rows of those tables; all of them unless given. */
  readonly rows?: RowChoice
  /** Takes every step of reading, cut to at most `maxUnits` records each; without it all is read at once. */
  readonly deliver?: Deliver
  readonly maxUnits?: number
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly progress: Progress
  readonly signal?: AbortSignal
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
  readonly records?: RecordOutput
  /** Highest eid in use, by table; counted on in place. */
  readonly eids?: Map<string, number>
  /** Number of the next source; they count from 1 unless given. */
  readonly nextId?: () => number
  /** True for a source that is not to be read, because its bytes were. */
  readonly isCopy?: (source: Source) => Promise<boolean>
  /** Told of every source as its turn comes, and again when the last of its bytes has been read. */
  readonly onSource?: (source: ReadSource, bytes: Source | null) => void
  readonly onProblem: (problem: Problem, source: ReadSource) => void
  readonly onGap?: (gap: Gap, host: string, source: ReadSource) => void
}

/** Something that is not read, and why; an archive, whose members are, has no problems of its own here. */
export interface Refused {
  readonly kind: "refused" | "archive"
  readonly problems: readonly Problem[]
}

/** A source and what it has given. */
export interface ReadSource {
  /** As `source_id` of its rows. */
  readonly id: number
  readonly facts: SourceFacts
  readonly choice: Choice | Refused
  readonly tally: Tally
}

/** Reads everything named and returns the sources in reading order. */
export async function readSources(options: ReadOptions): Promise<ReadSource[]> {
  const reading = new Reading(options)
  return reading.run()
}

class Reading {
  readonly #options: ReadOptions
  readonly #deliver: Deliver
  readonly #sources: ReadSource[] = []
  readonly #readers = new Map<string, ChainReader>()
  readonly #eids: Map<string, number>

  constructor(options: ReadOptions) {
    this.#options = options
    this.#eids = options.eids ?? new Map()
    this.#deliver = options.deliver ?? deliverAtOnce
  }

  async run(): Promise<ReadSource[]> {
    const { paths, stdin, progress, signal } = this.#options
    const found = await findInputs(paths)
    const [firstMissing] = found.missing
    if (firstMissing !== undefined && found.inputs.length === 0 && found.refused.length === 0) {
      throw new MissingInputError(`there is no ${firstMissing}`, "Paths are relative to the current folder.")
    }
    for (const path of found.missing) this.#refuse(bareFacts(path), [MISSING])
    for (const { path, problem } of found.refused) this.#refuse(bareFacts(path), [problem])
    progress.begin(found.inputs.reduce((sum, input) => sum + Math.max(0, input.size), 0))
    const streams = { firstTimeMs: firstTimeOf, ...(stdin === undefined ? {} : { stdin }) }
    for await (const event of openSources(found.inputs, streams)) {
      if (event.kind === "source") await this.#read(event.source, event.chain)
      else if (event.kind === "chain-end") await this.#end(event.chain)
      else if (event.kind === "refused") this.#refuse(event.facts, event.problems)
      else if (event.archive.problems.length > 0) this.#noteArchive(event.archive)
      if (signal?.aborted) break
    }
    for (const chain of [...this.#readers.keys()]) await this.#end(chain)
    progress.end()
    return this.#sources
  }

  async #read(source: Source, chain: string): Promise<void> {
    const { progress, format, isCopy, signal } = this.#options
    progress.beginSource(source.facts, source)
    const first = chooseFormat(source.head, source.facts, format)
    const isHidden = first.kind === "unrecognised" && source.isRereadable
    const choice = (isHidden ? await detectLate(source) : null) ?? first
    if (choice.kind === "format" && (await isCopy?.(source)) === true) return
    const read = this.#add(source.facts, choice)
    if (choice.kind !== "format") {
      await this.#passOver(source, read)
      return
    }
    const reader = this.#readers.get(chain) ?? (await this.#createReader(choice))
    this.#readers.set(chain, reader)
    const modifiedMs = this.#options.modifiedMs ?? source.facts.modifiedMs
    const ahead = await choice.format.lookAhead?.(source.head, source.readStretches)
    const begin = {
      sourceId: read.id,
      detection: choice.detection,
      modifiedMs,
      tally: read.tally,
      ...(ahead === undefined ? {} : { ahead }),
    }
    await this.#deliver(0, () => reader.beginSource(begin))
    const push = this.#pushTo(reader, choice)
    // Only who keeps a list of sources needs to know them again.
    const skipsDigests = this.#options.onSource === undefined
    for await (const chunk of source.chunks({ skipsDigests })) {
      await push(chunk)
      progress.advance()
      if (signal?.aborted) break
    }
    const isWhole = signal?.aborted !== true
    await this.#deliver(0, () => {
      reader.endSource()
      this.#note(read, source, isWhole)
    })
  }

  /** What is not read is still listed with its size and digests, where somebody keeps a list. */
  async #passOver(source: Source, read: ReadSource): Promise<void> {
    if (this.#options.onSource === undefined) return
    if (source.digests.content === "") for await (const chunk of source.chunks()) void chunk
    this.#note(read, source, true)
  }

  #note(read: ReadSource, source: Source, isWhole: boolean): void {
    for (const problem of source.problems) this.#options.onProblem(problem, read)
    if (isWhole) this.#options.onSource?.(read, source)
  }

  /** Hands chunks to the reader: as they are, or as pieces of their own that outlive them. */
  #pushTo(reader: ChainReader, { format, detection }: ChosenFormat): (chunk: Chunk) => Promise<void> {
    const { deliver, maxUnits } = this.#options
    if (deliver === undefined) return async ({ bytes, offset }) => reader.push(bytes, offset)
    const cutter = createCutter(format.unitsOf?.(detection.variant) ?? "lines", maxUnits)
    return async (chunk) => {
      for (const { bytes, offset, units } of cutter.cut(chunk.bytes, chunk.offset)) {
        const owned = Buffer.from(bytes)
        await deliver(units, () => reader.push(owned, offset))
      }
    }
  }

  async #createReader(choice: ChosenFormat): Promise<ChainReader> {
    refuseForm(this.#options.records?.form ?? "json", choice.format)
    const { writer, host, accounts, start, end, tables, rows, windows, bsm, records, onProblem, onGap } =
      this.#options
    const createReader = await choice.format.loadReader()
    return createReader({
      writer,
      host,
      ...(accounts === undefined ? {} : { accounts }),
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
      ...(tables === undefined ? {} : { tables }),
      ...(rows === undefined ? {} : { rows }),
      ...(windows === undefined ? {} : { windows }),
      ...(bsm === undefined ? {} : { bsm }),
      ...(records === undefined ? {} : { records }),
      eids: this.#eids,
      problem: (problem, sourceId) => onProblem(problem, this.#source(sourceId)),
      gap: (gap, gapHost, sourceId) => onGap?.(gap, gapHost, this.#source(sourceId)),
    })
  }

  async #end(chain: string): Promise<void> {
    const reader = this.#readers.get(chain)
    this.#readers.delete(chain)
    if (reader !== undefined) await this.#deliver(0, () => reader.end())
  }

  /** An archive is listed only when something is wrong with it; what is in it are sources of their own. */
  #noteArchive({ facts, problems }: Archive): void {
    const read = this.#add(facts)
    for (const problem of problems) this.#options.onProblem(problem, read)
  }

  #refuse(facts: SourceFacts, problems: readonly Problem[]): void {
    const read = this.#add(facts, { kind: "refused", problems })
    for (const problem of problems) this.#options.onProblem(problem, read)
  }

  #add(facts: SourceFacts, choice: ReadSource["choice"] = { kind: "archive", problems: [] }): ReadSource {
    const id = this.#options.nextId?.() ?? this.#sources.length + 1
    const read: ReadSource = { id, facts, choice, tally: newTally() }
    this.#sources.push(read)
    this.#options.onSource?.(read, null)
    return read
  }

  #source(id: number): ReadSource {
    const source = this.#sources.findLast((one) => one.id === id)
    if (source === undefined) throw new Error(`there is no source ${id}`)
    return source
  }
}

/** @throws UsageError when records of the format cannot be written so */
function refuseForm(form: RecordForm, { name, recordForms = [] }: FormatEntry): void {
  if (form === "json" || recordForms.includes(form)) return
  if (form === "xml" && name === "bsm")
    throw new UsageError("records of bsm have no XML form of their own", "Give -t praudit-xml.")
  if (form === "xml")
    throw new UsageError(
      `records of ${name} have no XML form`,
      "Only Windows events do: -f evtx reads them alone.",
    )
  if (form === "perf-script")
    throw new UsageError(
      `records of ${name} are no samples`,
      "Only recordings of perf hold them: -f perf-data reads them alone.",
    )
  throw new UsageError(
    `records of ${name} are no BSM records`,
    "Only BSM trails hold them: -f bsm reads them alone.",
  )
}

const MISSING: Problem = {
  code: "source/missing",
  severity: "error",
  offset: 0,
  length: 0,
  message: "there is no such file",
}

function bareFacts(path: string): SourceFacts {
  return { path, member: "", packing: "", storedSize: -1, modifiedMs: Number.NaN }
}
