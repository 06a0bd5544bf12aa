/** A capture by BPF of one control group, which a test's own programs run in: others of the machine are not seen. */
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, rmdirSync } from "node:fs"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import type { CaptureSummary } from "../../src/app/capture/capture-request.ts"
import { findCgroupMount } from "../../src/sources/bpf/cgroups.ts"
import { RETRAIL } from "./capture-process.ts"

const WANTED = "needs root, BTF and control groups on Linux"

/** '' when it can run here; else the end of a test's title. */
export function whyNoBpf(): string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return ` (skipped: ${WANTED})`
  if (!existsSync("/sys/kernel/btf/vmlinux") || findCgroupMount() === undefined)
    return ` (skipped: ${WANTED})`
  return ""
}

/** A group of the running test. */
export function testGroup(): string {
  const group = join(findCgroupMount() ?? "", `retrail-test-${process.pid}-${Math.floor(performance.now())}`)
  mkdirSync(group)
  onTestFinished(() => rmdirSync(group))
  return group
}

export interface EndedBpf {
  readonly summary: CaptureSummary
  readonly exitCode: number | null
  readonly stderr: string
  readonly stopMs: number
}

export interface RunningBpf {
  readonly pid: number
  readonly database: string
  readonly finish: () => Promise<EndedBpf>
}

/** Resolves once it records. */
export async function startBpf(folder: string, group: string, more: readonly string[]): Promise<RunningBpf> {
  const database = join(folder, "live.db")
  const args = [RETRAIL, "capture", "bpf", "-d", database, "--cgroup", group, "--json", "--events_expiry=0"]
  const child = spawn(process.execPath, [...args, ...more], { stdio: ["ignore", "pipe", "pipe"] })
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (piece: Buffer) => {
    stdout += piece
  })
  const closed = once(child, "close")
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill("SIGKILL")
    await closed
  })
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (piece: Buffer) => {
      stderr += piece
      if (stderr.includes("Recording into")) resolve()
    })
    child.once("close", () => resolve())
  })
  const finish = async () => {
    const began = performance.now()
    child.kill("SIGTERM")
    const [exitCode] = await closed
    if (stdout === "") throw new Error(`the capture ended with ${exitCode}: ${stderr}`)
    return { summary: JSON.parse(stdout), exitCode, stderr, stopMs: performance.now() - began }
  }
  return { pid: child.pid ?? 0, database, finish }
}

/** Names of our programs and maps that a process holds; its descriptors tell (proc(5), fdinfo). */
export function programsOf(pid: number): number {
  try {
    const listed = execFileSync("sh", ["-c", `cat /proc/${pid}/fdinfo/* 2>/dev/null | grep -c ^map_type`], {
      encoding: "utf8",
    })
    return Number(listed)
  } catch {
    return 0
  }
}
