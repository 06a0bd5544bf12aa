import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  cutToWidth,
  displayWidth,
  escapeForTerminal,
  escapeJsonForTerminal,
} from "../../../src/base/terminal.ts"

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at))

/** No half of a surrogate pair without the other. */
const isWellFormed = (text: string) => Buffer.from(text, "utf8").toString("utf8") === text

/** Written out, so that the test does not share a character class with the code. */
const DANGEROUS = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  "\u00ad",
  "\u061c",
  "\u034f",
  "\u180e",
  ...range(0x200b, 0x200f),
  ...range(0x2028, 0x202e),
  ...range(0x2060, 0x206f),
  ...range(0xfe00, 0xfe0f),
  "\u115f",
  "\u1160",
  "\u3164",
  "\uffa0",
  "\ufeff",
  ...range(0xfff9, 0xfffb),
  ...range(0xe0000, 0xe007f),
  ...range(0xe0100, 0xe01ef),
  "\ud800",
  "\udbff",
  "\udc00",
  "\udfff",
]

describe("escapeForTerminal", () => {
  it("spells out every dangerous character", () => {
    for (const character of DANGEROUS) {
      const escaped = escapeForTerminal(`a${character}b`)
      expect(escaped).toMatch(/^a\\(?:n|t|r|x[0-9a-f]{2}|u\{[0-9a-f]+\})b$/)
    }
  })

  it.each([
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["\x1b[31m", "\\x1b[31m"],
    ["\x9b31m", "\\x9b31m"],
    ["\u202egpj.exe", "\\u{202e}gpj.exe"],
    ["\ud800x", "\\u{d800}x"],
    ["\u{e0041}", "\\u{e0041}"],
    ["日本 é 😀 \\x1b", "日本 é 😀 \\x1b"],
    ["", ""],
  ])("%j becomes %j", (text, escaped) => {
    expect(escapeForTerminal(text)).toBe(escaped)
  })

  it("leaves nothing to escape", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
        const escaped = escapeForTerminal(text)
        return escapeForTerminal(escaped) === escaped && isWellFormed(escaped)
      }),
    )
  })
})

describe("escapeJsonForTerminal", () => {
  it("keeps the value", () => {
    for (const character of DANGEROUS) {
      const escaped = escapeJsonForTerminal(JSON.stringify({ [character]: `x${character}` }))
      expect(escaped).toMatch(/^[\x20-\x7e]*$/)
      expect(JSON.parse(escaped)).toEqual({ [character]: `x${character}` })
    }
  })
})

describe("displayWidth", () => {
  it.each([
    ["abc", 3],
    ["日本語", 6],
    ["ｱ", 1],
    ["Ａ", 2],
    ["한글", 4],
    ["e\u0301", 1],
    ["😀", 2],
    ["é", 1],
    ["…", 1],
    ["", 0],
  ])("%s takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

describe("cutToWidth", () => {
  it.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 4, "abc…"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["日本語", 1, "…"],
    ["a😀b", 3, "a…"],
    ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
    ["abc", 0, ""],
  ])("%s in %i columns is %s", (text, width, cut) => {
    expect(cutToWidth(text, width)).toBe(cut)
  })

  it("never exceeds the width and never splits a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, width) => {
        const cut = cutToWidth(text, width)
        return displayWidth(cut) <= width && isWellFormed(cut) === isWellFormed(text)
      }),
    )
  })
})
