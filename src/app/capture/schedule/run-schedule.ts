/** The capture's side of the schedule: starts its process, hears from it, ends it in time; it never waits for a query. */
import { type ChildProcess, fork } from "node:child_process"
import { durationText } from "../../query/parse-duration.ts"
import type { ScheduleMessage, ScheduleOrder, ScheduleRequest } from "./schedule-messages.ts"

export type { ScheduleMessage, ScheduleRequest } from "./schedule-messages.ts"

/** Without a reason it ended because it was asked to, or because its time was over. */
export interface ScheduleEnd {
  readonly reason: string
}

export interface RunningSchedule {
  /** Of its process; undefined when there is none. */
  readonly pid: number | undefined
  /** Resolves when queries can run, and also when they never will: `ended` tells. */
  readonly ready: Promise<void>
  readonly ended: Promise<ScheduleEnd>
  /** Lets queries that only log new events run once more, and what runs come to its end, for at most `graceMs`. */
  stop(graceMs?: number): Promise<void>
}

const GRACE_MS = 5000

/** `hear` gets every message as it comes. */
export function startSchedule(
  request: ScheduleRequest,
  hear: (message: ScheduleMessage) => void,
): RunningSchedule {
  const child = startChild()
  const kill = () => void child.kill("SIGKILL")
  process.once("exit", kill)
  const slow = new SlowQueryAlarm((message) => hear({ kind: "warning", message }))
  let reason = ""
  let isAsked = false
  let setReady = () => {}
  const ready = new Promise<void>((resolve) => {
    setReady = resolve
  })
  const ended = new Promise<ScheduleEnd>((resolve) => {
    const finish = (death: string) => {
      process.off("exit", kill)
      slow.clear()
      setReady()
      resolve({ reason: reason === "" && !isAsked ? death : reason })
    }
    child.once("error", (error) => finish(error.message))
    child.once("close", (code, signal) => {
      finish(code === 0 ? "" : `it ended unexpectedly (${signal ?? `exit code ${code}`})`)
    })
  })
  child.on("message", (message: ScheduleMessage) => {
    if (message.kind === "ready") setReady()
    if (message.kind === "failed") reason = message.message
    slow.hear(message)
    hear(message)
  })
  order(child, { kind: "begin", request })
  const stop = async (graceMs = GRACE_MS) => {
    isAsked = true
    order(child, { kind: "stop", hasLastRound: true })
    const timer = setTimeout(kill, graceMs)
    await ended
    clearTimeout(timer)
  }
  return { pid: child.pid, ready, ended, stop }
}

function startChild(): ChildProcess {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."))
  const script = new URL(`./schedule-child${extension}`, import.meta.url)
  const stderr = process.env.RETRAIL_DEBUG === "1" ? "inherit" : "ignore"
  return fork(script, [], { stdio: ["ignore", "ignore", stderr, "ipc"], execArgv: [] })
}

function order(child: ChildProcess, message: ScheduleOrder): void {
  if (child.connected) child.send(message, () => {})
}

/** A process that is deep in SQLite cannot say so itself. */
class SlowQueryAlarm {
  readonly #warn: (message: string) => void
  #timer: NodeJS.Timeout | undefined

  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  hear(message: ScheduleMessage): void {
    if (message.kind === "run") this.clear()
    if (message.kind !== "started") return
    const { name, intervalS } = message
    const ms = Math.max(intervalS, 1) * 2000
    const text = `${name} has been running for ${durationText(ms)}; no other query runs meanwhile`
    this.#timer = setTimeout(() => this.#warn(text), ms)
    this.#timer.unref()
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
