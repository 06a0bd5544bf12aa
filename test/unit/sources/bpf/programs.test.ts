import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { buildObject, clangVersion } from "../../../../native/bpf/build.ts"
import { CLANG } from "../../../../src/sources/bpf/programs.gen.ts"
import { unpackObject } from "../../../../src/sources/bpf/programs.ts"
import { PLACES } from "../../../../src/sources/bpf/settings.ts"

const TRANSPORTS = ["ringbuf", "perf"] as const
const clang = clangVersion()
const reason = clang === CLANG ? "" : ` (skipped: needs clang ${CLANG}, found ${clang || "none"})`
/** Of Linux before 5.2. */
const MOST_INSTRUCTIONS = 4096
const EXIT = 0x95

describe.each(TRANSPORTS)("the programs for %s", (transport) => {
  const { maps, programs, code } = unpackObject(transport)

  it("are whole, and short enough for the oldest kernel", () => {
    expect(programs.reduce((sum, { count }) => sum + count, 0) * 8).toBe(code.length)
    for (const { count, first, references } of programs) {
      if (transport === "perf") expect(count).toBeLessThanOrEqual(MOST_INSTRUCTIONS)
      const instructions = Array.from({ length: count }, (_, at) => code[(first + at) * 8])
      expect(instructions).toContain(EXIT)
      const names = maps.map(({ name }) => name)
      for (const [instruction, map] of references) {
        // ld_imm64 of a map: nothing else is filled in.
        expect([code[(first + instruction) * 8], names.includes(map)]).toEqual([0x18, true])
      }
    }
  })

  it("are attached to each tracepoint once", () => {
    const tracepoints = programs.flatMap((program) => program.tracepoints)
    expect(new Set(tracepoints).size).toBe(tracepoints.length)
    expect(tracepoints).toEqual(
      expect.arrayContaining(["sched/sched_process_exec", "task/task_newtask", "syscalls/sys_exit_connect"]),
    )
  })

  it.skipIf(reason !== "")(`are what their source gives, bit for bit${reason}`, () => {
    const built = buildObject(transport)
    expect(built.code.equals(code)).toBe(true)
    expect([built.maps, built.programs]).toEqual([maps, programs])
  })
})

describe("the settings", () => {
  it("are as many words as the programs have, in their order", () => {
    const header = readFileSync(resolve(import.meta.dirname, "../../../../native/bpf/capture.h"), "utf8")
    const struct = /struct settings \{([^}]*)\}/.exec(header)?.[1] ?? ""
    const words = struct
      .trim()
      .split("\n")
      .map((line) => line.trim().replace(";", "").split(" "))
    expect(words.slice(0, 4).map(([type, name]) => `${type} ${name}`)).toEqual([
      "u32 enabled",
      "u32 argument_bytes",
      "u64 cgroup",
      "u32 cgroup_level",
    ])
    const rest = words.slice(4)
    expect(rest.every(([type]) => type === "u32")).toBe(true)
    expect(rest).toHaveLength(PLACES.length)
    const last = (text: string) => text.split("_").at(-1)
    const same = rest.filter(
      ([, name = ""], at) => last(name) === last(PLACES[at]?.split(/[.:]/).at(-1) ?? ""),
    )
    // Renamed on the way: parent, fdt, private and the like.
    expect(same.length).toBeGreaterThan(30)
  })
})
