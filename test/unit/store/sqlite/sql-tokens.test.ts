import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { scanSql, unquote } from "../../../../src/store/sqlite/sql-tokens.ts"

const kinds = (sql: string) =>
  [...scanSql(sql)]
    .filter((token) => token.kind !== "space")
    .map((token) => [token.kind, sql.slice(token.start, token.end)])

describe("scanSql", () => {
  it("tells strings, names and comments apart", () => {
    expect(
      kinds(`SELECT "a""b", 'it''s "x"', [c"d], \`e\` -- "no"\n/* 'no' */ FROM t1 WHERE x=1.5e3`),
    ).toEqual([
      ["word", "SELECT"],
      ["quoted-name", '"a""b"'],
      ["other", ","],
      ["string", `'it''s "x"'`],
      ["other", ","],
      ["quoted-name", '[c"d]'],
      ["other", ","],
      ["quoted-name", "`e`"],
      ["comment", '-- "no"\n'],
      ["comment", "/* 'no' */"],
      ["word", "FROM"],
      ["word", "t1"],
      ["word", "WHERE"],
      ["word", "x"],
      ["other", "="],
      ["number", "1.5e3"],
    ])
  })

  it("ends what is left open at the end of the text", () => {
    expect(kinds("'abc")).toEqual([["string", "'abc"]])
    expect(kinds('"abc""')).toEqual([["quoted-name", '"abc""']])
    expect(kinds("/* abc")).toEqual([["comment", "/* abc"]])
  })

  it("covers every text without a gap", () => {
    const unit = fc.constantFrom("'", '"', "`", "[", "]", "-", "/", "*", "\n", " ", "a", "1", ";", "é", "😀")
    fc.assert(
      fc.property(fc.string({ unit }), (sql) => {
        expect([...scanSql(sql)].map((token) => sql.slice(token.start, token.end)).join("")).toBe(sql)
      }),
    )
  })
})

describe("unquote", () => {
  it.each([
    ['"a""b"', 'a"b'],
    ["'it''s'", "it's"],
    ["[a]", "a"],
    ["`a``b`", "a`b"],
  ])("%s names %s", (token, name) => {
    expect(unquote(token)).toBe(name)
  })
})
