/**
 * The process that scheduled queries run in: SQLite cannot be interrupted from JavaScript, so a runaway query must be
 * one that can be killed. It opens the database and the log, drops what it does not need, and ends with its parent.
 */
import { setImmediate, setTimeout } from "node:timers/promises"
import { ResultsLog } from "../../../pipeline/results/results-log.ts"
import { ScheduleStore } from "../../../store/sqlite/schedule-store.ts"
import type { Account, ScheduleMessage, ScheduleOrder, ScheduleRequest } from "./schedule-messages.ts"
import { ScheduleRunner } from "./schedule-runner.ts"

/** A clock that was set is noticed within this time. */
const LONGEST_SLEEP_MS = 5000

const stopping = new AbortController()
let hasLastRound = false
process.once("disconnect", () => process.exit())
// The terminal sends it to all its processes; the parent decides when this one ends.
process.on("SIGINT", () => {})
process.on("SIGTERM", () => stopping.abort())
process.on("message", (order: ScheduleOrder) => {
  if (order.kind === "stop") {
    hasLastRound = order.hasLastRound
    stopping.abort()
  } else run(order.request).then(end, fail)
})

function send(message: ScheduleMessage): void {
  if (process.connected) process.send?.(message)
}

function end(): void {
  if (process.connected) process.disconnect()
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  if (!process.connected) return
  process.send?.({ kind: "failed", message } satisfies ScheduleMessage, end)
}

async function run(request: ScheduleRequest): Promise<void> {
  const store = new ScheduleStore(request.database)
  const owner = request.dropTo
  const log =
    request.log === null
      ? null
      : new ResultsLog({ ...request.log, ...(owner === undefined ? {} : { owner }) })
  if (owner !== undefined) dropPrivileges(owner)
  const runner = new ScheduleRunner({ request, store, log, nowMs: Date.now, send })
  send({ kind: "ready" })
  await keepRunning(
    runner,
    request.timeoutS === 0 ? Number.POSITIVE_INFINITY : Date.now() + request.timeoutS * 1000,
  )
  if (hasLastRound) for (const task of runner.lastRound()) task()
  store.close()
  log?.close()
}

async function keepRunning(runner: ScheduleRunner, endMs: number): Promise<void> {
  const { signal } = stopping
  while (!signal.aborted && Date.now() < endMs) {
    const sleepMs = Math.min(runner.msUntilDue(), LONGEST_SLEEP_MS, Math.max(1, endMs - Date.now()))
    await setTimeout(sleepMs, null, { signal }).catch(() => {})
    for (const task of runner.due()) {
      if (signal.aborted) return
      task()
      // Between two queries the word to end can come in.
      await setImmediate()
    }
  }
}

/** In this order: without the groups' and the group's rights gone first, the last call would leave them. */
function dropPrivileges({ uid, gid }: Account): void {
  process.setgroups?.([gid])
  process.setgid?.(gid)
  process.setuid?.(uid)
}
