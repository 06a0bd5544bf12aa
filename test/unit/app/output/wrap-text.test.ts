import { describe, expect, it } from "vitest"
import { wrapText } from "../../../../src/app/output/wrap-text.ts"

describe("wrapText", () => {
  it("breaks at blanks and indents what follows", () => {
    expect(wrapText("aaa bbb ccc ddd", 8, "  ")).toBe("aaa bbb\n  ccc\n  ddd")
    expect(wrapText("aaa bbb", 80)).toBe("aaa bbb")
  })

  it("leaves a long word whole", () => {
    expect(wrapText(`a ${"x".repeat(20)} b`, 8)).toBe(`a\n${"x".repeat(20)}\nb`)
  })
})
