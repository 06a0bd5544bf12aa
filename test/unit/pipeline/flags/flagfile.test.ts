import { describe, expect, it } from "vitest"
import { parseFlagfile } from "../../../../src/pipeline/flags/flagfile.ts"

describe("a flag file", () => {
  it("has a flag a line, comments, blanks before them, one dash or two", () => {
    const text =
      "# osquery.flags\n\n  --disable_audit=false\n-audit_allow_config\n--noaudit_persist\r\n\t--nullvalue=a b \n"
    expect(parseFlagfile(text)).toEqual({
      given: [
        { name: "disable_audit", value: "false" },
        { name: "audit_allow_config", value: "true" },
        { name: "audit_persist", value: "false" },
        { name: "nullvalue", value: "a b " },
      ],
      warnings: [],
    })
  })

  it("warns of what is unknown, and of a blank in place of the equals sign", () => {
    const text = "--tls_hostname=example.org\n--events_max 10\n--events_max\n"
    expect(parseFlagfile(text)).toEqual({
      given: [],
      warnings: [
        { line: 1, message: "tls_hostname is no flag of osquery that is known here" },
        { line: 2, message: "--events_max 10: a flag file has --name=value, without blanks" },
        { line: 3, message: "events_max needs a value: --events_max=VALUE" },
      ],
    })
  })

  it("leaves out what is for other programs", () => {
    const text =
      "--verbose\nosqueryi other\n--events_max=1\nother\nosquery?*\n--events_max=2\nother*\n--events_max=3\n"
    expect(parseFlagfile(text).given).toEqual([
      { name: "verbose", value: "true" },
      { name: "events_max", value: "2" },
    ])
  })

  it("reads other files where they are named, and says where a warning is", () => {
    const files = new Map([["b.flags", "--events_max=2\n--odd=1\n"]])
    const text = "--events_max=1\n--flagfile=b.flags,c.flags\n--verbose\n"
    expect(parseFlagfile(text, (path) => files.get(path) ?? null)).toEqual({
      given: [
        { name: "events_max", value: "1" },
        { name: "events_max", value: "2" },
        { name: "verbose", value: "true" },
      ],
      warnings: [
        { line: 2, message: "b.flags, line 2: odd is no flag of osquery that is known here" },
        { line: 2, message: "c.flags cannot be read" },
      ],
    })
  })

  it("ends when files name themselves", () => {
    let reads = 0
    const text = "--flagfile=a\n--flagfile=a\n--verbose\n"
    const { given, warnings } = parseFlagfile(text, () => {
      reads++
      return text
    })
    expect(reads).toBe(64)
    expect(given.length).toBe(65)
    expect(warnings.some(({ message }) => message.includes("more than 64 files"))).toBe(true)
  })

  it("is quick with a hostile pattern", () => {
    const started = performance.now()
    parseFlagfile(`${"*a".repeat(20_000)}\n--verbose\n`)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
