/** What is different between two states of the kernel's audit, in the words of auditctl(8). */
import type { KernelState } from "../../../sources/audit/kernel-state.ts"
import { type AuditRule, isSameRule } from "../../../sources/audit/rule.ts"
import { countOf } from "../../output/amounts.ts"

const WORDS = [
  ["enabled", "enabled"],
  ["failure", "failure"],
  ["rateLimit", "rate_limit"],
  ["backlogLimit", "backlog_limit"],
  ["backlogWaitTime", "backlog_wait_time"],
] as const

/** A line a change. */
export function describeChanges(before: KernelState, after: KernelState): string[] {
  const removed = missing(before.rules, after.rules)
  const added = missing(after.rules, before.rules)
  return [
    ...(removed > 0 ? [`${countOf(removed, "rule")} of retrail removed`] : []),
    ...(added > 0 ? [`${countOf(added, "rule")} from before the capture put back`] : []),
    ...WORDS.flatMap(([name, word]) => {
      return before[name] === after[name] ? [] : [`${word} ${before[name]} -> ${after[name]}`]
    }),
  ]
}

/** How many of `rules` are not among `others`. */
function missing(rules: readonly AuditRule[], others: readonly AuditRule[]): number {
  return rules.filter((rule) => !others.some((other) => isSameRule(rule, other))).length
}
