import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { withDoubleQuotedStrings } from "../../../../src/store/sqlite/double-quotes.ts"

const db = new Database(":memory:")
db.exec(
  "CREATE TABLE t (x TEXT, y TEXT); INSERT INTO t VALUES ('one', 'two'); CREATE TABLE u (y TEXT); INSERT INTO u VALUES ('two')",
)
afterAll(() => {
  db.close()
})
const rows = (sql: string) =>
  withDoubleQuotedStrings(sql, (text) => db.prepare(text))
    .raw()
    .all()

describe("withDoubleQuotedStrings", () => {
  it.each([
    ['SELECT x FROM t WHERE x = "one"', [["one"]]],
    ['SELECT "x" FROM t', [["one"]]],
    ['SELECT "it\'s" FROM t', [["it's"]]],
    ['SELECT "a""b"', [['a"b']]],
    ['SELECT x FROM t WHERE x IN ("one", "three") /* "one" */ -- "three"', [["one"]]],
    ['SELECT "one" AS "label", "label" FROM t', [["one", "label"]]],
    ['SELECT x FROM t WHERE "two" = "two" AND y = "two"', [["one"]]],
    ['SELECT \'"x"\' FROM t WHERE x = "one"', [['"x"']]],
    ['SELECT count(*) FROM "t" WHERE "t"."x" = "one"', [[1]]],
    ['SELECT "[\\.\\w-]+$"', [["[\\.\\w-]+$"]]],
    ['SELECT ""', [[""]]],
    ['SELECT "two\nlines"', [["two\nlines"]]],
  ])("%s", (sql, expected) => {
    expect(rows(sql)).toEqual(expected)
  })

  it("keeps a name a column where it is one, and makes it a string where it is none", () => {
    expect(rows('SELECT "x" FROM t UNION ALL SELECT "x" FROM u')).toEqual([["one"], ["x"]])
    expect(rows('SELECT "x" FROM u UNION ALL SELECT "x" FROM t')).toEqual([["x"], ["one"]])
  })

  it("leaves every other error as it is", () => {
    expect(() => rows("SELECT nope FROM t")).toThrow("no such column: nope")
    expect(() => rows('SELECT t."nope" FROM t')).toThrow("no such column: t.nope")
    expect(() => rows('SELECT "a" FROM nope')).toThrow("no such table: nope")
    expect(() => rows('SELECT "a')).toThrow("unrecognized token")
  })

  it("stops rewriting at its limit", () => {
    const many = Array.from({ length: 250 }, (_, at) => `"s${at}"`).join(",")
    expect(() => rows(`SELECT ${many}`)).toThrow("no such column")
    const some = Array.from({ length: 150 }, (_, at) => `"s${at}"`).join(",")
    expect(rows(`SELECT ${some}`)[0]).toHaveLength(150)
  })
})
