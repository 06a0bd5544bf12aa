/**
 * What a capture leaves in this kernel when it is killed, and `retrail doctor --fix`, as a person runs them; auditctl
 * is the witness.
 */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import type { Check } from "../../src/app/doctor/check.ts"
import { readStateFile } from "../../src/sources/audit/state-file.ts"
import { auditctl, auditSettings, auditStatus, holdKernel, listedRules } from "./kernel-lock.ts"

const { reason } = await holdKernel()
const BIN = resolve(import.meta.dirname, "../../bin/run.js")

describe.skipIf(reason !== "")(
  `retrail doctor and the kernel's audit${reason}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "retrail-live-doctor-"))
    const children: ChildProcess[] = []
    let found: ReturnType<typeof auditSettings>

    beforeAll(() => {
      found = auditSettings()
    })
    afterEach(async () => {
      for (const child of children.splice(0)) await end(child, "SIGKILL")
      // What a test that failed left.
      if (readStateFile().state === "left") runDoctor("--fix")
      auditctl("-D")
      const { failure, backlog_limit, backlog_wait_time } = found
      auditctl("-e", "0", "-f", String(failure), "-b", String(backlog_limit))
      auditctl("--backlog_wait_time", String(backlog_wait_time))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    it("tells what a killed capture left, and puts it back", async () => {
      auditctl("-a", "always,exit", "-S", "close", "-F", "uid=4711", "-k", "theirs")
      auditctl("-b", "123")
      const before = auditSettings()
      const capture = await startCapture()
      await end(capture, "SIGKILL")
      expect(auditStatus()).toMatchObject({ enabled: 1, backlog_limit: 4096 })
      const rules = listedRules()
      expect(rules.length).toBeGreaterThan(1)

      const sick = runDoctor("--json")
      expect(sick.status).toBe(2)
      const checks = JSON.parse(sick.stdout).checks as Check[]
      const find = (name: string) => checks.find((check) => check.name === name)
      expect(find("audit left")).toMatchObject({ state: "fail" })
      expect(find("audit left")?.finding).toContain(`(process ${capture.pid})`)
      // The first record that cannot be delivered makes the kernel forget an owner that is gone.
      expect(find("audit owner")?.finding).toMatch(/^nobody, although audit is on/)
      expect(find("audit")?.finding).toContain("enabled 1")
      expect(find("audit queue")?.finding).toContain("limit of 4 096")
      expect(find("audit rules")?.finding).toBe(`${rules.length} rules, ${rules.length - 1} of retrail`)
      expect(listedRules()).toEqual(rules)

      const mended = runDoctor("--fix")
      expect(mended.stdout).toContain(`${rules.length - 1} rules of retrail removed`)
      for (const step of ["enabled 1 -> 0", "backlog_limit 4096 -> 123", "left is put back"]) {
        expect(mended.stdout.replaceAll(/\s+/g, " ")).toContain(step)
      }
      expect(auditSettings()).toEqual(before)
      expect(mended.status).toBe(0)
      expect(runDoctor("--fix").stdout).toContain("there is nothing to put back")
    })

    it("changes nothing while a capture runs", async () => {
      const before = auditSettings()
      const capture = await startCapture()
      const busy = auditSettings()
      const { status, stdout } = runDoctor("--fix")
      expect(stdout).toContain(`a capture runs (process ${capture.pid}): nothing is changed`)
      expect(status).toBe(0)
      expect(auditSettings()).toEqual(busy)
      expect(busy.pid).toBe(capture.pid)
      await end(capture, "SIGTERM")
      expect(auditSettings()).toEqual(before)
    })

    it("leaves the socket and the settings to an owner that came after the killed capture", async () => {
      await end(await startCapture(), "SIGKILL")
      const left = auditSettings()
      const holder = await startHolder()
      const mended = runDoctor("--fix")
      expect(mended.stdout).toContain("of retrail removed")
      expect(auditSettings()).toEqual({ ...left, pid: holder.pid, rules: "" })
      expect(mended.status).toBe(0)
    })

    it("frees the socket of any owner that is gone", async () => {
      const before = auditSettings()
      const holder = await startHolder()
      await end(holder, "SIGKILL")
      expect(auditStatus().pid).toBe(holder.pid)
      expect(runDoctor("--fix").stdout).toContain(`socket of process ${holder.pid}`)
      expect(auditSettings()).toEqual(before)
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
