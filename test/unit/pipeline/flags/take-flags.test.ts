import { describe, expect, it } from "vitest"
import { takeFlags } from "../../../../src/pipeline/flags/take-flags.ts"

const OWN = new Set(["-d", "--db", "--host", "--config"])

describe("takeFlags", () => {
  it("takes osquery's flags in every form and leaves the rest in order", () => {
    const argv = [
      "capture",
      "audit",
      "--audit_allow_config=true",
      "-d",
      "live.db",
      "--events_max",
      "10",
      "-disable_audit=false",
      "--verbose",
      "--noaudit_persist",
      "-nologger_rotate",
      "--no-progress",
      "--logger_path",
      "-odd",
    ]
    expect(takeFlags(argv, OWN)).toEqual({
      rest: ["capture", "audit", "-d", "live.db", "--no-progress"],
      given: [
        { name: "audit_allow_config", value: "true" },
        { name: "events_max", value: "10" },
        { name: "disable_audit", value: "false" },
        { name: "verbose", value: "true" },
        { name: "audit_persist", value: "false" },
        { name: "logger_rotate", value: "false" },
        { name: "logger_path", value: "-odd" },
      ],
      problems: [],
    })
  })

  it("gives no value to a bool that stands before something else", () => {
    expect(takeFlags(["--audit_allow_config", "audit"]).rest).toEqual(["audit"])
  })

  it("stops at --", () => {
    const argv = ["query", "--", "--verbose", "--events_max=1"]
    expect(takeFlags(argv)).toEqual({ rest: argv, given: [], problems: [] })
  })

  it("leaves values of the command's own options alone", () => {
    const argv = ["-d", "--verbose", "--host", "-utc", "--config=--events_max=1", "-- SELECT 1", "-", "x"]
    expect(takeFlags(argv, OWN)).toEqual({ rest: argv, given: [], problems: [] })
  })

  it("leaves what only looks like a flag", () => {
    const argv = ["--no-verbose", "--audit", "--noevents_max", "--nothing", "--=x", "-q", "--noverbose=1"]
    expect(takeFlags(argv).rest).toEqual(argv)
  })

  it("keeps an equals sign and an empty text in a value", () => {
    expect(takeFlags(["--nullvalue=", "--host_identifier=a=b"]).given).toEqual([
      { name: "nullvalue", value: "" },
      { name: "host_identifier", value: "a=b" },
    ])
  })

  it("says when a value is missing", () => {
    expect(takeFlags(["audit", "--events_max"])).toEqual({
      rest: ["audit"],
      given: [],
      problems: ["--events_max needs a value"],
    })
  })
})
