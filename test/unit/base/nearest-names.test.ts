import { describe, expect, it } from "vitest"
import { nearestNames } from "../../../src/base/nearest-names.ts"

const TABLES = ["process_events", "socket_events", "user_events", "es_process_events"]

describe("nearestNames", () => {
  it.each([
    ["proces_events", "process_events"],
    ["process_evnets", "process_events"],
    ["PROCESS_EVENTS", "process_events"],
    ["socket", "socket_events"],
    ["user_event", "user_events"],
  ])("%s may have been %s", (name, meant) => {
    expect(nearestNames(name, TABLES)[0]).toBe(meant)
  })

  it("finds nothing for what is far off", () => {
    expect(nearestNames("kernel_modules", TABLES)).toEqual([])
    expect(nearestNames("", TABLES)).toEqual([])
    expect(nearestNames("x".repeat(100_000), TABLES)).toEqual([])
  })

  it("counts a swap of neighbours as one step", () => {
    expect(nearestNames("pdi", ["pid", "uid", "gid"])).toEqual(["pid"])
  })
})
