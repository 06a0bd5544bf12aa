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
import { exitCodeOf, type IngestResult } from "./ingest-result.ts"
import { planJobs } from "./jobs/plan-jobs.ts"
import { runJobs } from "./jobs/run-jobs.ts"
import { joinSummaries } from "./summary.ts"

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

function openCase(database: string) {
  try {
    return openCaseFile(database)
  } catch (error) {
    throw describeCaseError(error, database)
  }
}
