/** An ingest that writes nothing: the same reading, the same summary. */

import type { TableSchema } from "../../schema/column.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import type { Progress } from "../progress.ts"
import { readSources } from "../reading/read-sources.ts"
import type { Accounts, BsmChoice, WindowsChoice } from "../reading/reader.ts"
import { exitCodeOf, type IngestResult } from "./ingest-result.ts"
import { SummaryBuilder } from "./summary.ts"

export interface DryRequest {
  readonly paths: readonly string[]
  readonly host: string
  readonly accounts?: Accounts
  readonly start?: number
  readonly end?: number
  readonly format?: string
  readonly rows?: RowChoice
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
  readonly progress: Progress
  readonly signal: AbortSignal
}

export async function runDry(request: DryRequest): Promise<IngestResult> {
  const writer = new CountingWriter()
  const summary = new SummaryBuilder()
  const sources = await readSources({
    ...request,
    writer,
    onProblem: (problem) => summary.problem(problem),
    onGap: () => summary.gap(),
  })
  let bytes = 0
  for (const { facts, choice, tally } of sources) {
    bytes += Math.max(0, facts.storedSize)
    if (choice.kind === "format") summary.read(choice.detection.format, tally)
    else if (choice.kind === "empty") summary.empty()
    else if (choice.kind === "unrecognised") summary.unrecognised(facts, choice.looksLike)
    else if (choice.kind === "refused") summary.refused(facts, choice.problems)
  }
  const result = summary.finish(writer.counts, request.signal.aborted)
  return { summary: result, exitCode: exitCodeOf(result), bytes }
}

/** Counts rows and keeps nothing of them. */
export class CountingWriter implements RowWriter {
  readonly counts = new Map<string, number>()
  #table = ""

  begin(table: TableSchema): void {
    this.#table = table.name
  }
  null(): void {}
  empty(): void {}
  int(): void {}
  int64(): void {}
  bytes(): void {}
  text(): void {}
  end(): void {
    this.counts.set(this.#table, (this.counts.get(this.#table) ?? 0) + 1)
  }
}
