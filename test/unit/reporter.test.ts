import { describe, expect, it } from "vitest"
import { closingLine, countTests, skippedLines } from "../reporter.ts"

const module = (states: readonly string[], errors = 0) =>
  ({
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
    errors: () => Array.from({ length: errors }),
  }) as unknown as Parameters<typeof countTests>[0][number]

describe("the closing line", () => {
  it.each([
    [[module(["passed", "passed"])], 0, "2 passed, 0 failed"],
    [[module(["passed", "failed"], 1), module(["skipped", "pending"])], 0, "1 passed, 1 failed, 2 skipped"],
    [[module([], 1)], 0, "0 passed, 1 failed"],
    [[module(["passed"])], 2, "1 passed, 2 failed"],
    [[], 0, "0 passed, 0 failed"],
  ])("of run %# is right", (modules, errors, line) => {
    expect(closingLine(countTests(modules, errors))).toBe(line)
  })
})

describe("the lines before it", () => {
  it("name what was skipped for a reason, and nothing that ran", () => {
    const tests = [
      { state: "skipped", fullName: "the kernel (skipped: needs root) > is read" },
      { state: "passed", fullName: "privileges (skipped: needs root) > go" },
      { state: "skipped", fullName: "left out by a pattern" },
    ]
    const children = {
      allTests: () => tests.map(({ state, fullName }) => ({ fullName, result: () => ({ state }) })),
    }
    const modules = [{ children }] as unknown as Parameters<typeof skippedLines>[0]
    expect(skippedLines(modules)).toEqual(["skipped: the kernel (skipped: needs root) > is read"])
  })
})
