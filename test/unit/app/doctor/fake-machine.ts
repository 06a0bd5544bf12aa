/** Any machine, for the doctor's tests. */
import type { KernelView } from "../../../../src/app/doctor/audit/kernel-view.ts"
import type { Look, Machine } from "../../../../src/app/doctor/check.ts"
import type { AuditRule } from "../../../../src/sources/audit/rule.ts"
import type { AuditStatus } from "../../../../src/sources/audit/status.ts"

export const NETLINK =
  "sk               Eth Pid        Groups   Rmem\n0000 9   0          00000000 0        0        0     2        0        6\n"

/** A Linux whose files are those; a folder has the names that the paths below it begin with. */
export function machine(
  files: Readonly<Record<string, string | "denied">>,
  changes: Partial<Machine> = {},
): Machine {
  const known = new Map(Object.entries(files))
  const look = (name: string): Look => {
    const text = known.get(name)
    if (text === undefined) return { kind: "absent" }
    return text === "denied" ? { kind: "denied" } : { kind: "text", text }
  }
  return {
    platform: "linux",
    arch: "x64",
    nodeVersion: "24.1.0",
    isRoot: false,
    nowMs: Date.UTC(2026, 2, 1),
    hasZstd: true,
    sqlite: () => ({ version: "3.54.1" }),
    look,
    exists: (name) => known.has(name),
    list: (path) => namesIn(path, [...known.keys()]),
    link: (path) => known.get(path) ?? null,
    freeBytes: () => 2 ** 40,
    kernel: () => ({ kind: "refused" }),
    left: () => ({ state: "none", before: null, pid: 0, startTime: "" }),
    ...changes,
  }
}

/** Files of proc(5) for a process. */
export function processFiles(
  pid: number,
  name: string,
  { start = 100, command = name, state = "S" } = {},
): Record<string, string> {
  const rest = Array.from({ length: 18 }, () => "0").join(" ")
  return {
    [`/proc/${pid}/comm`]: `${name}\n`,
    [`/proc/${pid}/stat`]: `${pid} (${name}) ${state} ${rest} ${start} 0 0\n`,
    [`/proc/${pid}/cmdline`]: `${command.replaceAll(" ", "\0")}\0`,
  }
}

export const CAPTURE = "/usr/bin/node /opt/retrail/bin/run.js capture audit -d live.db"

export function asked(
  status: Partial<AuditStatus> = {},
  rules: readonly AuditRule[] = [],
  bufferBytes = 8 * 1024 * 1024,
): KernelView {
  return { kind: "asked", status: { ...QUIET, ...status }, rules, bufferBytes }
}

/** As a kernel is that nobody has touched. */
const QUIET: AuditStatus = {
  mask: 0,
  enabled: 0,
  failure: 1,
  pid: 0,
  rateLimit: 0,
  backlogLimit: 64,
  lost: 0,
  backlog: 0,
  featureBitmap: 0,
  backlogWaitTime: 15000,
  backlogWaitTimeActual: 0,
}

function namesIn(path: string, paths: readonly string[]): string[] | null {
  const below = paths.filter((one) => one.startsWith(`${path}/`)).map((one) => one.slice(path.length + 1))
  const names = new Set(below.map((one) => one.split("/", 1)[0] ?? ""))
  return names.size === 0 ? null : [...names]
}
