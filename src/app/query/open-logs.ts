/** A case made of logs for one query, in a folder of its own that is removed afterwards. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FailedError, MissingInputError, PermissionError, UnrecognisedError } from "../errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { runIngest } from "../ingest/run-ingest.ts"
import { NO_PROGRESS, type Progress } from "../progress.ts"
import type { OpenCase } from "./open-case.ts"

export interface LogQueryOptions {
  readonly version: string
  readonly progress?: Progress
  readonly signal: AbortSignal
}

/** @returns what `chooseCase` takes. Nothing is kept: the case lies in the system's folder for temporary files. */
export function openLogsWith(options: LogQueryOptions): OpenCase {
  return async (logs) => {
    const folder = mkdtempSync(join(tmpdir(), "retrail-"))
    const remove = () => rmSync(folder, { recursive: true, force: true })
    try {
      const path = join(folder, "case.db")
      const { exitCode, summary } = await runIngest({
        paths: logs,
        database: path,
        version: options.version,
        argv: ["query", ...logs],
        host: "",
        progress: options.progress ?? NO_PROGRESS,
        signal: options.signal,
      })
      const [unrecognised] = summary.unrecognised
      const name = unrecognised?.path ?? logs.join(", ")
      if (exitCode === EXIT_CODES.unrecognised.code)
        throw new UnrecognisedError(
          `${name}: no format that can be read`,
          "retrail inspect tells what it looks like.",
        )
      if (exitCode === EXIT_CODES.missingInput.code) throw new MissingInputError(`there is no ${name}`)
      if (exitCode === EXIT_CODES.permission.code) throw new PermissionError(`no permission to read ${name}`)
      if (summary.isInterrupted) throw new FailedError("interrupted while reading the logs")
      return { path, close: async () => remove() }
    } catch (error) {
      remove()
      throw error
    }
  }
}
