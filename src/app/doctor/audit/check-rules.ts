/** The rules that are loaded. Sources: auditctl(8), kernel/auditsc.c (audit_filter_task, audit_filter_syscall). */
import type { AuditRule } from "../../../sources/audit/rule.ts"
import { ACTION, FIELD, LIST } from "../../../sources/audit/rule-fields.ts"
import { countOf, countText } from "../../output/amounts.ts"
import { type Check, noted, ok, warned } from "../check.ts"
import { type AuditFacts, ownRules } from "./audit-facts.ts"

export function checkRules({ kernel, captures }: AuditFacts): Check[] {
  if (kernel.kind !== "asked") return []
  const { rules } = kernel
  return [countRules(rules, captures.length > 0), ...checkSilence(rules)]
}

function countRules(rules: readonly AuditRule[], isCapturing: boolean): Check {
  if (rules.length > 0) {
    const own = ownRules(rules).length
    return ok("audit rules", `${countOf(rules.length, "rule")}, ${countText(own)} of retrail`)
  }
  if (!isCapturing) return ok("audit rules", "none: a capture brings its own")
  const fix = "Start the capture without --no-rules, or load rules: auditctl -R FILE"
  return noted("audit rules", "none: the kernel records no system call for the capture that runs", fix)
}

function checkSilence(rules: readonly AuditRule[]): Check[] {
  const checks: Check[] = []
  // The first rule of a list that fits decides.
  const [task] = rules.filter(({ list }) => list === LIST.task)
  if (task !== undefined && isSilencing(task)) {
    checks.push(
      warned(
        "audit rules",
        "never,task is among them: no process that starts under it is ever recorded",
        "auditctl -d never,task, then start again what is to be seen: a process keeps what it was born with.",
      ),
    )
  }
  const [exit] = rules.filter(({ list }) => list === LIST.exit)
  if (exit !== undefined && isSilencing(exit) && exit.syscalls === "all") {
    const finding = "never,exit for all calls is the first of them: the rules behind it never act"
    checks.push(warned("audit rules", finding, "auditctl -d never,exit -S all removes it."))
  }
  return checks
}

/** It fits everything: no field but a key narrows it. */
function isSilencing({ action, fields }: AuditRule): boolean {
  return action === ACTION.never && fields.every(({ field }) => field === FIELD.key)
}
