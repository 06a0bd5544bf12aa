/** Patterns against JavaScript's regular expressions, globs and lists against what their man pages say. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readGlob } from "../../../../../src/formats/bsm/select/glob.ts"
import { PathPatterns } from "../../../../../src/formats/bsm/select/path-patterns.ts"
import { Pattern } from "../../../../../src/formats/bsm/select/pattern.ts"
import { PatternError } from "../../../../../src/formats/bsm/select/pattern-node.ts"
import { readRegularExpression } from "../../../../../src/formats/bsm/select/regular-expression.ts"

function matches(pattern: string, text: string): boolean {
  const bytes = Buffer.from(`<${text}>`)
  return new Pattern(readRegularExpression(pattern)).test(bytes, 1, bytes.length - 1)
}

const isLike = (glob: string, text: string) => {
  const bytes = Buffer.from(text)
  return new Pattern(readGlob(glob)).test(bytes, 0, bytes.length)
}

describe("regular expressions", () => {
  const atom = fc.constantFrom("a", "b", "/", ".", "[ab]", "[^a/]", "\\.", "(a|b/)", "(a*b)", "(|b)")
  const repeat = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}")
  const piece = fc.tuple(atom, repeat).map(([one, times]) => one + times)
  const sequence = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""))
  const pattern = fc
    .tuple(fc.constantFrom("", "^"), sequence, fc.constantFrom("", "$", "|b", "|^$"))
    .map((all) => all.join(""))
  const text = fc.array(fc.constantFrom("a", "b", "/", "."), { maxLength: 8 }).map((all) => all.join(""))

  it("match what JavaScript's match", () => {
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        expect(matches(one, other)).toBe(new RegExp(one, "s").test(other))
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ["[[:digit:]]+$", "tty12", true],
    ["[[:alpha:]_]{4}", "ab1d", false],
    ["[]a]", "]", true],
    ["[^]a]", "]", false],
    ["[a-]", "-", true],
    ["[[.-.]/]", "-", true],
    ["a{,2}b", "aab", true],
    ["a{x", "a{x", true],
    ["\\w\\W\\s", "a- ", true],
    ["a^b", "ab", false],
    ["a$|^b", "ba", true],
    ["", "", true],
    ["\u00e9$", "caf\u00e9", true],
    ["^.{2}$", "\u00e9", true],
  ])("%s in %s: %s", (one, other, expected) => {
    expect(matches(one, other)).toBe(expected)
  })

  it.each([
    "(",
    ")",
    "[a",
    "[[:nothing:]]",
    "[z-a]",
    "a\\",
    "\\1",
    "\\bx",
    "*a",
    "a{3,2}",
    "a{999}",
    "((((a{99}){99}){99}){99})",
    "(".repeat(400),
  ])("refuse %s", (one) => {
    expect(() => matches(one, "a")).toThrow(PatternError)
  })

  it("need one step a byte, whatever the pattern", () => {
    // With backtracking these would not end.
    const long = "a".repeat(200_000)
    expect(matches("(a*)*b", long)).toBe(false)
    expect(matches("(a|a)*$", long)).toBe(true)
    expect(matches("(a|aa)+c", long)).toBe(false)
    expect(matches("(.*a){20}b", long)).toBe(false)
  })

  it("stay right when the sets they meet are forgotten", () => {
    const pattern = new Pattern(readRegularExpression("a[ab]{12}b$"))
    const expected = /a[ab]{12}b$/
    let text = ""
    for (let seed = 12_345, at = 0; at < 3000; at++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      text += seed % 7 < 3 ? "a" : "b"
    }
    for (let end = 20; end < text.length; end += 701) {
      const bytes = Buffer.from(text.slice(0, end))
      expect(pattern.test(bytes, 0, bytes.length)).toBe(expected.test(text.slice(0, end)))
    }
  })
})

describe("globs", () => {
  it.each([
    ["zone1", "zone1", true],
    ["zone1", "zone12", false],
    ["zone?", "zone1", true],
    ["*", "", true],
    ["*", "a/b", false],
    ["*/*", "a/b", true],
    ["[a-y]one", "zone", false],
    ["[!a]one", "zone", true],
    ["a[!b]c", "a/c", false],
    ["\\*", "*", true],
    ["\\*", "a", false],
  ])("%s against %s: %s", (glob, text, expected) => {
    expect(isLike(glob, text)).toBe(expected)
  })
})

describe("lists of paths", () => {
  const selects = (list: string, text: string) => {
    const bytes = Buffer.from(text)
    return new PathPatterns(list).selects(bytes, 0, bytes.length)
  }

  it.each([
    ["/etc/passwd", "/private/etc/passwd", true],
    ["~/dev/ttyp2,/dev/tty[a-z][0-9]+", "/dev/ttyp2", false],
    ["~/dev/ttyp2,/dev/tty[a-z][0-9]+", "/dev/ttyp3", true],
    ["/dev/tty[a-z][0-9]+,~/dev/ttyp2", "/dev/ttyp2", true],
    ["~/tmp", "/etc", false],
    ["~/tmp,.", "/etc", true],
    ["a\\,b", "/a,b", true],
    ["a\\,b", "/a", false],
    ["a,b", "/b", true],
  ])("%s and %s: %s", (list, text, expected) => {
    expect(selects(list, text)).toBe(expected)
  })
})
