import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { JsonScanner } from "../../../../../src/formats/linux-audit/framing/json-scanner.ts"

/** True when the scanner finds `text` to be one whole object, fed in pieces of `size` bytes. */
function isObject(text: string, size: number): boolean {
  const bytes = Buffer.from(text)
  const scanner = new JsonScanner()
  scanner.begin()
  for (let at = 0; at < bytes.length; at += size) {
    const end = Math.min(bytes.length, at + size)
    const result = scanner.scan(bytes, at, end)
    if (result !== "more") return result === "end" && scanner.at === bytes.length
  }
  return false
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe("the scanner", () => {
  it("finds whole what JSON.stringify writes", () => {
    const members = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(
        members,
        fc.constantFrom(undefined, 1, "\t"),
        fc.integer({ min: 1, max: 9 }),
        (value, space, size) => {
          expect(isObject(JSON.stringify(value, null, space), size)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  it("agrees with JSON.parse on any sequence of tokens", () => {
    const token = fc.constantFrom(
      ...[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"a"',
        '"\\u00e9"',
        '"\\u0g"',
        '"\\q"',
        '"\\',
        "1",
        "01",
        "-",
        "1e5",
        "null",
        "nul",
        " ",
        "\n",
        "\v",
        "\0",
      ],
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (tokens, size) => {
        const text = `{${tokens.join("")}}`
        expect(isObject(text, size)).toBe(parses(text))
      }),
      { numRuns: 3000 },
    )
  })

  it("knows dmesg's wrapper, and stops where nesting is too deep", () => {
    const scanner = new JsonScanner()
    const wrapper = Buffer.from('{ "dmesg" : [ {} ] }')
    scanner.begin()
    expect([scanner.scan(wrapper, 0, wrapper.length), scanner.at]).toEqual(["wrapper", 12])
    expect(isObject(`{"a":${"[".repeat(63)}${"]".repeat(63)}}`, 9)).toBe(true)
    expect(isObject(`{"a":${"[".repeat(64)}${"]".repeat(64)}}`, 9)).toBe(false)
  })
})
