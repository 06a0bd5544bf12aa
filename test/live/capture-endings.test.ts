/**
 * However a capture ends, the kernel's audit is as it was, the exit code says how, and what was stored stays stored.
 * That the kernel is as before is what `holdKernel` looks at after each test.
 */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { describe, expect, it, onTestFinished } from "vitest"
import {
  CaptureProcess,
  closedInstallation,
  countExecs,
  ownProgram,
  RETRAIL,
  readRows,
  testFolder,
} from "./capture-process.ts"
import { auditStatus, holdKernel, listedRules } from "./kernel-lock.ts"
import { storm } from "./workload.ts"

const { reason } = await holdKernel()
/** Makes an event large. */
const LONG = "x".repeat(20_000)
const DISK_OPTIONS = "size=2m,mode=1777"

describe.skipIf(reason !== "")(`the end of a capture${reason}`, () => {
  it.each(["SIGINT", "SIGTERM"] as const)("by %s stores what ran before it", async (signal) => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const capture = await CaptureProcess.start({ folder, arguments: [] })
    expect(auditStatus()).toMatchObject({ enabled: 1, failure: 0, pid: capture.pid, backlog_limit: 4096 })
    expect(listedRules()).not.toEqual([])
    await storm(program, 20)
    const { exitCode, stdout } = await capture.stop(signal)
    expect([exitCode, JSON.parse(stdout).ended]).toEqual([0, "stopped"])
    expect(countExecs(capture.database, program)).toBe(20)
  })

  it("by --duration stores what ran before it", async () => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const capture = await CaptureProcess.start({ folder, arguments: ["--duration", "1s"] })
    await storm(program, 1)
    const { exitCode, stdout } = await capture.ended
    expect([exitCode, JSON.parse(stdout).ended]).toEqual([0, "time is up"])
    expect(countExecs(capture.database, program)).toBe(1)
  })

  // Tables that are gone are an error that the program cannot expect: one in the way of a row, one in that of a clock.
  it.each(["process_events", "osquery_events"])("by a bug (%s is gone) says so", async (table) => {
    const folder = testFolder()
    const capture = await CaptureProcess.start({ folder, arguments: [] })
    const database = new Database(capture.database, { timeout: 5000 })
    database.exec(`DROP TABLE ${table}`)
    database.close()
    await storm("/bin/true", 5)
    const { exitCode, stderr } = await capture.ended
    expect(stderr).toMatch(/^Error: this is a bug of ours: no such table/m)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(exitCode).toBe(70)
  })

  it.each([
    ["the database", "disk/live.db", "audit.log"],
    ["the raw log", "live.db", "disk/audit.log"],
  ])("by a full disk under %s says so, and keeps what was stored", async (_, database, raw) => {
    const folder = testFolder()
    const program = ownProgram(folder)
    mountSmallDisk(join(folder, "disk"))
    const capture = await CaptureProcess.start({
      folder,
      arguments: ["--raw", raw, "--raw-size", "0"],
      database: join(folder, database),
    })
    while (!capture.hasEnded) await storm(program, 10, 1, LONG)
    const { exitCode, stderr } = await capture.ended
    expect(stderr).toMatch(/^Error: .*(?:no space left|ENOSPC)/m)
    expect(exitCode).toBe(74)
    expect(countExecs(capture.database, program)).toBeGreaterThan(10)
    expect(readRows(capture.database, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }])
  })

  // Root's own installation cannot be read any more once root was given up.
  it.each([
    ["as usual", () => RETRAIL],
    ["installed where only root may go", closedInstallation],
  ])("by a limit on the size of files says so, %s", async (_, install) => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const starter = ["prlimit", "--fsize=2000000"]
    const capture = await CaptureProcess.start({ folder, arguments: [], starter, retrail: install() })
    while (!capture.hasEnded) await storm(program, 10, 1, LONG)
    const { exitCode, stderr } = await capture.ended
    expect(stderr).toMatch(/^Error: (?!this is a bug)/m)
    expect(exitCode).toBe(74)
    expect(countExecs(capture.database, program)).toBeGreaterThan(10)
  })

  it("by a reader of --audit_debug that goes away is an end like any other", async () => {
    const folder = testFolder()
    const capture = await CaptureProcess.start({ folder, arguments: ["--audit_debug"] })
    capture.closeOutput()
    while (!capture.hasEnded) await storm("/bin/true", 5)
    expect((await capture.ended).exitCode).toBe(0)
  })

  it("by SIGKILL is put right by the next capture", async () => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const killed = await CaptureProcess.start({ folder, arguments: [] })
    await storm(program, 3)
    await killed.until("stored rows", () => countExecs(killed.database, program) === 3)
    await killed.stop("SIGKILL")
    expect(auditStatus()).toMatchObject({ enabled: 1, failure: 0, backlog_limit: 4096 })
    const next = await CaptureProcess.start({ folder, arguments: [] })
    expect(next.stderr).toContain("A capture that was killed")
    await storm(program, 2)
    const { exitCode, summary } = await next.finish()
    expect([exitCode, summary.ended]).toEqual([0, "stopped"])
    expect(countExecs(next.database, program)).toBe(5)
    expect(readRows(next.database, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }])
    expect(existsSync(`${next.database}-journal`)).toBe(false)
  })
})

/** Gone with the test. */
function mountSmallDisk(path: string): void {
  mkdirSync(path)
  execFileSync("mount", ["-t", "tmpfs", "-o", DISK_OPTIONS, "tmpfs", path])
  onTestFinished(() => void execFileSync("umount", [path]))
}
