/** `retrail doctor --fix`: puts back what a capture that was killed left in the kernel, and says each step. */
import { type KernelState, restore, snapshot } from "../../../sources/audit/kernel-state.ts"
import { StateFileError } from "../../../sources/audit/state-file.ts"
import { hasCode, NativeError } from "../../../sources/native/native-error.ts"
import { type Check, failed, type Machine, noted, ok, warned } from "../check.ts"
import { gatherAudit } from "./audit-facts.ts"
import { describeChanges } from "./describe-changes.ts"
import type { Claim, KernelRepair } from "./kernel-repair.ts"
import type { LeftView } from "./kernel-view.ts"
import { type MendingPlan, planMending, STEP } from "./plan-mending.ts"

const AGAIN = "Run retrail doctor --fix again."

/** Each step as a check. @throws PermissionError when this process may not change the kernel's audit */
export function mend(machine: Machine, open: () => KernelRepair): Check[] {
  if (machine.platform !== "linux") return [ok(STEP, "no capture leaves anything to put back on this system")]
  const facts = gatherAudit(machine)
  const plan = planMending(facts)
  if (plan.kind === "leave") return [plan.why]
  try {
    return carryOut(open(), plan, facts.left)
  } catch (error) {
    if (error instanceof NativeError)
      return [failed(STEP, `the kernel did not do it (${error.message})`, AGAIN)]
    throw error
  }
}

function carryOut(
  repair: KernelRepair,
  { target, goneOwner }: Extract<MendingPlan, { kind: "mend" }>,
  left: LeftView,
): Check[] {
  try {
    const freed = () => (goneOwner === null ? [] : [clearOwner(repair, goneOwner)])
    return target === null ? freed() : withClaim(repair, target, left, freed)
  } finally {
    repair.close()
  }
}

function withClaim(
  repair: KernelRepair,
  target: KernelState,
  left: LeftView,
  freed: () => readonly Check[],
): Check[] {
  const claim = claimNote(repair, target)
  if (claim === "taken") {
    return [noted(STEP, "a capture has begun meanwhile: nothing is changed", "End it instead.")]
  }
  try {
    const steps = [...putBack(repair, target), ...warnOfPanic(left, target), ...freed()]
    return [...steps, ...settle(claim, left, steps)]
  } finally {
    claim?.close()
  }
}

/** null where no note can be written, which is no reason to leave the kernel as it is. */
function claimNote(repair: KernelRepair, target: KernelState): Claim | "taken" | null {
  try {
    return repair.claim(target)
  } catch (error) {
    return error instanceof StateFileError ? "taken" : null
  }
}

function putBack({ control }: KernelRepair, target: KernelState): Check[] {
  const before = snapshot(control)
  const failures = restore(control, target, { ourRules: [] })
  const changes = describeChanges(before, snapshot(control))
  return [
    ...changes.map((change) => ok(STEP, change)),
    ...failures.map(({ step, message }) => failed(STEP, `could not ${step} (${message})`, AGAIN)),
  ]
}

function warnOfPanic(left: LeftView, target: KernelState): Check[] {
  const was = left.state === "left" ? (left.before?.failure ?? 0) : 0
  if (was < 2 || target.failure > 1) return []
  const finding = `failure was ${was}, which stops the machine when a record is lost, and is ${target.failure} now`
  return [warned(STEP, finding, `auditctl -f ${was} sets it again.`)]
}

function clearOwner(repair: KernelRepair, pid: number): Check {
  try {
    repair.clearOwner()
    return ok(STEP, `the socket of process ${pid}, which is gone, is free again`)
  } catch (error) {
    if (hasCode(error, "EEXIST"))
      return noted(STEP, `the owner (process ${pid}) is alive: it keeps the socket`)
    if (error instanceof NativeError)
      return failed(STEP, `could not free the socket (${error.message})`, AGAIN)
    throw error
  }
}

/** Says in the note that all is put back; with a failure it stays, for the next try. */
function settle(claim: Claim | null, left: LeftView, steps: readonly Check[]): Check[] {
  if (steps.some(({ state }) => state === "fail")) return []
  claim?.markRestored()
  if (left.state !== "left") return []
  if (claim !== null) return [ok(STEP, `all that the capture (process ${left.pid}) left is put back`)]
  return [failed(STEP, "/run/retrail cannot be written, so the note of the killed capture stays", AGAIN)]
}
