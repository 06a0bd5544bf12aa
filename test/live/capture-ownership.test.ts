/** Who has the audit socket: a capture that loses it says so and takes it back, and one that cannot have it changes nothing. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { CaptureProcess, countExecs, ownProgram, readRows, testFolder } from "./capture-process.ts"
import { auditSettings, auditStatus, holdKernel } from "./kernel-lock.ts"
import { storm } from "./workload.ts"

const { reason } = await holdKernel()
/** Twice the time between two looks at the owner. */
const LOOKS_MS = 2000

describe.skipIf(reason !== "")(`the audit socket${reason}`, () => {
  it("is taken back when the process that took it has gone", async () => {
    const folder = testFolder()
    const [before, during, after] = ["before", "during", "after"].map((name) => ownProgram(folder, name))
    const capture = await CaptureProcess.start({ folder, arguments: [] })
    await storm(before ?? "", 3)
    const thief = await startThief(capture.pid)
    await capture.until("noticed", () => capture.stderr.includes(`Audit control lost to pid: ${thief.pid}`))
    expect(capture.stderr).toContain("Attempting to reacquire control of the audit service")
    expect(auditStatus().pid).toBe(thief.pid)
    await storm(during ?? "", 3)
    await thief.leave()
    await capture.until("took it back", () => capture.stderr.includes("Audit control is back"))
    expect(auditStatus().pid).toBe(capture.pid)
    await storm(after ?? "", 3)
    const { summary, exitCode } = await capture.finish()
    const counts = [before, during, after].map((path) => countExecs(capture.database, path ?? ""))
    expect([exitCode, ...counts]).toEqual([4, 3, 0, 3])
    expect(summary.loss).toMatchObject({ lostEvents: null, isNone: false })
    const [gap, ...more] = readRows(capture.database, "SELECT * FROM _gaps WHERE kind = 'socket-taken'")
    expect(gap?.what).toMatch(/^\d+\.\d s in which another process received the records$/)
    expect(more).toEqual([])
  })

  it("stays with the other process without audit_persist", async () => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const capture = await CaptureProcess.start({ folder, arguments: ["--audit_persist=false"] })
    const thief = await startThief(capture.pid)
    await capture.until("noticed", () => capture.stderr.includes(`Audit control lost to pid: ${thief.pid}`))
    await thief.leave()
    await new Promise((wake) => setTimeout(wake, LOOKS_MS))
    expect(auditStatus().pid).toBe(0)
    await storm(program, 3)
    const { summary, exitCode, stderr } = await capture.finish()
    expect(stderr).not.toContain("Attempting")
    expect([exitCode, countExecs(capture.database, program)]).toEqual([4, 0])
    expect(summary.gaps).toMatchObject({ "socket-taken": 1 })
  })

  it("of another process is left alone at the start", async () => {
    const owner = await startThief()
    const settings = auditSettings()
    const capture = await CaptureProcess.start({ folder: testFolder(), arguments: [] })
    const { exitCode, stderr } = await capture.ended
    expect([exitCode, auditSettings()]).toEqual([2, settings])
    expect(stderr).toMatch(new RegExp(`^Error: the audit socket belongs to .* \\(process ${owner.pid}\\)`))
    await owner.leave()
  })

  it("and the multicast group beside it give the same rows", async () => {
    const [first, second] = [testFolder(), testFolder()]
    const program = ownProgram(first)
    const owner = await CaptureProcess.start({ folder: first, arguments: [] })
    const settings = auditSettings()
    const listener = await CaptureProcess.start({ folder: second, arguments: ["--multicast"] })
    expect(auditSettings()).toEqual(settings)
    await storm(program, 50)
    const ends = [await listener.finish(), await owner.finish()]
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    const columns = "path, cmdline, pid, parent, cwd, status, time_ns, record_id, argv"
    const rowsOf = (database: string) =>
      readRows(database, `SELECT ${columns} FROM process_events WHERE path = ? ORDER BY record_id`, program)
    const rows = rowsOf(owner.database)
    expect(rows).toHaveLength(50)
    expect(rowsOf(listener.database)).toEqual(rows)
  })
})

interface Thief {
  readonly pid: number | undefined
  leave(): Promise<void>
}

/** Resolves when it has the socket: that of the capture, or one that nobody has. */
async function startThief(victim?: number): Promise<Thief> {
  const script = join(import.meta.dirname, "audit-thief.ts")
  const child = spawn(process.execPath, [script, ...(victim === undefined ? [] : [String(victim)])], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const ended = once(child, "close")
  const leave = async () => {
    child.stdin.end()
    await ended
  }
  onTestFinished(leave)
  await Promise.race([once(child.stdout, "data"), ended])
  return { pid: child.pid, leave }
}
