/** From the command line's words to an ingest: the case file opened, the run noted, the exit code decided. */

import type { RowChoice } from "../../schema/row-choice.ts"
import { findInputs } from "../../sources/find-inputs.ts"
import type { CaseStore } from "../../store/case-store.ts"
import { openCaseFile } from "../../store/sqlite/case-file.ts"
import { describeCaseError } from "../case-errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { NO_PROGRESS, type Progress } from "../progress.ts"
import type { Accounts, BsmChoice, WindowsChoice } from "../reading/reader.ts"
import { type IngestOptions, type IngestOutcome, ingest } from "./ingest.ts"
import { planJobs } from "./jobs/plan-jobs.ts"
import { runJobs } from "./jobs/run-jobs.ts"
import { type IngestSummary, joinSummaries } from "./summary.ts"

export interface IngestRequest {
  readonly paths: readonly string[]
  readonly database: string
  readonly version: string
  /** As given, for `_runs`. */
  readonly argv: readonly string[]
  readonly host: string
  readonly accounts?: Accounts
  readonly start?: number
  readonly end?: number
  readonly format?: string
  /** Only these rows; all when absent. */
  readonly rows?: RowChoice
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
  readonly progress: Progress
  readonly signal: AbortSignal
  /** Rows are committed when a staging file has this many bytes. */
  readonly batchBytes?: number
  /** Processes that read; 1 unless given. What is read does not depend on it. */
  readonly jobs?: number
  /** Bytes that are worth a part of their own. */
  readonly leastPartBytes?: number
  /** The case is a part of another and will be absorbed by it: it needs no indexes. */
  readonly isPart?: boolean
}

export interface IngestResult {
  readonly summary: IngestSummary
  readonly exitCode: number
  /** Stored bytes of the inputs. */
  readonly bytes: number
}

/** @throws RetrailError when the case cannot be used, or nothing could be read at all */
export async function runIngest(request: IngestRequest): Promise<IngestResult> {
  const { database, version, argv } = request
  const store = openCase(database)
  const runId = store.beginRun({ version, args: argv, started: new Date().toISOString() })
  let exitCode: number = EXIT_CODES.failed.code
  try {
    const { summary, bytes } =
      (await ingestWithJobs(request, store, runId)) ?? (await ingest(ingestOptions(request, store, runId)))
    exitCode = exitCodeOf(summary)
    return { summary, exitCode, bytes }
  } catch (error) {
    throw describeCaseError(error, database)
  } finally {
    store.endRun(runId, new Date().toISOString(), exitCode)
    store.close()
  }
}

/** With several processes; null when one must do it: a case with sources in it, few bytes, stdin, archives alone. */
async function ingestWithJobs(
  request: IngestRequest,
  store: CaseStore,
  runId: number,
): Promise<IngestOutcome | null> {
  const {
    jobs = 1,
    paths,
    version,
    host,
    accounts,
    start,
    end,
    format,
    rows,
    windows,
    bsm,
    progress,
    signal,
  } = request
  if (jobs < 2 || store.sources().length > 0) return null
  const found = await findInputs(paths)
  const parts = planJobs(found.inputs, jobs, request.leastPartBytes)
  if (parts.length < 2) return null
  const bytes = found.inputs.reduce((sum, input) => sum + Math.max(0, input.size), 0)
  const job = {
    version,
    host,
    users: accounts === undefined ? null : [...accounts.users],
    groups: [...(accounts?.groups ?? [])],
    start: start ?? null,
    end: end ?? null,
    format: format ?? null,
    rows: rows ?? null,
    windows: windows ?? null,
    bsm: bsm ?? null,
  }
  progress.begin(bytes)
  const refusedOnly = {
    ...ingestOptions(request, store, runId),
    found: { ...found, inputs: [] },
    progress: NO_PROGRESS,
  }
  const refused =
    found.refused.length + found.missing.length > 0 ? (await ingest(refusedOnly)).summary : undefined
  store.dropIndexes()
  const read = await runJobs({ parts, jobs, store, runId, request: job, progress, signal })
  if (read === null) return null
  progress.end()
  store.createIndexes()
  return { summary: refused === undefined ? read : joinSummaries([refused, read], read.isInterrupted), bytes }
}

function ingestOptions(request: IngestRequest, store: CaseStore, runId: number): IngestOptions {
  const {
    paths,
    host,
    accounts,
    start,
    end,
    format,
    rows,
    windows,
    bsm,
    progress,
    signal,
    batchBytes,
    isPart,
  } = request
  return {
    paths,
    store,
    runId,
    host,
    progress,
    signal,
    ...(accounts === undefined ? {} : { accounts }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(format === undefined ? {} : { format }),
    ...(rows === undefined ? {} : { rows }),
    ...(windows === undefined ? {} : { windows }),
    ...(bsm === undefined ? {} : { bsm }),
    ...(batchBytes === undefined ? {} : { batchBytes }),
    ...(isPart === undefined ? {} : { isPart }),
  }
}

/** Exit code of a run that came to its end. */
export function exitCodeOf(summary: IngestSummary): number {
  if (summary.isInterrupted) return EXIT_CODES.interrupted.code
  const refused = summary.refused.filter(({ severity }) => severity !== "info")
  const isAnyRead = summary.sources + summary.known + summary.empty > 0
  if (!isAnyRead)
    return exitCodeOfNothing(
      summary,
      refused.map(({ code }) => code),
    )
  if (Object.keys(summary.problems).length > 0 || refused.length > 0) return EXIT_CODES.problemsRecorded.code
  const records = summary.formats.reduce((sum, format) => sum + format.records, 0)
  return records === 0 && summary.known === 0 ? EXIT_CODES.nothingFound.code : EXIT_CODES.done.code
}

/** Not one source could be read: says why. */
function exitCodeOfNothing(summary: IngestSummary, refused: readonly string[]): number {
  if (refused.includes("source/permission")) return EXIT_CODES.permission.code
  if (refused.includes("source/missing")) return EXIT_CODES.missingInput.code
  const isUnusable = summary.unrecognised.length > 0 || refused.length > 0
  return isUnusable ? EXIT_CODES.unrecognised.code : EXIT_CODES.nothingFound.code
}

function openCase(database: string) {
  try {
    return openCaseFile(database)
  } catch (error) {
    throw describeCaseError(error, database)
  }
}
