/**
 * What the host offers as live sources; nothing of it is needed for saved evidence. Sources: audit(7),
 * capabilities(7), proc(5), auditpipe(4), eslogger(1).
 */
import { OsqueryFlags } from "../../pipeline/flags/osquery-flags.ts"
import { parseCpus } from "../../sources/bpf/machine.ts"
import { planBpf } from "../capture/bpf/plan-text.ts"
import { howToEnable } from "../capture/bsm/how-to-enable.ts"
import { sizeText } from "../output/amounts.ts"
import { gatherAudit } from "./audit/audit-facts.ts"
import { checkBuffer } from "./audit/check-buffer.ts"
import { checkLeft } from "./audit/check-left.ts"
import { checkReaders } from "./audit/check-readers.ts"
import { checkRules } from "./audit/check-rules.ts"
import { checkStatus } from "./audit/check-status.ts"
import { type Check, type Machine, noted, ok, warned } from "./check.ts"

/** Bits of CapEff in /proc/self/status (linux/capability.h). */
const CAPABILITIES: readonly (readonly [number, string])[] = [
  [12, "NET_ADMIN"],
  [21, "SYS_ADMIN"],
  [29, "AUDIT_WRITE"],
  [30, "AUDIT_CONTROL"],
  [37, "AUDIT_READ"],
  [38, "PERFMON"],
  [39, "BPF"],
]
/** 2^32 - 1: the login uid of processes that no login started. */
const NO_LOGIN = "4294967295"

export function checkLive(machine: Machine): Check[] {
  switch (machine.platform) {
    case "linux":
      return [...checkAudit(machine), checkLogin(machine), checkCapabilities(machine), checkBpf(machine)]
    case "freebsd":
      return [checkAuditpipe(machine)]
    case "darwin":
      return [checkAuditpipe(machine), checkEslogger(machine)]
    default:
      return [noted("live sources", `none on ${machine.platform}`)]
  }
}

function checkAudit(machine: Machine): Check[] {
  const facts = gatherAudit(machine)
  return [
    ...checkStatus(machine, facts),
    ...checkRules(facts),
    checkLeft(facts),
    ...checkReaders(machine, facts),
    checkBuffer(machine, facts),
  ]
}

function checkLogin(machine: Machine): Check {
  const login = machine.look("/proc/self/loginuid")
  if (login.kind !== "text") return noted("login uid", `unknown: /proc/self/loginuid is ${login.kind}`)
  const isSet = login.text.trim() !== NO_LOGIN
  return ok("login uid", isSet ? "set: own actions are logged with it" : "not set in this session")
}

function checkCapabilities(machine: Machine): Check {
  const status = machine.look("/proc/self/status")
  const mask = status.kind === "text" ? /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status.text)?.[1] : undefined
  if (mask === undefined) return noted("capabilities", "unknown: /proc/self/status does not tell")
  const bits = BigInt(`0x${mask}`)
  const held = CAPABILITIES.filter(([bit]) => ((bits >> BigInt(bit)) & 1n) === 1n).map(([, name]) => name)
  const who = machine.isRoot ? "root" : "not root"
  const finding = `${who}; ${held.length === 0 ? "none that live sources need" : held.join(", ")}`
  if (held.includes("AUDIT_CONTROL") && held.includes("AUDIT_READ")) return ok("capabilities", finding)
  const fix = "capture audit needs AUDIT_CONTROL, with --multicast AUDIT_READ as well: run it as root."
  return noted("capabilities", finding, fix)
}

function checkBpf(machine: Machine): Check {
  const hasTypes = machine.exists("/sys/kernel/btf/vmlinux")
  const types = hasTypes ? "BTF types" : "no BTF types"
  const hasEvents = ["/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events"].some(machine.exists)
  const events = hasEvents
    ? "tracefs is mounted"
    : machine.isRoot
      ? "tracefs is not mounted"
      : "tracefs unknown: only root sees it"
  const disabled = machine.look("/proc/sys/kernel/unprivileged_bpf_disabled")
  const bpf = disabled.kind === "absent" ? "the kernel has no bpf(2)" : "the kernel has bpf(2)"
  const finding = `${bpf}; ${types}; ${events}`
  if (disabled.kind === "absent") return noted("bpf", finding)
  if (!hasTypes) return noted("bpf", finding, "capture bpf needs a kernel with CONFIG_DEBUG_INFO_BTF.")
  if (!machine.isRoot) return noted("bpf", finding, "capture bpf needs root.")
  if (!hasEvents) return noted("bpf", finding, "mount -t tracefs tracefs /sys/kernel/tracing")
  return ok("bpf", `${finding}; memory: ${memoryOf(machine)}`)
}

/** With osquery's flags at their standard values. */
function memoryOf(machine: Machine): string {
  const online = machine.look("/sys/devices/system/cpu/online")
  const possible = machine.look("/sys/devices/system/cpu/possible")
  if (online.kind !== "text" || possible.kind !== "text") return "retrail capture bpf --dry-run tells"
  const plan = planBpf({ transport: "auto" }, new OsqueryFlags(), {
    pageBytes: 4096,
    onlineCpus: parseCpus(online.text),
    possibleCpus: (parseCpus(possible.text).at(-1) ?? 0) + 1,
  })
  const { storageBytes, ringsBytes } = plan.osquery
  return `capture bpf takes ${sizeText(plan.totalBytes)}, osquery ${sizeText(storageBytes + ringsBytes)}`
}

function checkAuditpipe(machine: Machine): Check {
  const advice = howToEnable(machine.platform)
  if (!machine.exists("/dev/auditpipe")) return noted("auditpipe", "there is no /dev/auditpipe", advice)
  // The device is there even while nothing is audited: auditd's settings tell.
  if (!machine.exists("/etc/security/audit_control"))
    return warned("auditpipe", "/dev/auditpipe is there, but auditing is not set up", advice)
  if (machine.isRoot) return ok("auditpipe", "/dev/auditpipe is there: capture bsm can read it")
  return noted("auditpipe", "/dev/auditpipe is there, not root", "capture bsm needs root.")
}

function checkEslogger(machine: Machine): Check {
  if (machine.exists("/usr/bin/eslogger")) {
    if (machine.isRoot) return ok("eslogger", "installed; Full Disk Access shows when it starts")
    return noted("eslogger", "installed, not root", "capture es needs root, and Full Disk Access.")
  }
  return noted("eslogger", "not installed: it comes with macOS 13 and newer")
}
