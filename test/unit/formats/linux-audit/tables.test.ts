/** The generated tables say what their source says; the accessors know every spelling. */
import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { ARCHES } from "../../../../src/formats/linux-audit/tables/arches.gen.ts"
import * as constants from "../../../../src/formats/linux-audit/tables/constants.gen.ts"
import { NameTable } from "../../../../src/formats/linux-audit/tables/name-table.ts"
import {
  OSQUERY_ARCHES,
  OSQUERY_SECCOMP_ACTIONS,
} from "../../../../src/formats/linux-audit/tables/osquery-seccomp.gen.ts"
import { RECORD_TYPES } from "../../../../src/formats/linux-audit/tables/record-types.gen.ts"
import {
  endsEvent,
  recordTypeName,
  recordTypeNumber,
} from "../../../../src/formats/linux-audit/tables/record-types.ts"
import { ARCH_X86_64, syscallName } from "../../../../src/formats/linux-audit/tables/syscall-name.ts"
import { hasShared, SHARED } from "./saved-records.ts"

describe("NameTable", () => {
  it("counts on from the last number", () => {
    const table = new NameTable("a b 5 c d 70000 e 5 f a")
    expect(table.pairs()).toEqual([
      [0, "a"],
      [1, "b"],
      [5, "c"],
      [6, "d"],
      [70000, "e"],
      [5, "f"],
      [6, "a"],
    ])
    expect([table.name(5), table.name(70000), table.name(2), table.name(-1), table.name(Number.NaN)]).toEqual(
      ["c", "e", undefined, undefined, undefined],
    )
    expect([table.number("a"), table.number("f"), table.number("constructor")]).toEqual([0, 5, undefined])
  })
})

describe("record types", () => {
  it.each([
    ["SYSCALL", 1300],
    ["LANDLOCK_ACCESS", 1423],
    ["UNKNOWN[1423]", 1423],
    ["1300", 1300],
    ["UNKNOWN[]", -1],
    ["UNKNOWN[1e3]", -1],
    ["UNKNOWN[99999999999999]", -1],
    ["__proto__", -1],
    ["", -1],
  ])("%s is %d", (name, number) => expect(recordTypeNumber(name)).toBe(number))

  it("names an unknown number as auditd does", () => expect(recordTypeName(1999)).toBe("UNKNOWN[1999]"))

  it.skipIf(!hasShared)("agree with the source on names and on what ends an event (needs ../shared)", () => {
    const types = JSON.parse(readFileSync(path.join(SHARED, "record-types.json"), "utf8")) as {
      number: number
      name: string
      endsEvent: boolean
    }[]
    for (const type of types) {
      expect(recordTypeNumber(type.name)).toBe(type.number)
      expect(recordTypeName(type.number)).toBe(type.name)
      expect(endsEvent(type.number), type.name).toBe(type.endsEvent)
    }
    expect(RECORD_TYPES.pairs()).toHaveLength(types.length)
  })
})

describe("system calls", () => {
  it.each([
    [ARCH_X86_64, 59, "execve"],
    [ARCH_X86_64, 0x40000000 + 520, "execve"],
    [ARCH_X86_64, 0x40000000 + 545, "execveat"],
    [ARCH_X86_64, 0x40000000 + 42, "connect"],
    [0x40000003, 11, "execve"],
    [0xc00000b7, 221, "execve"],
    [0xc0000102, 221, undefined],
    [1, 59, undefined],
    [ARCH_X86_64, Number.NaN, undefined],
  ])("%d %d is %s", (arch, number, name) => expect(syscallName(arch, number)).toBe(name))

  it.skipIf(!hasShared)("agree with the source for every arch (needs ../shared)", () => {
    const arches = JSON.parse(readFileSync(path.join(SHARED, "arches.json"), "utf8")) as Record<
      string,
      { name: string; syscallTable: string | null }
    >
    for (const [word, { name, syscallTable }] of Object.entries(arches)) {
      const arch = Number.parseInt(word, 16)
      expect(ARCHES[arch]?.name).toBe(name)
      if (syscallTable === null) continue
      const file = path.join(SHARED, `syscalls-${syscallTable}.json`)
      const calls = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>
      for (const [number, call] of Object.entries(calls)) expect(syscallName(arch, Number(number))).toBe(call)
    }
  })
})

describe("constants", () => {
  it("correct what the source spells wrongly", () => {
    expect(constants.SIGNALS.name(30)).toBe("SIGPWR")
    expect(constants.MOUNT_FLAGS.number("MS_NOUSER")).toBe(0x80000000)
    expect(constants.ADDRESS_FAMILIES.name(10)).toBe("inet6")
  })

  it("have osquery's own words for seccomp_events", () => {
    expect(OSQUERY_SECCOMP_ACTIONS[0x7ffc0000]).toBe("LOG")
    expect(OSQUERY_ARCHES[0xc000003e]).toBe("X86_64")
  })
})
