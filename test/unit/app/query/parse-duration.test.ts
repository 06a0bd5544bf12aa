import { describe, expect, it } from "vitest"
import { UsageError } from "../../../../src/app/errors.ts"
import { durationText, parseAge, parseDuration } from "../../../../src/app/query/parse-duration.ts"

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["30", 30_000],
    ["1.5s", 1500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["0", Number.POSITIVE_INFINITY],
    ["0.1ms", 1],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text, "--timeout")).toBe(ms)
  })

  it.each(["", "s", "-1s", "1d", "1e9", "30 s", "999h", "Infinity", "0x10"])("rejects %j", (text) => {
    expect(() => parseDuration(text, "--timeout")).toThrow(UsageError)
  })
})

describe("parseAge", () => {
  it.each([
    ["3600", 3600],
    ["90s", 90],
    ["1500ms", 1],
    ["12h", 43_200],
    ["7d", 604_800],
    ["3650d", 315_360_000],
  ])("%s is %d s", (text, seconds) => {
    expect(parseAge(text, "--expire")).toBe(seconds)
  })

  it.each(["", "0", "0d", "999ms", "-1d", "1.5d", "1w", "d", "9999999d"])("rejects %j", (text) => {
    expect(() => parseAge(text, "--expire")).toThrow(UsageError)
  })
})

describe("durationText", () => {
  it.each([
    [500, "500 ms"],
    [1500, "1.5 s"],
    [90_000, "90 s"],
    [120_000, "2 min"],
    [3_600_000, "1 h"],
  ])("%d is %s", (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})
