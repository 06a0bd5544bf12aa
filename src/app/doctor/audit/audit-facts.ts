/** Everything that the checks of the kernel's audit speak of, looked at once. */
import { type AuditRule, KEY_SEPARATOR, ruleKey } from "../../../sources/audit/rule.ts"
import { OWN_KEY } from "../../../sources/audit/wanted-rules.ts"
import type { Machine } from "../check.ts"
import type { KernelView, LeftView } from "./kernel-view.ts"
import { findCaptures, listProcesses, type ProcessFact, startOf } from "./processes.ts"

export interface AuditFacts {
  readonly kernel: KernelView
  readonly left: LeftView
  /** null when nobody tells. */
  readonly processes: readonly ProcessFact[] | null
  /** Process ids of captures that run. */
  readonly captures: readonly number[]
  readonly owner: AuditOwner
}

/** Whom the kernel's audit socket belongs to, as far as the kernel was asked. */
export type AuditOwner =
  | { readonly kind: "none" | "unknown" }
  | { readonly kind: "gone"; readonly pid: number }
  | {
      readonly kind: "capture" | "other"
      readonly pid: number
      readonly name: string
      /** Clock ticks since boot. */
      readonly startTime: number
    }

export function gatherAudit(machine: Machine): AuditFacts {
  const kernel = machine.kernel()
  const left = machine.left()
  const processes = listProcesses(machine)
  const found = findCaptures(machine, processes ?? [])
  const noted = left.state === "alive" ? [left.pid] : []
  const captures = [...new Set([...noted, ...found])]
  const owner = ownerOf(machine, { kernel, left, captures, processes })
  return { kernel, left, captures, processes, owner }
}

export function ownRules(rules: readonly AuditRule[]): readonly AuditRule[] {
  return rules.filter((rule) => ruleKey(rule).split(KEY_SEPARATOR).includes(OWN_KEY))
}

function ownerOf(machine: Machine, facts: Omit<AuditFacts, "owner">): AuditOwner {
  const { kernel, left, captures, processes } = facts
  if (kernel.kind !== "asked") return { kind: "unknown" }
  const { pid } = kernel.status
  if (pid === 0) return { kind: "none" }
  const start = startOf(machine, pid)
  // A later process may have got the number of the one that was killed; the kernel still means the first.
  const isKilled = left.state === "left" && left.pid === pid
  if (start === undefined || isKilled) return { kind: "gone", pid }
  const name = processes?.find((known) => known.pid === pid)?.name ?? ""
  return { kind: captures.includes(pid) ? "capture" : "other", pid, name, startTime: Number(start) }
}
