import { describe, expect, it } from "vitest"
import type { KernelView } from "../../../../../src/app/doctor/audit/kernel-view.ts"
import type { Check, Machine } from "../../../../../src/app/doctor/check.ts"
import { checkLive } from "../../../../../src/app/doctor/check-live.ts"
import { makeRule, textField } from "../../../../../src/sources/audit/rule.ts"
import { ACTION, FIELD, LIST, OPERATOR } from "../../../../../src/sources/audit/rule-fields.ts"
import { keyedRule } from "../../../sources/audit/rules.ts"
import { asked, CAPTURE, machine, NETLINK, processFiles } from "../fake-machine.ts"

const BASE = { "/proc/self/loginuid": "1000", "/proc/net/netlink": NETLINK, "/proc/1/comm": "init\n" }
const BEFORE = { enabled: 0, failure: 1, rateLimit: 0, backlogLimit: 64, backlogWaitTime: 15000, rules: [] }

function examine(
  kernel: KernelView,
  files: Readonly<Record<string, string>> = {},
  changes: Partial<Machine> = {},
): (name: string) => Check[] {
  const checks = checkLive(machine({ ...BASE, ...files }, { kernel: () => kernel, ...changes }))
  return (name) => checks.filter((check) => check.name === name)
}

const stateOf = (checks: readonly Check[]) => checks.map(({ state }) => state).join()

describe("the state of the kernel's audit", () => {
  it("is all right where nobody has touched it", () => {
    const find = examine(asked())
    expect(find("audit")[0]?.finding).toBe("in the kernel, switched off (enabled 0)")
    for (const name of ["owner", "queue", "lost", "limits", "rules", "left"]) {
      expect([name, stateOf(find(`audit ${name}`))]).toEqual([name, "ok"])
    }
    expect(find("audit queue")[0]?.finding).toBe("0 records waiting, a limit of 64; wait time 15 000")
  })

  it.each([
    [0, "info"],
    [1, "ok"],
    [2, "warn"],
  ])("enabled %i is %s", (enabled, state) => {
    expect(stateOf(examine(asked({ enabled }))("audit"))).toBe(state)
  })

  it.each([
    ["refused", "ok", /unknown: only root/],
    ["absent", "info", /no audit socket/],
    ["unsupported", "info", /x86_64/],
    ["unloadable", "warn", /koffi/],
    ["silent", "warn", /does not answer/],
  ] as const)("says why it could not be asked: %s", (kind, state, finding) => {
    const find = examine({ kind })
    expect(find("audit")).toEqual([
      expect.objectContaining({ state, finding: expect.stringMatching(finding) }),
    ])
    expect(find("audit rules")).toEqual([])
    expect(stateOf(find("audit left"))).toBe("info")
  })

  it("names the owner, living or gone", () => {
    expect(examine(asked({ enabled: 1 }))("audit owner")[0]?.finding).toMatch(/^nobody, although audit is on/)
    const auditd = processFiles(811, "auditd")
    const other = examine(asked({ pid: 811 }), auditd)("audit owner")[0]
    expect(other).toMatchObject({ state: "info", aside: "auditd" })
    expect(other?.finding).toBe("0 multicast listeners; the owner is process 811")
    expect(stateOf(examine(asked({ pid: 811 }))("audit owner"))).toBe("warn")
    const zombie = processFiles(811, "node", { state: "Z" })
    expect(stateOf(examine(asked({ pid: 811 }), zombie)("audit owner"))).toBe("warn")
    const capture = processFiles(811, "node", { command: CAPTURE })
    expect(examine(asked({ pid: 811 }), capture)("audit owner")[0]?.finding).toMatch(/^a capture of retrail/)
  })

  it("warns of a full queue, of losses under an owner, of panic and rate limit", () => {
    const auditd = processFiles(811, "auditd")
    expect(stateOf(examine(asked({ backlog: 31 }))("audit queue"))).toBe("ok")
    expect(stateOf(examine(asked({ backlog: 32 }))("audit queue"))).toBe("warn")
    expect(stateOf(examine(asked({ backlog: 32, backlogLimit: 0 }))("audit queue"))).toBe("ok")
    expect(stateOf(examine(asked({ lost: 5 }))("audit lost"))).toBe("info")
    expect(stateOf(examine(asked({ lost: 5, pid: 811 }), auditd)("audit lost"))).toBe("warn")
    expect(stateOf(examine(asked({ failure: 2, rateLimit: 9 }))("audit limits"))).toBe("warn,warn")
  })

  it("tells what buffer a capture gets", () => {
    expect(stateOf(examine(asked())("socket buffer"))).toBe("ok")
    const little = examine(asked({}, [], 212_992))("socket buffer")[0]
    expect(little).toMatchObject({ state: "warn", finding: "208.0 KiB of the 8.0 MiB that a capture wants" })
    const path = "/proc/sys/net/core/rmem_max"
    expect(stateOf(examine({ kind: "refused" }, { [path]: "212992\n" })("socket buffer"))).toBe("info")
    expect(stateOf(examine({ kind: "refused" }, { [path]: "8388608\n" })("socket buffer"))).toBe("ok")
    expect(examine({ kind: "refused" }, { [path]: "" })("socket buffer")[0]?.finding).toMatch(/^unknown/)
  })
})

describe("the rules", () => {
  const silent = (list: number, syscalls: "all" | readonly number[] = "all") =>
    makeRule({ list, action: ACTION.never, syscalls, fields: [] })

  it("are counted, ours by their key", () => {
    const rules = [keyedRule(1, "a"), keyedRule(59, "x\x01retrail"), keyedRule(60, "retrail2")]
    expect(examine(asked({}, rules))("audit rules")[0]?.finding).toBe("3 rules, 1 of retrail")
  })

  it("are missed by a capture that brings none", () => {
    const files = processFiles(7, "node", { command: CAPTURE })
    expect(stateOf(examine(asked(), files)("audit rules"))).toBe("info")
  })

  it("are no use behind one that silences everything", () => {
    const states = (...rules: Parameters<typeof asked>[1] & object) =>
      stateOf(examine(asked({}, rules))("audit rules"))
    expect(states(silent(LIST.task))).toBe("ok,warn")
    expect(states(silent(LIST.exit), keyedRule(1, "a"))).toBe("ok,warn")
    expect(states(silent(LIST.task), silent(LIST.exit))).toBe("ok,warn,warn")
    expect(states(keyedRule(1, "a"), silent(LIST.exit))).toBe("ok")
    expect(states(silent(LIST.exit, [1]))).toBe("ok")
    const key = textField(FIELD.key, OPERATOR.equal, "quiet")
    const uid = { field: 1, operator: OPERATOR.equal, value: 5, text: null }
    const task = { list: LIST.task, action: ACTION.never, syscalls: [] }
    expect(states(makeRule({ ...task, fields: [key] }))).toBe("ok,warn")
    expect(states(makeRule({ ...task, fields: [uid] }))).toBe("ok")
    expect(states(makeRule({ ...task, action: ACTION.always, fields: [] }))).toBe("ok")
  })
})

describe("what a killed capture left", () => {
  const left = (state: "left" | "alive" | "restored") => ({
    left: () => ({ state, before: BEFORE, pid: 812, startTime: "50" }),
  })
  const own = asked({}, [keyedRule(59, "retrail")])

  it("is a failure until it is put back", () => {
    expect(stateOf(examine(asked({ enabled: 1 }), {}, left("left"))("audit left"))).toBe("fail")
    expect(stateOf(examine(own, {}, left("restored"))("audit left"))).toBe("warn")
    expect(stateOf(examine(asked(), {}, left("restored"))("audit left"))).toBe("ok")
    expect(stateOf(examine(asked(), {}, { left: () => ({ state: "untrusted" }) })("audit left"))).toBe("fail")
    expect(stateOf(examine(asked(), {}, { left: () => ({ state: "unknown" }) })("audit left"))).toBe("info")
  })

  it("is nothing while a capture runs, with a note or without", () => {
    expect(examine(own, {}, left("alive"))("audit left")[0]?.finding).toMatch(
      /^a capture runs \(process 812\)/,
    )
    const files = processFiles(7, "node", { command: CAPTURE })
    expect(examine(own, files)("audit left")[0]).toMatchObject({ state: "info" })
  })

  it.each([
    ["sh -c echo capture audit", "S"],
    ["vi capture audit", "S"],
    [CAPTURE, "Z"],
    ["/opt/retrail/bin/run.js query capture", "S"],
  ])("is not excused by a process %s (%s)", (command, state) => {
    const files = processFiles(7, "node", { command, state })
    expect(stateOf(examine(own, files)("audit left"))).toBe("warn")
  })
})

describe("programs that want the same records", () => {
  const listener = (port: number, inode: number) =>
    `${NETLINK}0001 9   ${port}        00000001 0        0        0     2        0        ${inode}\n`
  const journald = processFiles(300, "systemd-journal")

  it("are auditd, where it runs", () => {
    expect(stateOf(examine(asked())("auditd"))).toBe("ok")
    expect(stateOf(examine(asked(), processFiles(2, "kauditd"))("auditd"))).toBe("ok")
    expect(examine(asked(), processFiles(811, "auditd"))("auditd")[0]?.finding).toContain("process 811")
    const hidden = examine(asked(), {}, { list: () => null })("auditd")
    expect(hidden[0]?.finding).toMatch(/^unknown/)
  })

  it("are journald, when it holds the listening socket that systemd opened", () => {
    const files = { ...journald, "/proc/net/netlink": listener(1, 4711) }
    const holding = { ...files, "/proc/300/fd/4": "/dev/null", "/proc/300/fd/5": "socket:[4711]" }
    const check = examine(asked(), holding)("journald")[0]
    expect(check?.state).toBe("warn")
    expect(check?.fix).toContain("systemctl mask --now systemd-journald-audit.socket")
    expect(stateOf(examine(asked(), { ...files, "/proc/300/fd/5": "socket:[99]" })("journald"))).toBe("ok")
    // Whose descriptors this user may not see: systemd opens it for nobody else.
    expect(stateOf(examine(asked(), files)("journald"))).toBe("warn")
    expect(stateOf(examine(asked(), { ...files, "/proc/net/netlink": listener(55, 4711) })("journald"))).toBe(
      "ok",
    )
  })

  it("are not journald without a listener, or where it does not run", () => {
    expect(stateOf(examine(asked(), journald)("journald"))).toBe("ok")
    expect(stateOf(examine(asked(), { "/proc/net/netlink": listener(1, 4711) })("journald"))).toBe("ok")
    expect(
      stateOf(examine(asked(), { ...journald, "/proc/net/netlink": listener(300, 1) })("journald")),
    ).toBe("warn")
  })
})
