/** What a conversion has read and met, and which exit code that is. */
import type { Problem } from "../../base/problem.ts"
import { exitCodeOf } from "../ingest/ingest-result.ts"
import { SummaryBuilder } from "../ingest/summary.ts"
import type { ReadSource } from "../reading/read-sources.ts"

const SHOWN_PROBLEMS = 5

export interface ConvertOutcome {
  readonly exitCode: number
  readonly rows: ReadonlyMap<string, number>
  /** Problems by code, without `info` ones. */
  readonly problems: ReadonlyMap<string, number>
  /** The first few, for people; not escaped. */
  readonly examples: readonly string[]
  readonly unrecognised: number
}

export class OutcomeBuilder {
  readonly #problems = new Map<string, number>()
  readonly #examples: string[] = []
  readonly #summary = new SummaryBuilder()

  problem(problem: Problem, source: ReadSource): void {
    this.#summary.problem(problem)
    if (problem.severity === "info") return
    this.#problems.set(problem.code, (this.#problems.get(problem.code) ?? 0) + 1)
    if (this.#examples.length >= SHOWN_PROBLEMS) return
    const { path, member } = source.facts
    const name = member === "" ? path : `${path}!${member}`
    this.#examples.push(`${name}, byte ${problem.offset}: ${problem.message} (${problem.code})`)
  }

  finish(
    sources: readonly ReadSource[],
    rows: ReadonlyMap<string, number>,
    isInterrupted: boolean,
  ): ConvertOutcome {
    for (const { choice, facts, tally } of sources) {
      if (choice.kind === "format") this.#summary.read(choice.detection.format, tally)
      else if (choice.kind === "empty") this.#summary.empty()
      else if (choice.kind === "unrecognised") this.#summary.unrecognised(facts, choice.looksLike)
      else if (choice.kind === "refused") this.#summary.refused(facts, choice.problems)
    }
    const summary = this.#summary.finish(rows, isInterrupted)
    return {
      exitCode: exitCodeOf(summary),
      rows,
      problems: this.#problems,
      examples: this.#examples,
      unrecognised: summary.unrecognised.length,
    }
  }
}
