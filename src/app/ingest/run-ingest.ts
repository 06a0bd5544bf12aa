/** From the command line's words to an ingest: the case file opened, the run noted, the exit code decided. */

import { CaseFileError, openCaseFile } from "../../store/sqlite/case-file.ts"
import {
  CannotCreateError,
  IoError,
  PermissionError,
  type RetrailError,
  UnrecognisedError,
} from "../errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import type { Progress } from "../progress.ts"
import type { Accounts } from "../reading/reader.ts"
import { ingest } from "./ingest.ts"
import type { IngestSummary } from "./summary.ts"

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
  readonly progress: Progress
  readonly signal: AbortSignal
  /** Rows are committed when a staging file has this many bytes. */
  readonly batchBytes?: number
}

export interface IngestResult {
  readonly summary: IngestSummary
  readonly exitCode: number
  /** Stored bytes of the inputs. */
  readonly bytes: number
}

/** @throws RetrailError when the case cannot be used, or nothing could be read at all */
export async function runIngest(request: IngestRequest): Promise<IngestResult> {
  const { paths, database, version, argv, host, accounts, start, end, format, progress, signal, batchBytes } =
    request
  const store = openCase(database)
  const runId = store.beginRun({ version, args: argv, started: new Date().toISOString() })
  let exitCode: number = EXIT_CODES.failed.code
  try {
    const { summary, bytes } = await ingest({
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
      ...(batchBytes === undefined ? {} : { batchBytes }),
    })
    exitCode = exitCodeOf(summary)
    return { summary, exitCode, bytes }
  } catch (error) {
    throw describeError(error, database)
  } finally {
    store.endRun(runId, new Date().toISOString(), exitCode)
    store.close()
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
    throw describeError(error, database)
  }
}

function describeError(error: unknown, database: string): unknown {
  if (error instanceof CaseFileError) return caseError(error)
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT") {
    return new IoError(
      `no space left for ${database}`,
      "What was committed is safe: make room and run the same command again.",
    )
  }
  if (code.startsWith("SQLITE_IOERR") || code === "EIO") {
    return new IoError(
      `writing ${database} failed (${code})`,
      "Run the same command again: it goes on where it stopped.",
    )
  }
  if (code.startsWith("SQLITE_CORRUPT")) {
    return new IoError(
      `${database} is damaged`,
      "Ingest into a new file; the evidence itself is never written to.",
    )
  }
  if (code === "EACCES" || code === "EPERM") {
    return new PermissionError(
      `no permission to write beside ${database}`,
      "Choose a folder that you may write to.",
    )
  }
  return error
}

function caseError(error: CaseFileError): RetrailError {
  switch (error.failure) {
    case "permission":
      return new PermissionError(error.message, "Choose another place with -d.")
    case "locked":
      return new CannotCreateError(error.message, "Wait until it has ended, or use another file.")
    case "link":
      return new CannotCreateError(error.message, "Name the file itself: links are not followed.")
    case "newer":
      return new UnrecognisedError(error.message, "Use the retrail that made it, or ingest into a new file.")
    default:
      return new CannotCreateError(error.message, "Choose another place with -d.")
  }
}
