/**
 * What `retrail doctor --fix` is to do, if anything. While a capture runs nothing is touched; nor are foreign rules,
 * nor the settings of a program that became the owner later.
 */
import type { KernelState } from "../../../sources/audit/kernel-state.ts"
import { isSameRule } from "../../../sources/audit/rule.ts"
import { PermissionError } from "../../errors.ts"
import { type Check, failed, noted, ok } from "../check.ts"
import { type AuditFacts, ownRules } from "./audit-facts.ts"
import { HOW_TO_DISTRUST } from "./check-left.ts"
import type { AskedKernel } from "./kernel-view.ts"

/** The name of the steps among the checks. */
export const STEP = "fix"

export type MendingPlan =
  /** Nothing is done. */
  | { readonly kind: "leave"; readonly why: Check }
  | {
      readonly kind: "mend"
      /** How rules and settings should be; null when they are. */
      readonly target: KernelState | null
      /** An owner that is gone. */
      readonly goneOwner: number | null
    }

/** @throws PermissionError when this process may not change the kernel's audit */
export function planMending(facts: AuditFacts): MendingPlan {
  const { kernel, left, captures, owner } = facts
  if (kernel.kind === "refused" || left.state === "unknown") {
    throw new PermissionError(
      "only root may put the kernel's audit back",
      "Run it as root, on the host itself.",
    )
  }
  const [capture] = captures
  if (capture !== undefined) {
    const fix = "End it instead (Ctrl+C, or SIGTERM): it puts everything back itself."
    return leave(noted(STEP, `a capture runs (process ${capture}): nothing is changed`, fix))
  }
  if (left.state === "untrusted") {
    return leave(failed(STEP, "what a capture noted cannot be believed: nothing is changed", HOW_TO_DISTRUST))
  }
  if (kernel.kind !== "asked") return leave(describeUnreached(left.state === "left"))
  const target = targetOf(facts, kernel)
  const goneOwner = owner.kind === "gone" ? owner.pid : null
  if (target === null && goneOwner === null) return leave(ok(STEP, "there is nothing to put back"))
  if (target === null || kernel.status.enabled < 2) return { kind: "mend", target, goneOwner }
  return leave(
    failed(STEP, "audit is locked (enabled 2): nothing can be put back", "Boot again: that does it."),
  )
}

function describeUnreached(isLeft: boolean): Check {
  if (!isLeft) return ok(STEP, "there is nothing to put back")
  const fix = "The line audit says why; put it right and run retrail doctor --fix again."
  return failed(STEP, "the kernel cannot be asked: nothing is put back", fix)
}

function leave(why: Check): MendingPlan {
  return { kind: "leave", why }
}

function targetOf({ left, owner }: AuditFacts, kernel: AskedKernel): KernelState | null {
  const own = ownRules(kernel.rules)
  if (left.state !== "left" || left.before === null) {
    // Who reads now may want them: --keep-rules may have left them for that.
    return own.length === 0 || owner.kind === "other" ? null : without(kernel, own)
  }
  const { before, startTime } = left
  if (owner.kind === "other" && owner.startTime > Number(startTime)) {
    // Who came after the capture has made settings of its own.
    return without(
      kernel,
      own.filter((rule) => !before.rules.some((known) => isSameRule(known, rule))),
    )
  }
  return { ...before, ...harmlessWords(before, kernel) }
}

function without({ status, rules }: AskedKernel, unwanted: AskedKernel["rules"]): KernelState {
  const { enabled, failure, rateLimit, backlogLimit, backlogWaitTime } = status
  const kept = rules.filter((rule) => !unwanted.includes(rule))
  return { enabled, failure, rateLimit, backlogLimit, backlogWaitTime, rules: kept }
}

/** Neither a lock nor a panic is ever set from here, not even where it was. */
function harmlessWords(
  before: KernelState,
  { status }: AskedKernel,
): Pick<KernelState, "enabled" | "failure"> {
  return {
    enabled: before.enabled > 1 ? status.enabled : before.enabled,
    failure: before.failure > 1 ? status.failure : before.failure,
  }
}
