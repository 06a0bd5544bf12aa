import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import type Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  type RunningSchedule,
  type ScheduleMessage,
  type ScheduleRequest,
  startSchedule,
} from "../../../../../src/app/capture/schedule/run-schedule.ts"
import type { ScheduledQuery } from "../../../../../src/pipeline/schedule/config.ts"
import { createLiveDatabase, insertRow } from "../../../store/sqlite/live-database.ts"
import { type Line, scheduleRequestOf } from "./request.ts"

let folder = ""
let live: Database.Database
let running: RunningSchedule[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retrail-"))
  live = createLiveDatabase(join(folder, "live.db"))
  running = []
})
afterEach(async () => {
  for (const schedule of running) await schedule.stop(0)
  live.close()
  rmSync(folder, { recursive: true })
})

const query = (name: string, sql: string, more: Partial<ScheduledQuery> = {}): ScheduledQuery => ({
  name,
  sql,
  intervalS: 1,
  isSnapshot: false,
  keepsRemoved: true,
  pack: "",
  ...more,
})
const EXECS = query("execs", "SELECT pid FROM process_events")

function start(queries: readonly ScheduledQuery[], more: Partial<ScheduleRequest> = {}) {
  const messages: ScheduleMessage[] = []
  const schedule = startSchedule({ ...scheduleRequestOf(folder, queries), ...more }, (one) =>
    messages.push(one),
  )
  running.push(schedule)
  return { schedule, messages }
}

/** The whole lines: what a process is just writing may show without its end. */
const lines = () =>
  readFileSync(join(folder, "log/osqueryd.results.log"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
const pids = () => lines().map(({ columns }) => Number(columns?.pid))
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

async function until(condition: () => boolean, timeoutMs = 15_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!condition() && Date.now() < end) await setTimeout(20)
  expect(condition()).toBe(true)
}

/** Writes rows as a capture does: in many small transactions, while queries run. */
async function grow(from: number, to: number): Promise<void> {
  for (let pid = from; pid <= to; ) {
    live
      .transaction(() => {
        for (let count = 0; count < 7 && pid <= to; count++) insertRow(live, "process_events", { pid: pid++ })
      })
      .immediate()
    await setTimeout(2)
  }
}

describe("the schedule's process", () => {
  it("logs every row of a growing database once, across restarts", async () => {
    let last = 0
    for (let round = 0; round < 2; round++) {
      const { schedule, messages } = start([EXECS])
      await schedule.ready
      await grow(last + 1, last + 3000)
      last += 3000
      if (round === 0) await schedule.stop()
      else await until(() => pids().length >= last)
      expect(messages.filter(({ kind }) => kind === "warning" || kind === "failed")).toEqual([])
    }
    expect(pids()).toEqual(upTo(last))
  })

  it("tells of each run, and is quiet and quick at the end", async () => {
    const { schedule, messages } = start([EXECS])
    insertRow(live, "process_events", { pid: 1 })
    await until(() => messages.some((one) => one.kind === "run" && one.rows === 1))
    const began = performance.now()
    await schedule.stop()
    expect(performance.now() - began).toBeLessThan(4500)
    expect(await schedule.ended).toEqual({ reason: "" })
    const run = messages.find((one) => one.kind === "run" && one.rows === 1)
    expect(run).toMatchObject({ name: "execs", tables: ["process_events"], hasFailed: false })
    expect(messages[0]).toEqual({ kind: "ready" })
  })

  it("can be ended in the middle of a query that never ends", async () => {
    const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    const { schedule, messages } = start([query("endless", endless)])
    await until(() => messages.some(({ kind }) => kind === "started"))
    await until(() =>
      messages.some(
        (one) => one.kind === "warning" && one.message.includes("endless has been running for 2 s"),
      ),
    )
    await schedule.stop(100)
    expect(await schedule.ended).toEqual({ reason: "" })
  })

  it("says why it could not begin", async () => {
    const { schedule } = start([EXECS], { database: join(folder, "absent.db") })
    expect((await schedule.ended).reason).toMatch(/unable to open database file/)
    await schedule.ready
  })

  it("says that it was killed, and ends by itself when its time is over", async () => {
    const { schedule } = start([EXECS])
    await schedule.ready
    process.kill(schedule.pid ?? 0, "SIGKILL")
    expect((await schedule.ended).reason).toMatch(/unexpectedly \(SIGKILL\)/)
    const timed = start([EXECS], { timeoutS: 1 })
    expect(await timed.schedule.ended).toEqual({ reason: "" })
  })

  it("logs every row once though it is killed in the middle of runs", async () => {
    const wide = query("wide", "SELECT pid, hex(zeroblob(20000)) AS padding FROM process_events")
    let last = 0
    for (let round = 0; round < 6; round++) {
      const { schedule, messages } = start([wide])
      await schedule.ready
      await grow(last + 1, last + 300)
      last += 300
      await until(() => messages.some(({ kind }) => kind === "started"))
      await setTimeout(5 * round)
      process.kill(schedule.pid ?? 0, "SIGKILL")
      await schedule.ended
    }
    start([wide])
    await until(() => new Set(pids()).size >= last)
    expect(pids()).toEqual(upTo(last))
  })
})

const isRoot = process.platform === "linux" && process.getuid?.() === 0

describe.skipIf(!isRoot)("privileges (skipped: needs root)", () => {
  it("are gone once database and log are open", async () => {
    const account = { uid: 65_534, gid: 65_534 }
    chmodSync(folder, 0o755)
    const { schedule, messages } = start([EXECS], {
      dropTo: account,
      log: { folder: join(folder, "log"), mode: 0o640, rotation: { sizeBytes: 200, maxFiles: 3 } },
    })
    await schedule.ready
    const status = readFileSync(`/proc/${schedule.pid}/status`, "utf8")
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534\nGid:\t65534\t65534\t65534\t65534$/m)
    expect(status).toMatch(/^Groups:\t65534 ?$/m)
    await grow(1, 20)
    await until(() => messages.some((one) => one.kind === "run" && one.rows > 0))
    await grow(21, 40)
    await until(() => messages.filter((one) => one.kind === "run" && one.rows > 0).length >= 2)
    expect(messages.filter(({ kind }) => kind === "warning" || kind === "failed")).toEqual([])
    const log = statSync(join(folder, "log/osqueryd.results.log"))
    expect([log.uid, log.gid, log.mode & 0o777]).toEqual([65_534, 65_534, 0o640])
    expect(statSync(join(folder, "log/osqueryd.results.log.1")).size).toBeGreaterThan(0)
    expect(statSync(join(folder, "live.db")).uid).toBe(0)
  })
})
