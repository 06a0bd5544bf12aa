/**
 * What a capture leaves in this kernel when it is killed, and `retrail doctor --fix`, as a person runs them; auditctl
 * is the witness. The last hook checks that the kernel is as it was found.
 */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import type { Check } from "../../src/app/doctor/check.ts"
import {
  type AuditLock,
  auditctl,
  auditStatus,
  listedRules,
  lockAudit,
  whyNoLiveAudit,
} from "./audit-lock.ts"

const reason = whyNoLiveAudit()
const BIN = resolve(import.meta.dirname, "../../bin/run.js")
const COUNTERS = ["lost", "backlog", "backlog_wait_time_actual"]

describe.skipIf(reason !== "")(
  `retrail doctor and the kernel's audit${reason}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "retrail-live-doctor-"))
    const children: ChildProcess[] = []
    let lock: AuditLock
    let found: ReturnType<typeof kernelState>

    beforeAll(async () => {
      lock = await lockAudit()
      found = kernelState()
      if (found.rules.length > 0) throw new Error("there are audit rules already")
    }, 600_000)
    afterEach(async () => {
      for (const child of children.splice(0)) await end(child, "SIGKILL")
      runDoctor("--fix")
      auditctl("-D")
      const { failure, backlog_limit, backlog_wait_time } = found.status
      auditctl("-e", "0", "-f", String(failure), "-b", String(backlog_limit))
      auditctl("--backlog_wait_time", String(backlog_wait_time))
    })
    afterAll(async () => {
      rmSync(folder, { recursive: true })
      const now = kernelState()
      await lock.release()
      expect(now).toEqual(found)
    })

    it("tells what a killed capture left, and puts it back", async () => {
      auditctl("-a", "always,exit", "-S", "close", "-F", "uid=4711", "-k", "theirs")
      auditctl("-b", "123")
      const before = kernelState()
      const capture = await startCapture()
      await end(capture, "SIGKILL")
      expect(auditStatus()).toMatchObject({ enabled: 1, pid: capture.pid, backlog_limit: 4096 })
      const rules = listedRules()
      expect(rules.length).toBeGreaterThan(1)

      const sick = runDoctor("--json")
      expect(sick.status).toBe(2)
      const checks = JSON.parse(sick.stdout).checks as Check[]
      const find = (name: string) => checks.find((check) => check.name === name)
      expect(find("audit left")).toMatchObject({ state: "fail" })
      expect(find("audit owner")).toMatchObject({ state: "warn" })
      expect(find("audit owner")?.finding).toContain(`process ${capture.pid}, which is gone`)
      expect(find("audit")?.finding).toContain("enabled 1")
      expect(find("audit queue")?.finding).toContain("limit of 4 096")
      expect(find("audit rules")?.finding).toBe(`${rules.length} rules, ${rules.length - 1} of retrail`)
      expect(listedRules()).toEqual(rules)

      const mended = runDoctor("--fix")
      expect(mended.stdout).toContain(`${rules.length - 1} rules of retrail removed`)
      for (const step of ["enabled 1 -> 0", "backlog_limit 4096 -> 123", "is free again"]) {
        expect(mended.stdout.replaceAll(/\s+/g, " ")).toContain(step)
      }
      expect(kernelState()).toEqual(before)
      expect(mended.status).toBe(0)
      expect(runDoctor("--fix").stdout).toContain("there is nothing to put back")
    })

    it("changes nothing while a capture runs", async () => {
      const before = kernelState()
      const capture = await startCapture()
      const busy = kernelState()
      const { status, stdout } = runDoctor("--fix")
      expect(stdout).toContain(`a capture runs (process ${capture.pid}): nothing is changed`)
      expect(status).toBe(0)
      expect(kernelState()).toEqual(busy)
      expect(busy.status.pid).toBe(capture.pid)
      await end(capture, "SIGTERM")
      expect(kernelState()).toEqual(before)
      expect(runDoctor("--fix").stdout).toContain("there is nothing to put back")
    })

    it("leaves the socket and the settings to an owner that came after the killed capture", async () => {
      await end(await startCapture(), "SIGKILL")
      const { status } = kernelState()
      const holder = await startHolder()
      const mended = runDoctor("--fix")
      expect(mended.stdout).toContain("of retrail removed")
      expect(kernelState()).toEqual({ status: { ...status, pid: holder.pid }, rules: [] })
      expect(mended.status).toBe(0)
    })

    it("frees the socket of any owner that is gone", async () => {
      const before = kernelState()
      const holder = await startHolder()
      await end(holder, "SIGKILL")
      expect(auditStatus().pid).toBe(holder.pid)
      expect(runDoctor("--fix").stdout).toContain(`socket of process ${holder.pid}`)
      expect(kernelState()).toEqual(before)
    })

    it("removes rules that --keep-rules left, once nobody reads", async () => {
      const capture = await startCapture("--keep-rules")
      await end(capture, "SIGTERM")
      expect(listedRules().length).toBeGreaterThan(0)
      const checks = JSON.parse(runDoctor("--json").stdout).checks as Check[]
      expect(checks.find(({ name }) => name === "audit left")?.state).toBe("warn")
      runDoctor("--fix")
      expect(listedRules()).toEqual([])
    })

    async function startCapture(...more: readonly string[]): Promise<ChildProcess> {
      const args = [BIN, "capture", "audit", "-d", join(folder, "live.db"), "--quiet", ...more]
      const child = spawn(process.execPath, args, { stdio: "ignore" })
      children.push(child)
      await vi.waitFor(
        () => {
          expect(child.exitCode).toBeNull()
          expect(auditStatus()).toMatchObject({ enabled: 1, pid: child.pid })
        },
        { timeout: 20_000, interval: 100 },
      )
      return child
    }

    /** Another program that owns the socket. */
    async function startHolder(): Promise<ChildProcess> {
      const child = fork(new URL("./audit-child.ts", import.meta.url), ["hold", folder], { execArgv: [] })
      children.push(child)
      await once(child, "message")
      return child
    }

    async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, "exit")
      child.kill(signal)
      await exited
    }
  },
  60_000,
)

function runDoctor(...args: readonly string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [BIN, "doctor", ...args], { encoding: "utf8" })
}

/** What auditctl -s and -l print, without what the kernel counts. */
function kernelState(): { status: Record<string, number>; rules: string[] } {
  const words = Object.entries(auditStatus()).filter(([name]) => !COUNTERS.includes(name))
  return { status: Object.fromEntries(words), rules: listedRules() }
}
