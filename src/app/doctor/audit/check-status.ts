/**
 * What auditctl -s would say, and what of it stands in a capture's way. Sources: auditctl(8), kernel/audit.c,
 * osquery's troubleshooting of auditing on Linux (enabled and pid).
 */
import { countOf, countText } from "../../output/amounts.ts"
import { type Check, type Machine, noted, ok, warned, withAside } from "../check.ts"
import type { AuditFacts } from "./audit-facts.ts"
import type { AskedKernel } from "./kernel-view.ts"
import { readListeners } from "./listeners.ts"

export function checkStatus(machine: Machine, facts: AuditFacts): Check[] {
  const off = checkBoot(machine)
  if (off !== null) return [off]
  const { kernel } = facts
  if (kernel.kind !== "asked") return [describeUnasked(kernel.kind), checkSockets(machine)]
  return [
    checkEnabled(kernel),
    checkOwner(machine, facts, kernel),
    checkQueue(kernel),
    checkLost(facts, kernel),
    ...checkLimits(kernel),
  ]
}

/** The kernel makes /proc/self/loginuid when it was built with CONFIG_AUDIT. */
function checkBoot(machine: Machine): Check | null {
  if (machine.look("/proc/self/loginuid").kind === "absent") return noted("audit", "this kernel has no audit")
  const commandLine = machine.look("/proc/cmdline")
  const isOff = commandLine.kind === "text" && /(?:^|\s)audit=(?:0|off)(?:\s|$)/.test(commandLine.text)
  if (!isOff) return null
  return noted("audit", "switched off at boot (audit=0)", "Boot without audit=0 to record events.")
}

function describeUnasked(kind: Exclude<AuditFacts["kernel"]["kind"], "asked">): Check {
  switch (kind) {
    case "refused":
      return ok(
        "audit",
        "in the kernel; its state and rules are unknown: only root can ask, on the host itself",
      )
    case "absent":
      return noted("audit", "the kernel has no audit socket")
    case "unsupported":
      return noted("audit", "in the kernel; live capture needs x86_64 or aarch64")
    case "unloadable":
      return warned(
        "audit",
        "in the kernel, but koffi, by which live capture reaches it, does not load",
        "Install again with npm ci; a copied node_modules must come from the same kind of machine.",
      )
    case "silent":
      return warned("audit", "in the kernel, but it does not answer", "Look into the kernel's log: dmesg")
  }
}

function checkEnabled({ status }: AskedKernel): Check {
  if (status.enabled === 1) return ok("audit", "in the kernel, switched on (enabled 1)")
  if (status.enabled === 0) {
    return noted(
      "audit",
      "in the kernel, switched off (enabled 0)",
      "A capture switches it on while it runs.",
    )
  }
  return warned(
    "audit",
    `locked until the next boot (enabled ${status.enabled}): no rule and no limit can be changed`,
    "Boot again to change them; until then a capture records what the loaded rules give.",
  )
}

function checkOwner(machine: Machine, { owner }: AuditFacts, { status }: AskedKernel): Check {
  const multicast = countOf(readListeners(machine)?.length ?? 0, "multicast listener")
  switch (owner.kind) {
    case "none":
    case "unknown":
      if (status.enabled === 0) return ok("audit owner", `nobody; ${multicast}`)
      return noted(
        "audit owner",
        `nobody, although audit is on: records go to the kernel's log; ${multicast}`,
        "A capture takes them; auditctl -e 0 switches audit off.",
      )
    case "capture":
      return ok("audit owner", `a capture of retrail (process ${owner.pid}); ${multicast}`)
    case "other":
      return withAside(
        noted(
          "audit owner",
          `${multicast}; the owner is process ${owner.pid}`,
          "Capture with --multicast beside it, or stop it first: the socket has one owner.",
        ),
        owner.name,
      )
    case "gone":
      return warned(
        "audit owner",
        `process ${owner.pid}, which is gone; ${multicast}`,
        "retrail doctor --fix frees the socket.",
      )
  }
}

/** Without the kernel's word: what the file system tells of sockets in this network namespace. */
function checkSockets(machine: Machine): Check {
  const sockets = readListeners(machine, "all")
  if (sockets === null) return noted("audit owner", "unknown: /proc/net/netlink cannot be read")
  const listeners = sockets.filter(({ isListener }) => isListener).length
  const owners = sockets.length - listeners
  const multicast = countOf(listeners, "multicast listener")
  if (owners === 0) {
    return ok("audit owner", `no audit socket is open in this network namespace; ${multicast}`)
  }
  const open = `${countOf(owners, "audit socket")} ${owners === 1 ? "is" : "are"} open`
  return noted("audit owner", `${open}, as a rule auditd's; ${multicast}`)
}

function checkQueue({ status }: AskedKernel): Check {
  const { backlog, backlogLimit, backlogWaitTime } = status
  const limit = backlogLimit === 0 ? "no limit" : `a limit of ${countText(backlogLimit)}`
  const wait = backlogWaitTime === null ? "" : `; wait time ${countText(backlogWaitTime)}`
  const finding = `${countOf(backlog, "record")} waiting, ${limit}${wait}`
  if (backlogLimit === 0 || backlog * 2 < backlogLimit) return ok("audit queue", finding)
  return warned(
    "audit queue",
    `${finding}: its owner reads too slowly`,
    "--audit_backlog_limit=8192 gives a capture more room; fewer rules give it less to do.",
  )
}

function checkLost({ owner }: AuditFacts, { status }: AskedKernel): Check {
  if (status.lost === 0) return ok("audit lost", "nothing since boot")
  const finding = `${countOf(status.lost, "record")} since boot, or since somebody reset it`
  // While nobody reads, losing is what the kernel does.
  if (owner.kind !== "capture" && owner.kind !== "other") return noted("audit lost", finding)
  return warned(
    "audit lost",
    finding,
    "Look again: when it grows, raise --audit_backlog_limit or load fewer rules.",
  )
}

function checkLimits({ status }: AskedKernel): Check[] {
  const checks: Check[] = []
  if (status.failure > 1) {
    const fix = "auditctl -f 1 prints a message instead."
    checks.push(warned("audit limits", "a record that is lost stops the machine (failure 2)", fix))
  }
  if (status.rateLimit > 0) {
    const finding = `what goes beyond ${countOf(status.rateLimit, "record")} a second is thrown away (rate_limit)`
    checks.push(warned("audit limits", finding, "auditctl -r 0 removes the limit."))
  }
  return checks.length > 0 ? checks : [ok("audit limits", `failure ${status.failure}, no rate limit`)]
}
