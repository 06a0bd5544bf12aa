/**
 * What the host offers as live sources, as far as the file system tells; nothing of it is needed for saved
 * evidence. Sources: audit(7), netlink(7), capabilities(7), proc(5), auditpipe(4), eslogger(1).
 */
import { type Check, type Machine, noted, ok } from "./check.ts"

const NETLINK_AUDIT = 9
/** Bits of CapEff in /proc/self/status (linux/capability.h). */
const CAPABILITIES: readonly (readonly [number, string])[] = [
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
      return [
        checkAudit(machine),
        checkAuditOwner(machine),
        checkLogin(machine),
        checkCapabilities(machine),
        checkBpf(machine),
      ]
    case "freebsd":
      return [checkAuditpipe(machine)]
    case "darwin":
      return [checkAuditpipe(machine), checkEslogger(machine)]
    default:
      return [noted("live sources", `none on ${machine.platform}`)]
  }
}

/** The kernel makes the file when it was built with CONFIG_AUDIT. */
function checkAudit(machine: Machine): Check {
  if (machine.look("/proc/self/loginuid").kind === "absent") return noted("audit", "this kernel has no audit")
  const commandLine = machine.look("/proc/cmdline")
  const isOff = commandLine.kind === "text" && /(?:^|\s)audit=(?:0|off)(?:\s|$)/.test(commandLine.text)
  if (isOff) return noted("audit", "switched off at boot (audit=0)", "Boot without audit=0 to record events.")
  return ok("audit", "in the kernel; whether it is enabled is unknown: auditctl -s tells root")
}

/** /proc/net/netlink: sk, Eth (protocol), Pid (port), Groups, …; a daemon's port is as a rule its process id. */
function checkAuditOwner(machine: Machine): Check {
  const sockets = machine.look("/proc/net/netlink")
  if (sockets.kind !== "text") return noted("audit owner", "unknown: /proc/net/netlink cannot be read")
  let owners = 0
  let listeners = 0
  for (const line of sockets.text.split("\n").slice(1)) {
    const [, protocol, port, groups] = line.trim().split(/\s+/)
    if (Number(protocol) !== NETLINK_AUDIT || port === "0") continue
    if (/^0+$/.test(groups ?? "0")) owners++
    else listeners++
  }
  const multicast = `${listeners} multicast listener${listeners === 1 ? "" : "s"}`
  if (owners === 0)
    return ok("audit owner", `no audit socket is open in this network namespace; ${multicast}`)
  return noted(
    "audit owner",
    `${owners} audit socket${owners === 1 ? " is" : "s are"} open, as a rule auditd's; ${multicast}`,
  )
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
  return ok("capabilities", `${who}; ${held.length === 0 ? "none that live sources need" : held.join(", ")}`)
}

function checkBpf(machine: Machine): Check {
  const types = machine.exists("/sys/kernel/btf/vmlinux") ? "BTF types" : "no BTF types"
  const tracing = ["/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events"].some(machine.exists)
  const events = tracing
    ? "tracefs is mounted"
    : machine.isRoot
      ? "tracefs is not mounted"
      : "tracefs unknown: only root sees it"
  const disabled = machine.look("/proc/sys/kernel/unprivileged_bpf_disabled")
  const bpf = disabled.kind === "absent" ? "the kernel has no bpf(2)" : "the kernel has bpf(2)"
  return noted("bpf", `${bpf}; ${types}; ${events}`)
}

function checkAuditpipe(machine: Machine): Check {
  if (machine.exists("/dev/auditpipe")) return ok("auditpipe", "/dev/auditpipe is there")
  return noted("auditpipe", "there is no /dev/auditpipe", "Enable the kernel's audit to have it.")
}

function checkEslogger(machine: Machine): Check {
  if (machine.exists("/usr/bin/eslogger")) return ok("eslogger", "installed")
  return noted("eslogger", "not installed: it comes with macOS 13 and newer")
}
