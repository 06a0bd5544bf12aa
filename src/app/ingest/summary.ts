/** What an ingest has done, for people and for scripts. */
import type { Problem } from "../../base/problem.ts"
import type { SourceFacts } from "../../sources/source.ts"
import type { Tally } from "../reading/reader.ts"
import { countsOf } from "./chain.ts"

export interface FormatSummary {
  readonly format: string
  sources: number
  records: number
  rejected: number
  otherLines: number
  events: number
  /** Seconds since 1970, null when unknown. */
  firstTime: number | null
  lastTime: number | null
}

export interface RefusedSummary {
  readonly path: string
  readonly code: string
  readonly message: string
  readonly severity: string
}

export interface IngestSummary {
  readonly isInterrupted: boolean
  /** Sources read in this run, grown ones included. */
  readonly sources: number
  /** Sources of which the case held every byte. */
  readonly known: number
  readonly empty: number
  readonly unrecognised: readonly { readonly path: string; readonly looksLike: string }[]
  readonly refused: readonly RefusedSummary[]
  readonly formats: readonly FormatSummary[]
  /** Rows added, by table. */
  readonly rows: Readonly<Record<string, number>>
  /** Problems of this run, by code; `info` ones are not counted. */
  readonly problems: Readonly<Record<string, number>>
  readonly gaps: number
  readonly hosts: readonly string[]
}

export class SummaryBuilder {
  #formats = new Map<string, FormatSummary>()
  #problems = new Map<string, number>()
  #hosts = new Set<string>()
  #unrecognised: { path: string; looksLike: string }[] = []
  #refused: RefusedSummary[] = []
  #sources = 0
  #known = 0
  #empty = 0
  #gaps = 0

  read(format: string, tally: Tally): void {
    this.#sources++
    for (const host of tally.hosts) this.#hosts.add(host)
    const total = this.#formats.get(format) ?? {
      format,
      sources: 0,
      records: 0,
      rejected: 0,
      otherLines: 0,
      events: 0,
      firstTime: null,
      lastTime: null,
    }
    this.#formats.set(format, total)
    total.sources++
    this.#tallies.push([total, tally])
  }

  /** Tallies grow until the end of the run: they are added up then. */
  readonly #tallies: [FormatSummary, Tally][] = []

  same(): void {
    this.#known++
  }

  empty(): void {
    this.#empty++
  }

  gap(): void {
    this.#gaps++
  }

  unrecognised(facts: SourceFacts, looksLike: string): void {
    this.#unrecognised.push({ path: nameOf(facts), looksLike })
  }

  refused(facts: SourceFacts, problems: readonly Problem[]): void {
    const [first] = problems
    if (first !== undefined) {
      const { code, message, severity } = first
      this.#refused.push({ path: nameOf(facts), code, message, severity })
    }
  }

  problem(problem: Problem): void {
    if (problem.severity === "info") return
    this.#problems.set(problem.code, (this.#problems.get(problem.code) ?? 0) + 1)
  }

  /** Everything counted so far, to go back to with `reset`. */
  mark(): SummaryMark {
    return {
      tallies: this.#tallies.length,
      sources: this.#sources,
      gaps: this.#gaps,
      problems: new Map(this.#problems),
      perFormat: new Map([...this.#formats].map(([name, total]) => [name, total.sources])),
    }
  }

  reset(mark: SummaryMark): void {
    this.#tallies.length = mark.tallies
    this.#sources = mark.sources
    this.#gaps = mark.gaps
    this.#problems = new Map(mark.problems)
    for (const [name, total] of this.#formats) total.sources = mark.perFormat.get(name) ?? 0
  }

  finish(rows: ReadonlyMap<string, number>, isInterrupted: boolean): IngestSummary {
    for (const [total, tally] of this.#tallies) addTally(total, tally)
    return {
      isInterrupted,
      sources: this.#sources,
      known: this.#known,
      empty: this.#empty,
      unrecognised: this.#unrecognised,
      refused: this.#refused,
      formats: [...this.#formats.values()].filter((format) => format.sources > 0),
      rows: Object.fromEntries([...rows].filter(([table, count]) => count > 0 && !table.startsWith("_"))),
      problems: Object.fromEntries([...this.#problems].sort()),
      gaps: this.#gaps,
      hosts: [...this.#hosts].sort(),
    }
  }
}

/** One summary of parts that were read apart. */
export function joinSummaries(parts: readonly IngestSummary[], isInterrupted: boolean): IngestSummary {
  const formats = new Map<string, FormatSummary>()
  const rows = new Map<string, number>()
  const problems = new Map<string, number>()
  for (const part of parts) {
    for (const format of part.formats) joinFormat(formats, format)
    for (const [table, count] of Object.entries(part.rows)) rows.set(table, (rows.get(table) ?? 0) + count)
    for (const [code, count] of Object.entries(part.problems))
      problems.set(code, (problems.get(code) ?? 0) + count)
  }
  const sum = (count: (part: IngestSummary) => number) =>
    parts.reduce((total, part) => total + count(part), 0)
  return {
    isInterrupted,
    sources: sum((part) => part.sources),
    known: sum((part) => part.known),
    empty: sum((part) => part.empty),
    unrecognised: parts.flatMap((part) => part.unrecognised),
    refused: parts.flatMap((part) => part.refused),
    formats: [...formats.values()],
    rows: Object.fromEntries(rows),
    problems: Object.fromEntries([...problems].sort()),
    gaps: sum((part) => part.gaps),
    hosts: [...new Set(parts.flatMap((part) => part.hosts))].sort(),
  }
}

function joinFormat(formats: Map<string, FormatSummary>, part: FormatSummary): void {
  const total = formats.get(part.format)
  if (total === undefined) {
    formats.set(part.format, { ...part })
    return
  }
  total.sources += part.sources
  total.records += part.records
  total.rejected += part.rejected
  total.otherLines += part.otherLines
  total.events += part.events
  total.firstTime = choose(Math.min, total.firstTime, part.firstTime)
  total.lastTime = choose(Math.max, total.lastTime, part.lastTime)
}

function choose(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b)
}

export interface SummaryMark {
  readonly tallies: number
  readonly sources: number
  readonly gaps: number
  readonly problems: ReadonlyMap<string, number>
  readonly perFormat: ReadonlyMap<string, number>
}

function addTally(total: FormatSummary, tally: Tally): void {
  const counts = countsOf(tally)
  total.records += counts.records
  total.rejected += counts.rejected
  total.otherLines += counts.otherLines
  total.events += counts.events
  const { firstTime, lastTime } = counts
  if (firstTime !== null && (total.firstTime === null || firstTime < total.firstTime))
    total.firstTime = firstTime
  if (lastTime !== null && (total.lastTime === null || lastTime > total.lastTime)) total.lastTime = lastTime
}

function nameOf(facts: SourceFacts): string {
  return facts.member === "" ? facts.path : `${facts.path}!${facts.member}`
}
