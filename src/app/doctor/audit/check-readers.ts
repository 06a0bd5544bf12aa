/**
 * Programs that want the same records: auditd, which owns the socket, and journald, which reads the multicast group.
 * Sources: osquery's guide to process auditing (both pieces of advice), systemd-journald-audit.socket(8).
 */
import { type Check, type Machine, noted, ok, warned } from "../check.ts"
import type { AuditFacts } from "./audit-facts.ts"
import { type NetlinkSocket, readListeners } from "./listeners.ts"

/** Names of processes are cut to 15 bytes. */
const JOURNALD = "systemd-journal"
/** It opens journald's audit socket, and hands it on. */
const SYSTEMD_PID = 1

export function checkReaders(machine: Machine, { processes }: AuditFacts): Check[] {
  if (processes === null) return [noted("auditd", "unknown: /proc cannot be read")]
  const pidsOf = (name: string) => processes.filter((known) => known.name === name).map(({ pid }) => pid)
  return [checkAuditd(pidsOf("auditd")), checkJournald(machine, pidsOf(JOURNALD))]
}

function checkAuditd([pid]: readonly number[]): Check {
  if (pid === undefined) return ok("auditd", "does not run")
  return warned(
    "auditd",
    `runs (process ${pid}): a capture cannot have the socket meanwhile`,
    "Stop it and keep it from starting (service auditd stop, systemctl disable auditd), or capture with --multicast.",
  )
}

function checkJournald(machine: Machine, pids: readonly number[]): Check {
  if (pids.length === 0) return ok("journald", "does not run")
  const listeners = readListeners(machine)
  if (listeners === null) return noted("journald", "unknown: /proc/net/netlink cannot be read")
  if (!listeners.some((socket) => isHeldBy(machine, socket, pids))) {
    return ok("journald", "leaves the audit records alone")
  }
  return warned(
    "journald",
    "copies every audit record into the journal, which slows a busy machine down",
    "systemctl mask --now systemd-journald-audit.socket keeps them out of it.",
  )
}

/** By the inode where this user may see a process's descriptors, else by who bound the socket. */
function isHeldBy(machine: Machine, { port, inode }: NetlinkSocket, pids: readonly number[]): boolean {
  if (pids.includes(port)) return true
  return pids.some((pid) => {
    const folder = `/proc/${pid}/fd`
    const descriptors = machine.list(folder)
    if (descriptors === null) return port === SYSTEMD_PID
    return descriptors.some((name) => machine.link(`${folder}/${name}`) === `socket:[${inode}]`)
  })
}
