import { describe, expect, it } from "vitest"
import type { Claim, KernelRepair } from "../../../../../src/app/doctor/audit/kernel-repair.ts"
import type { LeftView } from "../../../../../src/app/doctor/audit/kernel-view.ts"
import { mend } from "../../../../../src/app/doctor/audit/mend.ts"
import type { Machine } from "../../../../../src/app/doctor/check.ts"
import { PermissionError } from "../../../../../src/app/errors.ts"
import type { KernelState } from "../../../../../src/sources/audit/kernel-state.ts"
import { StateFileError } from "../../../../../src/sources/audit/state-file.ts"
import { systemError } from "../../../../../src/sources/native/native-error.ts"
import { keyedRule } from "../../../sources/audit/rules.ts"
import { SmallKernel, type Words } from "../../../sources/audit/small-kernel.ts"
import { asked, CAPTURE, machine, processFiles } from "../fake-machine.ts"

const QUIET: Words = { enabled: 0, failure: 1, rateLimit: 0, backlogLimit: 64, backlogWaitTime: 15000 }
const BUSY: Words = { enabled: 1, failure: 0, rateLimit: 0, backlogLimit: 4096, backlogWaitTime: 0 }
const OURS = keyedRule(59, "retrail")
const THEIRS = keyedRule(2, "theirs")
const DEAD = 812

interface Scene {
  readonly words?: Words
  readonly rules?: KernelState["rules"]
  readonly pid?: number
  readonly left?: LeftView
  readonly files?: Readonly<Record<string, string>>
  readonly changes?: Partial<Machine>
  readonly claim?: () => Claim
  readonly ownerIsAlive?: true
}

function left(before: Partial<KernelState> = {}, startTime = "50"): LeftView {
  return { state: "left", before: { ...QUIET, rules: [], ...before }, pid: DEAD, startTime }
}

/** A kernel, what mending says of it, and what was done around it. */
function run(scene: Scene) {
  const kernel = new SmallKernel(scene.words ?? BUSY, scene.rules ?? [])
  kernel.pid = scene.pid ?? 0
  const events: string[] = []
  const claim = { markRestored: () => events.push("restored"), close: () => events.push("closed") }
  const repair: KernelRepair = {
    control: kernel,
    clearOwner: () => {
      events.push("cleared")
      if (scene.ownerIsAlive) throw systemError("AUDIT_SET", 17)
      kernel.pid = 0
    },
    claim: (target) => {
      events.push(`claimed ${target.enabled}`)
      return scene.claim?.() ?? claim
    },
    close: () => events.push("done"),
  }
  const view = machine(scene.files ?? {}, {
    kernel: () => asked(kernel.status(), kernel.listRules()),
    ...(scene.left === undefined ? {} : { left: () => scene.left as LeftView }),
    ...scene.changes,
  })
  const steps = mend(view, () => {
    events.push("opened")
    return repair
  })
  const said = steps.map(({ state, finding }) => `${state}: ${finding}`)
  return { kernel, events, said }
}

describe("mending what a killed capture left", () => {
  it("puts back words, rules and ownership, and says each step", () => {
    const before = { rules: [THEIRS, keyedRule(1, "lost")] }
    const { kernel, events, said } = run({ rules: [THEIRS, OURS], pid: DEAD, left: left(before) })
    expect(kernel.words).toEqual(QUIET)
    expect(kernel.rules).toEqual(before.rules)
    expect(kernel.pid).toBe(0)
    expect(said).toEqual([
      "ok: 1 rule of retrail removed",
      "ok: 1 rule from before the capture put back",
      "ok: enabled 1 -> 0",
      "ok: failure 0 -> 1",
      "ok: backlog_limit 4096 -> 64",
      "ok: backlog_wait_time 0 -> 15000",
      "ok: the socket of process 812, which is gone, is free again",
      "ok: all that the capture (process 812) left is put back",
    ])
    expect(events).toEqual(["opened", "claimed 0", "cleared", "restored", "closed", "done"])
  })

  it("frees the socket although a later process has the number of the killed one", () => {
    const files = processFiles(DEAD, "cron", { start: 900 })
    const { kernel } = run({ pid: DEAD, left: left(), files })
    expect([kernel.pid, kernel.words]).toEqual([0, QUIET])
    const alive = run({ pid: DEAD, left: left(), files, ownerIsAlive: true })
    expect(alive.said).toContain("info: the owner (process 812) is alive: it keeps the socket")
    expect(alive.kernel.pid).toBe(DEAD)
  })

  it("removes rules that nobody uses, and nothing else", () => {
    const { kernel, said } = run({ rules: [THEIRS, OURS] })
    expect(kernel.rules).toEqual([THEIRS])
    expect(kernel.words).toEqual(BUSY)
    expect(said).toEqual(["ok: 1 rule of retrail removed"])
  })

  it("keeps rules of ours that were there before the killed capture", () => {
    const kept = keyedRule(42, "retrail")
    expect(run({ rules: [kept, OURS], left: left({ rules: [kept] }) }).kernel.rules).toEqual([kept])
  })

  it("frees the socket of anybody who is gone", () => {
    const { kernel, events } = run({ words: QUIET, pid: 4000 })
    expect(kernel.pid).toBe(0)
    expect(events).toEqual(["opened", "cleared", "done"])
  })

  it("has nothing to do where nothing is wrong", () => {
    const { events, said } = run({ words: QUIET, rules: [THEIRS] })
    expect([events, said]).toEqual([[], ["ok: there is nothing to put back"]])
    expect(run({ changes: { platform: "darwin" } }).events).toEqual([])
    expect(run({ changes: { kernel: () => ({ kind: "absent" }) } }).said).toEqual([
      "ok: there is nothing to put back",
    ])
  })
})

describe("mending beside others", () => {
  const capture = processFiles(7, "node", { command: CAPTURE })
  const auditd = (start: number) => processFiles(811, "auditd", { start })

  it("changes nothing while a capture runs", () => {
    const alive: LeftView = { state: "alive", before: { ...QUIET, rules: [] }, pid: 7, startTime: "50" }
    for (const scene of [{ left: alive }, { files: capture }, { files: capture, left: left() }]) {
      const { kernel, events, said } = run({ ...scene, rules: [OURS], pid: 7 })
      expect([events, said]).toEqual([[], ["info: a capture runs (process 7): nothing is changed"]])
      expect([kernel.words, kernel.rules, kernel.pid]).toEqual([BUSY, [OURS], 7])
    }
  })

  it("leaves an owner that came later its settings, and takes our rules away", () => {
    const scene = { rules: [THEIRS, OURS], pid: 811, left: left({ rules: [keyedRule(1, "old")] }) }
    const { kernel, said } = run({ ...scene, files: auditd(60) })
    expect([kernel.words, kernel.rules, kernel.pid]).toEqual([BUSY, [THEIRS], 811])
    expect(said[0]).toBe("ok: 1 rule of retrail removed")
  })

  it("puts back the settings of an owner that was there before the capture", () => {
    const { kernel } = run({ rules: [OURS], pid: 811, left: left({ enabled: 1 }), files: auditd(40) })
    expect([kernel.words, kernel.rules, kernel.pid]).toEqual([{ ...QUIET, enabled: 1 }, [], 811])
  })

  it("leaves kept rules to an owner that lives", () => {
    const { kernel, events } = run({ rules: [OURS], pid: 811, files: auditd(60) })
    expect([events, kernel.rules]).toEqual([[], [OURS]])
  })
})

describe("mending against resistance", () => {
  it("neither locks nor makes the kernel panic", () => {
    const { kernel, said } = run({ left: left({ enabled: 2, failure: 2 }) })
    expect(kernel.words).toEqual({ ...QUIET, enabled: 1, failure: 0 })
    expect(said).toContainEqual(expect.stringMatching(/^warn: failure was 2, .* is 0 now$/))
  })

  it("fails when the kernel cannot be reached", () => {
    const { events, said } = run({ left: left(), changes: { kernel: () => ({ kind: "unloadable" }) } })
    expect([events, said]).toEqual([[], ["fail: the kernel cannot be asked: nothing is put back"]])
  })

  it("gives up on a locked kernel", () => {
    const { events, said } = run({ words: { ...BUSY, enabled: 2 }, left: left() })
    expect([events, said]).toEqual([[], [expect.stringMatching(/^fail: audit is locked/)]])
  })

  it("believes no note that others could have written", () => {
    const { events, said } = run({ rules: [OURS], left: { state: "untrusted" } })
    expect([events, said]).toEqual([[], [expect.stringMatching(/^fail: what a capture noted/)]])
  })

  it("lets a capture begin first", () => {
    const claim = () => {
      throw new StateFileError("taken")
    }
    const { kernel, said } = run({ left: left(), claim })
    expect([kernel.words, said]).toEqual([BUSY, [expect.stringMatching(/^info: a capture has begun/)]])
  })

  it("puts the kernel back where no note can be written, and says so", () => {
    const claim = () => {
      throw Object.assign(new Error(), { code: "EROFS" })
    }
    const { kernel, said } = run({ left: left(), claim })
    expect(kernel.words).toEqual(QUIET)
    expect(said.at(-1)).toMatch(/^fail: .* the note of the killed capture stays$/)
  })

  it("keeps the note for another try when the kernel refuses a step", () => {
    const scene: Scene = { left: left(), rules: [OURS] }
    const kernel = new SmallKernel(BUSY, [OURS])
    kernel.broken.add("failure")
    const events: string[] = []
    const steps = mend(
      machine({}, { kernel: () => asked(kernel.status(), kernel.rules), left: () => scene.left as LeftView }),
      () => ({
        control: kernel,
        clearOwner: () => events.push("cleared"),
        claim: () => ({ markRestored: () => events.push("restored"), close: () => events.push("closed") }),
        close: () => events.push("done"),
      }),
    )
    expect(events).toEqual(["closed", "done"])
    expect(kernel.words).toEqual({ ...QUIET, failure: 0 })
    expect(steps.filter(({ state }) => state === "fail").map(({ finding }) => finding)).toEqual([
      expect.stringMatching(/^could not put back failure \(.*EPERM/),
    ])
  })

  it("tells whom only root can help", () => {
    expect(() => run({ changes: { kernel: () => ({ kind: "refused" }) } })).toThrow(PermissionError)
    expect(() => run({ left: { state: "unknown" } })).toThrow(PermissionError)
  })

  it("survives a kernel that stops answering", () => {
    const silent = () => {
      throw systemError("AUDIT_GET", 110)
    }
    const steps = mend(machine({}, { kernel: () => asked(BUSY, [OURS]) }), silent)
    expect(steps).toEqual([expect.objectContaining({ state: "fail" })])
  })
})
