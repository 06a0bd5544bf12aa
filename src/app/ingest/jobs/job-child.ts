/**
 * A process that ingests parts of the inputs, one after the other, each into a case file of its own, and replies
 * with the summary of each.
 */

import type { RowChoice } from "../../../schema/row-choice.ts"
import type { Source } from "../../../sources/source.ts"
import { RetrailError } from "../../errors.ts"
import { EXIT_CODES } from "../../exit-codes.ts"
import { NO_PROGRESS, type Progress } from "../../progress.ts"
import type { BsmChoice, WindowsChoice } from "../../reading/reader.ts"
import { runIngest } from "../run-ingest.ts"
import type { IngestSummary } from "../summary.ts"

export interface JobRequest {
  readonly paths: readonly string[]
  readonly database: string
  readonly version: string
  readonly host: string
  readonly users: readonly (readonly [number, string])[] | null
  readonly groups: readonly (readonly [number, string])[]
  readonly start: number | null
  readonly end: number | null
  readonly format: string | null
  readonly rows: RowChoice | null
  readonly windows: WindowsChoice | null
  readonly bsm: BsmChoice | null
}

export type JobReply =
  /** Stored bytes read so far. */
  | { readonly kind: "read"; readonly bytes: number }
  | { readonly kind: "done"; readonly summary: IngestSummary }
  | {
      readonly kind: "failed"
      readonly exitCode: number
      readonly message: string
      readonly suggestion: string
    }

const REPORT_MS = 200

const controller = new AbortController()
// The parent decides when to stop; Ctrl+C reaches the whole group.
process.on("SIGINT", () => controller.abort())
process.on("SIGTERM", () => controller.abort())
process.once("disconnect", () => process.exit())
process.on("message", (request: JobRequest) => {
  answer(request).then(reply, (error: unknown) => reply(failure(error)))
})

async function answer(request: JobRequest): Promise<JobReply> {
  const { paths, database, version, host, users, groups, start, end, format, rows, windows, bsm } = request
  const { summary } = await runIngest({
    paths,
    database,
    version,
    argv: [],
    host,
    isPart: true,
    progress: new Reporter(),
    signal: controller.signal,
    ...(users === null ? {} : { accounts: { users: new Map(users), groups: new Map(groups) } }),
    ...(start === null ? {} : { start }),
    ...(rows === null ? {} : { rows }),
    ...(windows === null ? {} : { windows }),
    ...(bsm === null ? {} : { bsm }),
    ...(end === null ? {} : { end }),
    ...(format === null ? {} : { format }),
  })
  return { kind: "done", summary }
}

class Reporter implements Progress {
  #before = 0
  #source: Source | null = null
  #reportedMs = 0

  begin = NO_PROGRESS.begin
  end = NO_PROGRESS.end

  beginSource(_facts: unknown, source: Source): void {
    this.#before += this.#source?.storedRead ?? 0
    this.#source = source
  }

  advance(): void {
    const now = Date.now()
    if (now - this.#reportedMs < REPORT_MS) return
    this.#reportedMs = now
    process.send?.({ kind: "read", bytes: this.#before + (this.#source?.storedRead ?? 0) } satisfies JobReply)
  }
}

function reply(message: JobReply): void {
  process.send?.(message)
}

function failure(error: unknown): JobReply {
  if (error instanceof RetrailError) {
    const { exitCode, message, suggestion } = error
    return { kind: "failed", exitCode, message, suggestion }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: "failed", exitCode: EXIT_CODES.internal.code, message, suggestion: "" }
}
