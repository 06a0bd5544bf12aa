/** Whether a capture that was killed left the kernel's audit changed. */
import { countOf } from "../../output/amounts.ts"
import { type Check, failed, noted, ok, warned } from "../check.ts"
import { type AuditFacts, ownRules } from "./audit-facts.ts"

export const HOW_TO_DISTRUST =
  "Compare auditctl -s and -l with what they should be, then remove /run/retrail."

export function checkLeft({ kernel, left, captures, owner }: AuditFacts): Check {
  const [capture] = captures
  if (capture !== undefined) {
    return noted("audit left", `a capture runs (process ${capture}), and puts everything back at its end`)
  }
  if (left.state === "left") {
    const finding = `a capture that was killed (process ${left.pid}) has left the kernel's audit changed`
    return failed("audit left", finding, "retrail doctor --fix, as root, puts it back.")
  }
  if (left.state === "untrusted") {
    return failed(
      "audit left",
      "what a capture noted of the kernel's audit is damaged, or others could have written it",
      HOW_TO_DISTRUST,
    )
  }
  const own = kernel.kind === "asked" ? ownRules(kernel.rules).length : 0
  if (own > 0) {
    const finding = `${countOf(own, "rule")} of retrail, although no capture runs: kept by --keep-rules, or left by one that was killed`
    const isTaken = owner.kind === "other"
    const fix = isTaken ? "auditctl -D -k retrail removes them." : "retrail doctor --fix removes them."
    return warned("audit left", finding, fix)
  }
  if (left.state === "unknown" || kernel.kind !== "asked") {
    return noted("audit left", "unknown: only root can tell what a killed capture left")
  }
  return ok("audit left", "nothing: no capture was killed since boot, or all is put back")
}
