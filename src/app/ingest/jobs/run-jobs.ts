/** Ingests with several processes: each fills a case file of its own, and these are joined in order. */
import { type ChildProcess, fork } from "node:child_process"
import { rmSync } from "node:fs"
import type { CaseStore, SourceRow } from "../../../store/case-store.ts"
import { InternalError, RetrailError } from "../../errors.ts"
import { EXIT_CODES } from "../../exit-codes.ts"
import type { Progress } from "../../progress.ts"
import { renumberState } from "../../reading/renumber-state.ts"
import { parseSaved } from "../chain.ts"
import { type IngestSummary, joinSummaries } from "../summary.ts"
import type { JobReply, JobRequest } from "./job-child.ts"

export interface JobsOptions {
  /** Paths of each part, in reading order. */
  readonly parts: readonly (readonly string[])[]
  readonly jobs: number
  readonly store: CaseStore
  readonly runId: number
  readonly request: Omit<JobRequest, "paths" | "database">
  readonly progress: Progress
  readonly signal: AbortSignal
}

/**
 * Interrupted, it keeps the parts that were done from the first on; a later run goes on behind them.
 * @returns null when the parts hold the same evidence more than once: then only one process can tell what is known
 */
export async function runJobs(options: JobsOptions): Promise<IngestSummary | null> {
  const { parts, store, signal } = options
  const databases = parts.map((_part, at) => `${store.path}-job-${at}`)
  const removeAll = () => {
    for (const path of databases)
      for (const end of ["", "-journal", "-staging"]) rmSync(`${path}${end}`, { force: true })
  }
  removeAll()
  try {
    const summaries = await runParts(options, databases)
    const firstMissing = parts.findIndex((_part, at) => summaries[at] === undefined)
    const done = firstMissing < 0 ? parts.length : firstMissing
    if (!absorbAll(options, databases.slice(0, done))) return null
    return joinSummaries(summaries.slice(0, done), signal.aborted)
  } finally {
    removeAll()
  }
}

/** Runs the parts, as many at a time as there are jobs. */
async function runParts(options: JobsOptions, databases: readonly string[]): Promise<IngestSummary[]> {
  const { parts, jobs, request, progress, signal } = options
  const summaries: IngestSummary[] = []
  const read = parts.map(() => 0)
  const children = new Set<ChildProcess>()
  const killAll = () => {
    for (const child of children) child.kill("SIGKILL")
  }
  process.once("exit", killAll)
  signal.addEventListener("abort", killAll)
  let next = 0
  const work = async (): Promise<void> => {
    const child = startChild()
    children.add(child)
    while (next < parts.length && !signal.aborted) {
      const at = next++
      const onRead = (bytes: number) => {
        read[at] = bytes
        progress.advance(read.reduce((sum, value) => sum + value, 0))
      }
      const job = { ...request, paths: parts[at] ?? [], database: databases[at] ?? "" }
      const summary = await runPart(child, job, onRead, signal)
      if (summary !== null) summaries[at] = summary
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, parts.length) }, work))
  } finally {
    killAll()
    process.off("exit", killAll)
    signal.removeEventListener("abort", killAll)
  }
  return summaries
}

function startChild(): ChildProcess {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."))
  const script = new URL(`./job-child${extension}`, import.meta.url)
  return fork(script, [], { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] })
}

async function runPart(
  child: ChildProcess,
  request: JobRequest,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<IngestSummary | null> {
  try {
    return await new Promise<IngestSummary | null>((resolve, reject) => {
      child.on("message", (reply: JobReply) => {
        if (reply.kind === "read") onRead(reply.bytes)
        else if (reply.kind === "done") resolve(reply.summary)
        else reject(errorOf(reply))
      })
      child.on("error", reject)
      child.on("exit", (code, name) => {
        if (signal.aborted) resolve(null)
        else
          reject(new InternalError(`a reading process ended unexpectedly (${name ?? `exit code ${code}`})`))
      })
      child.send(request)
    })
  } finally {
    for (const name of ["message", "error", "exit"]) child.removeAllListeners(name)
  }
}

function errorOf({ exitCode, message, suggestion }: JobReply & { kind: "failed" }): Error {
  if (exitCode === EXIT_CODES.internal.code) return new InternalError(message)
  return new RetrailError(exitCode, message, suggestion)
}

/** Joins the parts' case files to the case; false, and nothing done, when they overlap. */
function absorbAll({ store, runId }: JobsOptions, databases: readonly string[]): boolean {
  const heads = new Set<string>()
  for (const path of databases) {
    for (const head of new Set(store.peekHeads(path))) {
      if (heads.has(head)) return false
      heads.add(head)
    }
  }
  for (const path of databases) store.absorb(path, runId, renumberSource)
  return true
}

/** A source's row with its numbers moved: ids by `idOffset`, the rows of each table by `rowOffsets`. */
function renumberSource(
  row: SourceRow,
  idOffset: number,
  rowOffsets: ReadonlyMap<string, number>,
  eidOffsets: ReadonlyMap<string, number>,
): SourceRow {
  const saved = parseSaved(row.parserState)
  const moved = {
    ...row,
    id: row.id + idOffset,
    duplicateOf: row.duplicateOf === null ? null : row.duplicateOf + idOffset,
  }
  if (saved === null) return moved
  const flushed =
    saved.flushed?.map(({ table, from, to }) => {
      const offset = rowOffsets.get(table) ?? 0
      return { table, from: from + offset, to: to + offset }
    }) ?? null
  // Tables that this part has no rows of keep the ids they had before it.
  const eids = new Map(eidOffsets)
  for (const [table, eid] of saved.eids) eids.set(table, eid + (eidOffsets.get(table) ?? 0))
  const reader = renumberState(saved.reader, idOffset)
  return { ...moved, parserState: JSON.stringify({ ...saved, flushed, eids: [...eids], reader }) }
}
