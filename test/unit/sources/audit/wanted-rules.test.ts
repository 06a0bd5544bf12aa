import { describe, expect, it } from "vitest"
import { machineArch } from "../../../../src/sources/audit/machine.ts"
import { ruleKey } from "../../../../src/sources/audit/rule.ts"
import { ruleText } from "../../../../src/sources/audit/rule-text.ts"
import { wantedRules } from "../../../../src/sources/audit/wanted-rules.ts"

const NONE = { exec: false, fork: false, kill: false, sockets: false, accept: false, files: false }
const calls = (arch: string, groups: Partial<typeof NONE>) => {
  const machine = machineArch(arch)
  if (machine === undefined) throw new Error(arch)
  return wantedRules({ ...NONE, ...groups }, machine).map(({ syscalls }) => syscalls)
}

describe("wantedRules", () => {
  // osquery's numbers of x86_64; those of the other tables from the kernel's own lists of calls.
  it.each([
    [{ exec: true }, [59, 322], [11, 358]],
    [{ fork: true }, [56, 57, 58, 435], [2, 120, 190, 435]],
    [{ kill: true }, [62, 200, 234], [37, 238, 270]],
    [{ sockets: true }, [42, 49], [102, 361, 362]],
    [{ accept: true }, [43, 288], [102, 364]],
  ])("asks for %j", (groups, native, compat) => {
    expect(calls("x64", groups)).toEqual([native, compat])
  })

  it("asks for osquery's 33 calls on files, and 24 on aarch64", () => {
    const [x64 = [], i386 = []] = calls("x64", { files: true })
    expect(x64).toHaveLength(33)
    expect(i386).toEqual(expect.arrayContaining([5, 192, 193, 194]))
    expect(calls("arm64", { files: true })[0]).toHaveLength(24)
  })

  it("knows the calls of both kinds of ARM program", () => {
    expect(calls("arm64", { exec: true, sockets: true, accept: true })).toEqual([
      [200, 202, 203, 221, 242, 281],
      // 102 is socketcall of the old kind of ARM program, which the kernel counts with the 32-bit ones.
      [11, 102, 282, 283, 285, 366, 387],
    ])
  })

  it("gives every rule an arch and a key, and nothing for nothing", () => {
    const machine = { native: 0xc000003e, compat: 0x40000003 }
    const rules = wantedRules({ ...NONE, exec: true, kill: true }, machine)
    expect(rules.map(ruleKey)).toEqual(["retrail", "retrail"])
    expect(ruleText(rules[1] ?? rules[0] ?? failure(), machine.native)).toBe(
      "-a always,exit -F arch=b32 -S execve,kill,tkill,tgkill,execveat -F key=retrail",
    )
    expect(wantedRules(NONE, machine)).toEqual([])
    expect(machineArch("mips")).toBeUndefined()
  })
})

function failure(): never {
  throw new Error("no rule")
}
