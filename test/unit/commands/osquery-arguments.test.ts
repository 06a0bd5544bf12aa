/** Flag files, the command line over them, and the commands' own options beside. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { MissingInputError, UsageError } from "../../../src/app/errors.ts"
import { implyFlags, takeOsqueryFlags } from "../../../src/commands/osquery-arguments.ts"

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retrail-flags-"))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function flagfile(text: string, name = "osquery.flags"): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe("osquery's flags on a command line", () => {
  it("are taken out, the rest is left in order", () => {
    const taken = takeOsqueryFlags(["a.log", "--audit_allow_unix=false", "-d", "x.db", "--verbose", "b.log"])
    expect(taken.argv).toEqual(["a.log", "-d", "x.db", "b.log"])
    expect([taken.flags.get("audit_allow_unix"), taken.flags.bool("verbose")]).toEqual(["false", true])
    expect(taken.warnings).toEqual([])
  })

  it("are no values of the commands' own options", () => {
    const { argv, flags } = takeOsqueryFlags(["-d", "--verbose", "--host", "--events_max"])
    expect(argv).toEqual(["-d", "--verbose", "--host", "--events_max"])
    expect(flags.isGiven("verbose")).toBe(false)
  })

  it("count more than a flag file, wherever it is named; the last one counts", () => {
    const path = flagfile("--events_expiry=1\n--events_max=7\n--audit_allow_unix=true\n")
    const argv = ["--events_expiry=2", `--flagfile=${path}`, "--events_expiry=3", "--noaudit_allow_unix"]
    const { flags, warnings } = takeOsqueryFlags(argv)
    expect([flags.int("events_expiry"), flags.originOf("events_expiry")]).toEqual([3, "command-line"])
    expect([flags.int("events_max"), flags.originOf("events_max")]).toEqual([7, "flagfile"])
    expect(flags.bool("audit_allow_unix")).toBe(false)
    expect(warnings).toEqual([])
  })

  it.each([[["--events_expiry=soon"]], [["--audit_allow_unix=maybe"]], [["--events_max"]]])(
    "%j is a mistake",
    (argv) => {
      expect(() => takeOsqueryFlags(argv)).toThrow(UsageError)
    },
  )
})

describe("a flag file", () => {
  it("may hold what is not known here: a warning with its line, and the rest is taken", () => {
    const path = flagfile("# osquery\n--no_such_flag=1\n--events_max=5\n--events_expiry=soon\n")
    const { flags, warnings } = takeOsqueryFlags([`--flagfile=${path}`])
    expect(flags.int("events_max")).toBe(5)
    expect(flags.isGiven("events_expiry")).toBe(false)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toBe(`${path}, line 2: no_such_flag is no flag of osquery that is known here`)
    expect(warnings[1]).toMatch(/events_expiry=soon: expected an integer/)
  })

  it("may name another one", () => {
    const inner = flagfile("--events_max=9\n", "inner.flags")
    const path = flagfile(`--flagfile=${inner}\n`)
    expect(takeOsqueryFlags([`--flagfile=${path}`]).flags.int("events_max")).toBe(9)
  })

  it("that is not there is a missing input", () => {
    expect(() => takeOsqueryFlags([`--flagfile=${join(folder, "none")}`])).toThrow(MissingInputError)
  })
})

describe("what a capture of the kernel implies", () => {
  it("is audit_allow_config and a publisher that is on, unless somebody has said otherwise", () => {
    const { flags } = takeOsqueryFlags([])
    expect(implyFlags(flags)).toBe(true)
    expect([flags.bool("audit_allow_config"), flags.bool("disable_audit")]).toEqual([true, false])

    const said = takeOsqueryFlags(["--audit_allow_config=false", "--disable_audit"]).flags
    expect(implyFlags(said)).toBe(false)
    expect([said.bool("audit_allow_config"), said.bool("disable_audit")]).toEqual([false, true])
  })
})
