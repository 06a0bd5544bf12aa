/**
 * The kernel's audit, asked and changed by us and by auditctl: both must see the same. What a test changes is put back
 * after it.
 */
import { execFileSync, fork } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { AuditControl } from "../../src/sources/audit/control.ts"
import { restore, snapshot } from "../../src/sources/audit/kernel-state.ts"
import { machineArch } from "../../src/sources/audit/machine.ts"
import { openAuditSocket } from "../../src/sources/audit/netlink.ts"
import { ruleText } from "../../src/sources/audit/rule-text.ts"
import { parseRulesFile } from "../../src/sources/audit/rules-file/rules-file.ts"
import { readStateFile } from "../../src/sources/audit/state-file.ts"
import { OWN_KEY, wantedRules } from "../../src/sources/audit/wanted-rules.ts"
import { isCheckoutForAll } from "../checkout.ts"
import { auditctl, auditStatus, holdKernel, listedRules } from "./kernel-lock.ts"

const { reason } = await holdKernel()
const machine = machineArch(process.arch) ?? { native: 0, compat: 0 }
const EXAMPLES = "/usr/share/doc/auditd/examples/rules"
const CONTEXT = {
  machine,
  userId: (name: string) => idOf("passwd", name),
  groupId: (name: string) => idOf("group", name),
  isDirectory: (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
}

describe.skipIf(reason !== "")(`the kernel's audit${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "retrail-live-"))
  let control: AuditControl
  let found: Record<string, number>

  beforeAll(() => {
    found = auditStatus()
    control = new AuditControl(openAuditSocket({ multicast: false, receiveBufferBytes: 1 << 20 }))
  })
  afterEach(() => {
    auditctl("-D")
    auditctl("-e", "0", "-f", String(found.failure), "-b", String(found.backlog_limit))
    auditctl("--backlog_wait_time", String(found.backlog_wait_time), "-r", String(found.rate_limit))
  })
  afterAll(() => {
    control.close()
    rmSync(folder, { recursive: true })
  })

  it("has the status that auditctl -s prints", () => {
    control.set({ failure: 0, backlogLimit: 321, backlogWaitTime: 77, rateLimit: 9 })
    const status = control.status()
    expect(auditStatus()).toMatchObject({
      enabled: status.enabled,
      failure: 0,
      pid: status.pid,
      rate_limit: 9,
      backlog_limit: 321,
      lost: status.lost,
      backlog_wait_time: 77,
      backlog_wait_time_actual: status.backlogWaitTimeActual,
    })
    expect(status).toMatchObject({ failure: 0, rateLimit: 9, backlogLimit: 321, backlogWaitTime: 77 })
  })

  it("takes the rules of every group of calls, which auditctl lists as we print them", () => {
    const all = { exec: true, fork: true, kill: true, sockets: true, accept: true, files: true }
    const rules = wantedRules(all, machine)
    expect(rules).toHaveLength(2)
    for (const rule of rules) control.addRule(rule)
    expect(listedRules()).toEqual(rules.map((rule) => ruleText(rule, machine.native)))
    expect(control.listRules().map(({ raw }) => raw.toString("hex"))).toEqual(
      rules.map(({ raw }) => raw.toString("hex")),
    )
  })

  it("gets the bytes from auditctl's rules that it makes itself", () => {
    const groups = { exec: true, fork: false, kill: true, sockets: false, accept: false, files: false }
    for (const width of ["b64", "b32"]) {
      const calls = ["execve", "execveat", "kill", "tkill", "tgkill"].flatMap((name) => ["-S", name])
      auditctl("-a", "always,exit", "-F", `arch=${width}`, ...calls, "-k", OWN_KEY)
    }
    const expected = wantedRules(groups, machine).map(({ raw }) => raw.toString("hex"))
    expect(control.listRules().map(({ raw }) => raw.toString("hex"))).toEqual(expected)
  })

  it("names the kernel's refusals", () => {
    const [rule] = wantedRules(
      { exec: true, fork: false, kill: false, sockets: false, accept: false, files: false },
      machine,
    )
    if (rule === undefined) throw new Error("no rule")
    control.addRule(rule)
    expect(() => control.addRule(rule)).toThrow(expect.objectContaining({ code: "EEXIST" }))
    control.deleteRule(rule)
    expect(() => control.deleteRule(rule)).toThrow(expect.objectContaining({ code: "ENOENT" }))
  })

  const forms = [
    "-a always,exit -F arch=b64 -S execve,execveat -k exec",
    "-a exit,always -S open",
    "-A always,exit -F arch=b32 -S all -F auid>=1000 -F auid!=unset -F key=a -k b",
    "-a always,exit -F key=a -F uid=0 -S close -k b",
    "-w /etc/passwd -p wa -k identity",
    "-w /etc/ -p rwxa",
    "-w /etc/retrail-none -k x",
    "-w /tmp -F uid=0",
    "-a always,exit -F path=/etc/shadow -F perm=wa",
    "-a always,exit -F dir=/etc/ssh/ -F perm=wa -F key=q",
    "-a never,task",
    "-a task,always -F uid=1000",
    "-a never,user -F pid=77",
    "-a always,user -F msgtype=USER_LOGIN",
    "-a always,exclude -F msgtype=CWD",
    "-a exclude,never -F msgtype>1300 -F msgtype<1399",
    "-a never,filesystem -F fstype=tracefs",
    "-a always,exit -S 2 -F exit=-EPERM -F success=0",
    "-a always,exit -F arch=b64 -S openat -F exit=EACCES",
    "-a always,exit -F arch=x86_64 -S pread -F a0=-1 -F a1&=0x100 -F a2&7 -F a3!=010",
    "-a always,exit -F exe=/bin/true -F filetype=dir",
    "-a always,exit -F arch=b64 -S kill -F uid=root -F gid=root -C auid!=obj_uid",
    "-a always,exit -F arch=b64 -S kill -C obj_uid=uid",
    "-a always,exit -F arch=b64 -S connect -F saddr_fam=2",
    "-a always,exit -F sessionid!=5 -S open -F pers=8 -F devmajor=8 -F inode=4294967295",
    "-a always,exit -F perm=x -F auid=-1",
    "-a always,exit -S open -F subj_user=u -F obj_type=t -F ppid>5",
    "-a always,exit -F arch!=b64 -S open",
    "  -a   always,exit -S open    -S close",
    "-S open -a always,exit",
  ]

  it.each(forms)("reads as auditctl does: %s", (line) => {
    expect(compareLine(line)).toBe(true)
  })

  const examples = existsSync(EXAMPLES) ? readdirSync(EXAMPLES).filter((name) => name.endsWith(".rules")) : []
  it.skipIf(examples.length === 0)(
    `reads the rules that come with auditd${examples.length === 0 ? " (skipped: they are not here)" : ""}`,
    () => {
      const lines = examples.flatMap((name) => readFileSync(join(EXAMPLES, name), "utf8").split("\n"))
      // What locks the kernel is refused by us, and must not be loaded by anybody here.
      const rules = new Set(lines.filter((line) => /^\s*-[aAw]\s/.test(line)))
      let compared = 0
      for (const line of rules) compared += compareLine(line) ? 1 : 0
      expect(compared).toBeGreaterThan(100)
    },
  )

  it("restores what was there, in its order, after rules were deleted, added and words changed", () => {
    const lines = ["-S open -k a", "-S close -k b", "-F arch=b32 -S kill", "-S read -F uid=5"]
    for (const line of lines) auditctl("-a", "always,exit", ...line.split(" "))
    auditctl("-a", "never,exclude", "-F", "msgtype=CWD")
    auditctl("-a", "never,user", "-F", "pid=9")
    const { lost: _, ...status } = auditStatus()
    const before = { text: listedRules(), status }
    const state = snapshot(control)
    auditctl("-d", "always,exit", "-S", "close", "-k", "b")
    auditctl("-d", "never,user", "-F", "pid=9")
    auditctl("-a", "always,exit", "-S", "write", "-k", "mine")
    auditctl("-A", "always,exit", "-S", "mmap", "-k", OWN_KEY)
    const ours = control.listRules().filter((rule) => ruleText(rule, machine.native).includes("key=mine"))
    control.set({ enabled: 1, failure: 0, backlogLimit: 4096, backlogWaitTime: 0, rateLimit: 5 })
    expect(restore(control, state, { ourRules: ours })).toEqual([])
    // What the kernel counts as lost meanwhile, for want of an owner, is no setting.
    expect({ text: listedRules(), status: { ...auditStatus(), lost: undefined } }).toEqual(before)
  })

  it("leaves the rules of others that came meanwhile", () => {
    const state = snapshot(control)
    auditctl("-a", "always,exit", "-S", "open", "-k", "theirs")
    const [rule] = wantedRules(
      { exec: true, fork: false, kill: false, sockets: false, accept: false, files: false },
      machine,
    )
    if (rule !== undefined) control.addRule(rule)
    expect(restore(control, state, { ourRules: [] })).toEqual([])
    expect(listedRules()).toEqual(["-a always,exit -S open -F key=theirs"])
  })

  it("goes on from step to step when the kernel refuses one", () => {
    const state = snapshot(control)
    control.set({ failure: 0, backlogLimit: 99 })
    const broken = { ...state, backlogWaitTime: 4_000_000_000 }
    const failures = restore(control, broken, { ourRules: [] })
    expect(failures).toEqual([
      { step: "put back backlogWaitTime", message: expect.stringContaining("EINVAL") },
    ])
    expect(auditStatus()).toMatchObject({ failure: found.failure, backlog_limit: found.backlog_limit })
  })

  it("is the owner, gets the records of a program, lets nobody replace it, and gives up", async () => {
    const result = await runChild("own")
    expect(result).toMatchObject({ owner: true, isOwnPid: true, truncated: 0, foreign: 0, released: 0 })
    const { kinds, second } = result as { kinds: number[]; second: string }
    expect(kinds).toEqual(expect.arrayContaining([1300, 1302, 1307, 1309, 1320, 1327]))
    expect(second).toBe("EEXIST")
  })

  it("drops root, keeps what restores the kernel, and nothing else", async () => {
    const result = await runChild("drop")
    expect(result).toMatchObject({
      capEff: "0000000040000000",
      capPrm: "0000000040000000",
      noNewPrivs: "1",
      uids: "65534\t65534\t65534\t65534",
      shadow: "EACCES",
      statusPid: true,
      backlogSet: 333,
      restoreFailures: [],
      setuid: "EPERM",
      earlyThread: { before: "0000000000000000", after: "0000000000000000" },
      lateThread: isCheckoutForAll ? { before: "0000000040000000", after: "0000000000000000" } : "EACCES",
    })
    expect(readStateFile({ path: join(folder, "run/audit-state.json") }).state).toBe("restored")
    expect(auditStatus()).toMatchObject({ backlog_limit: found.backlog_limit, pid: 0, enabled: 0 })
  })

  it("is released by a process that another one cannot release", async () => {
    const child = fork(new URL("./audit-child.ts", import.meta.url), ["hold", folder], { execArgv: [] })
    await once(child, "message")
    expect(control.status().pid).toBe(child.pid)
    expect(() => control.release()).toThrow(expect.objectContaining({ code: "EACCES" }))
    const exited = once(child, "exit")
    child.kill("SIGKILL")
    await exited
    const socket = openAuditSocket({ multicast: false, receiveBufferBytes: 1 << 20 })
    try {
      control.registerReader(socket)
      expect(control.status().pid).toBe(process.pid)
    } finally {
      control.release()
      socket.close()
    }
    expect(auditStatus().pid).toBe(0)
  })

  it("hears the multicast group beside the owner", async () => {
    expect(await runChild("multicast")).toMatchObject({ heard: true })
  })

  async function runChild(mode: string): Promise<unknown> {
    const child = fork(new URL("./audit-child.ts", import.meta.url), [mode, folder], { execArgv: [] })
    const exited = once(child, "exit")
    const [message] = await Promise.race([once(child, "message"), exited.then(() => [undefined])])
    await exited
    return message
  }

  /**
   * Loads a line with auditctl and with us; both must leave the same bytes in the kernel. False for a line that
   * auditctl itself refuses, for want of an account of this machine.
   */
  function compareLine(line: string): boolean {
    const path = join(folder, "line.rules")
    writeFileSync(path, `${line}\n`, { mode: 0o600 })
    try {
      auditctl("-R", path)
    } catch {
      return false
    }
    const theirs = kernelRules()
    const listed = listedRules().map((text) => text.trimStart().replace(/^(-p [rwxa]+)-w/, "$1 -w"))
    for (const rule of control.listRules()) control.deleteRule(rule)
    const parsed = parseRulesFile(line, CONTEXT)
    expect(parsed.problems).toEqual([])
    for (const rule of parsed.rules) control.addRule(rule)
    expect(kernelRules()).toEqual(theirs)
    expect(parsed.rules.map((rule) => ruleText(rule, machine.native))).toEqual(listed)
    for (const rule of parsed.rules) control.deleteRule(rule)
    return theirs.length > 0
  }

  function kernelRules(): string[] {
    return control.listRules().map(({ raw }) => raw.toString("hex"))
  }
})

function idOf(base: string, name: string): number | undefined {
  const output = execFileSync("getent", [base], { encoding: "utf8" })
  const line = output.split("\n").find((entry) => entry.startsWith(`${name}:`))
  return line === undefined ? undefined : Number(line.split(":")[2])
}
