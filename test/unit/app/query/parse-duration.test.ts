import { describe, expect, it } from "vitest"
import { UsageError } from "../../../../src/app/errors.ts"
import { durationText, parseDuration } from "../../../../src/app/query/parse-duration.ts"

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
