/**
 * Lets one test at a time change the kernel's audit, however many files run at once; says why none may; and holds what
 * they leave against what they found.
 * The lock goes with the process that holds it, which ends when its standard input does. Source: flock(1).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, expect } from "vitest"

const AUDITCTL = "/usr/sbin/auditctl"
const LOCK = join(tmpdir(), "retrail-audit.lock")
const WANTED = "needs root and the kernel's audit"
/** What the kernel counts by itself is no setting. */
const COUNTERS = new Set(["lost", "backlog", "backlog_wait_time_actual"])

export interface HeldKernel {
  /** '' when live tests can run here; else the reason, as the end of a test's title. */
  readonly reason: string
}

/**
 * Waits for the other tests, and holds the kernel until all tests of the calling file have run: to be awaited where
 * the file begins, since only who has the lock can tell whether somebody else uses the kernel's audit.
 * After each test the kernel has to be as it was.
 */
export async function holdKernel(): Promise<HeldKernel> {
  const missing = whatIsMissing()
  if (missing !== "") return { reason: ` (skipped: ${WANTED}${missing})` }
  const lock = await lockAudit()
  const found = auditSettings()
  if (found.pid !== 0 || found.enabled !== 0 || found.rules !== "") {
    await lock.release()
    return { reason: ` (skipped: ${WANTED}, which is in use)` }
  }
  afterEach(() => {
    expect(auditSettings()).toEqual(found)
  })
  afterAll(() => lock.release())
  return { reason: "" }
}

function whatIsMissing(): string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return " on Linux"
  if (!existsSync(AUDITCTL)) return ", and auditctl as the oracle"
  return auditStatus().enabled === undefined ? ", which does not answer" : ""
}

/** All that a person can set, by the names of auditctl -s, and the rules as auditctl -l prints them. */
export function auditSettings(): Record<string, number | string> {
  const words = Object.entries(auditStatus()).filter(([name]) => !COUNTERS.has(name))
  return { ...Object.fromEntries(words), rules: listedRules().join("\n") }
}

export function auditctl(...args: readonly string[]): string {
  return execFileSync(AUDITCTL, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

/** What auditctl -l prints, a rule a line. */
export function listedRules(): string[] {
  const lines = auditctl("-l").split("\n")
  return lines.filter((line) => line !== "" && line !== "No rules")
}

export interface AuditLock {
  release(): Promise<void>
}

/** For tests that leave audit alone, and still want the machine for themselves. */
export async function lockAudit(): Promise<AuditLock> {
  const holder: ChildProcess = spawn("flock", [LOCK, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "ignore"],
  })
  if (holder.stdout === null) throw new Error("flock has no output")
  await once(holder.stdout, "data")
  return {
    release: async () => {
      const closed = once(holder, "close")
      holder.stdin?.end()
      await closed
    },
  }
}

/** The numbers of auditctl -s, by name. */
export function auditStatus(): Record<string, number> {
  try {
    const lines = auditctl("-s").trim().split("\n")
    return Object.fromEntries(lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]))
  } catch {
    return {}
  }
}
