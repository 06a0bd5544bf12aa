/**
 * Lets one test at a time change the kernel's audit, however many files run at once; and says why none may.
 * The lock goes with the process that holds it, which ends when its standard input does. Source: flock(1).
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const AUDITCTL = "/usr/sbin/auditctl"
const LOCK = join(tmpdir(), "retrail-live-audit.lock")

/** '' when live audit tests can run here; else the reason, as the end of a test's title. */
export function whyNoLiveAudit(): string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return " (skipped: needs root on Linux)"
  if (!existsSync(AUDITCTL)) return " (skipped: needs auditctl as the oracle)"
  // Other files may be at it: what counts is what they leave.
  const { enabled, pid } = auditStatus("flock", LOCK, AUDITCTL, "-s")
  if (enabled === undefined) return " (skipped: needs root, the kernel's audit does not answer)"
  return enabled === 0 && pid === 0 ? "" : " (skipped: the kernel's audit is in use)"
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

/** Waits for the other tests. */
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

/** The numbers of auditctl -s, by name; none when it fails. */
export function auditStatus(...command: readonly string[]): Record<string, number> {
  const [program = AUDITCTL, ...args] = command.length > 0 ? command : [AUDITCTL, "-s"]
  try {
    const output = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
    const lines = output.trim().split("\n")
    return Object.fromEntries(lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]))
  } catch {
    return {}
  }
}
