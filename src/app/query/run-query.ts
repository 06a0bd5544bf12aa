/** Runs one SQL query over a case file in a process of its own, within a time limit, and passes its rows on. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { LIMITS } from "../../base/limits.ts"
import { FailedError, InternalError, RetrailError } from "../errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { durationText } from "./parse-duration.ts"
import type { QueryReply, QueryRequest } from "./query-request.ts"
import { startTimeBudget, type TimeBudget } from "./time-budget.ts"

export interface QueryOutcome {
  readonly rows: number
  /** About the layout, for stderr; '' for nothing. */
  readonly note: string
}

/**
 * Writes the rows to `stdout` as they come. The time in which `stdout` takes nothing (a pager) does not count.
 * Throws RetrailError for everything that is wrong with the request, the time and the memory included.
 */
export async function runQuery(
  request: QueryRequest,
  timeoutMs: number,
  stdout: NodeJS.WriteStream,
): Promise<QueryOutcome> {
  const child = startChild()
  const kill = () => void child.kill("SIGKILL")
  process.once("exit", kill)
  const budget = startTimeBudget(timeoutMs, kill)
  try {
    const replies: QueryReply[] = []
    child.on("message", (reply: QueryReply) => void replies.push(reply))
    const closed = once(child, "close")
    child.send(request, () => {})
    await passOn(child, stdout, budget)
    const [code, signal] = await closed
    const reply = replies[0]
    if (reply?.kind === "done") return reply
    if (reply?.kind === "failed") throw errorOf(reply)
    throw budget.isSpent ? timeoutError(timeoutMs) : deathError(code, signal)
  } finally {
    budget.pause()
    process.off("exit", kill)
    kill()
  }
}

function startChild(): ChildProcess {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."))
  const script = new URL(`./query-child${extension}`, import.meta.url)
  const stderr = process.env.RETRAIL_DEBUG === "1" ? "inherit" : "ignore"
  // The child is told whose it is: asked later, the system may name the process that adopted it.
  return fork(script, [String(process.pid)], { stdio: ["ignore", "pipe", stderr, "ipc"], execArgv: [] })
}

async function passOn(child: ChildProcess, stdout: NodeJS.WriteStream, budget: TimeBudget): Promise<void> {
  for await (const chunk of child.stdout ?? []) {
    budget.pause()
    // A pipe takes the bytes synchronously, so the clock stands still from before the call.
    if (!stdout.write(chunk)) await once(stdout, "drain")
    budget.resume()
  }
}

function errorOf({ exitCode, message, suggestion }: QueryReply & { kind: "failed" }): RetrailError {
  if (exitCode === EXIT_CODES.internal.code) return new InternalError(message)
  return new RetrailError(exitCode, message, suggestion)
}

function timeoutError(timeoutMs: number): RetrailError {
  return new FailedError(
    `the query was stopped after ${durationText(timeoutMs)}`,
    "Give it more time with --timeout 5m (0 for no limit), or narrow it with WHERE.",
  )
}

function deathError(code: number | null, signal: string | null): RetrailError {
  if (signal === "SIGKILL" || signal === "SIGABRT") {
    const limit = LIMITS.queryBytes.value / 1024 ** 3
    return new FailedError(
      `the query was stopped: it needed more than ${limit} GiB of memory`,
      "Narrow it with WHERE, or select fewer columns.",
    )
  }
  return new FailedError(
    `the query process ended unexpectedly (${signal ?? `exit code ${code}`})`,
    "The database may be damaged. RETRAIL_DEBUG=1 shows more.",
  )
}
