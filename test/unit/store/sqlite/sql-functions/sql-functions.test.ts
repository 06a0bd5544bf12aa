import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import Database from "better-sqlite3"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import { registerSqlFunctions } from "../../../../../src/store/sqlite/sql-functions/index.ts"

const db = new Database(":memory:")
registerSqlFunctions(db)
afterAll(() => {
  db.close()
})
const row = (sql: string) => db.prepare<[], Record<string, unknown>>(sql).get() ?? {}
const value = (sql: string, ...values: unknown[]) =>
  db
    .prepare<unknown[]>(sql)
    .pluck()
    .get(...values)
/** osquery's tests read NULL as ''. */
const asText = (result: unknown) => (result === null ? "" : String(result))

interface Vectors {
  readonly queries: readonly { test: string; sql: string; error: boolean; expect: Record<string, string> }[]
  readonly community_id: readonly { sql: string; hash: string | null; error: boolean }[]
  readonly in_cidr_block: readonly { sql: string; expect: string }[]
}
const path = resolve(import.meta.dirname, "../../../../../../shared/data/osquery/sql_functions.json")
const hasVectors = existsSync(path)
const vectors: Vectors = hasVectors
  ? JSON.parse(readFileSync(path, "utf8"))
  : { queries: [], community_id: [], in_cidr_block: [] }
/** better-sqlite3 cannot register a collation: these run with version_compare in place of the operator. */
const isCollation = (sql: string) => / collate version/.test(sql)

describe.skipIf(!hasVectors)("osquery's own vectors (skipped without ../shared beside the checkout)", () => {
  it.each(vectors.queries.filter(({ sql }) => !isCollation(sql)))("$test: $sql", (vector) => {
    if (vector.error) expect(() => row(vector.sql)).toThrow()
    else {
      const found = Object.entries(row(vector.sql)).map(([name, result]) => [name, asText(result)])
      expect(Object.fromEntries(found)).toEqual(vector.expect)
    }
  })

  it.each(vectors.queries.filter(({ sql }) => isCollation(sql)))(
    "$test, as version_compare: better-sqlite3 has no collations",
    (vector) => {
      const sql = vector.sql.replace(
        /('[^']*') ([=<>]) ('[^']*') collate version(?:_(\w+))?/g,
        (_, left, operator, right, scheme) =>
          `version_compare(${left}, ${right}${scheme === undefined ? "" : `, '${scheme}'`}) ${operator} 0`,
      )
      expect(sql).not.toContain("collate")
      const found = Object.entries(row(sql)).map(([name, result]) => [name, asText(result)])
      expect(Object.fromEntries(found)).toEqual(vector.expect)
    },
  )

  it.each(vectors.community_id)("$sql", ({ sql, hash, error }) => {
    if (error) expect(() => row(sql)).toThrow()
    else expect(asText(row(sql).hash)).toBe(hash)
  })

  it.each(vectors.in_cidr_block)("$sql", ({ sql, expect: result }) => {
    expect(asText(row(sql).result)).toBe(result)
  })

  it("has all of them", () => {
    const counts = [vectors.queries.length, vectors.community_id.length, vectors.in_cidr_block.length]
    expect(counts).toEqual([42, 18, 4])
    expect(vectors.queries.filter(({ sql }) => isCollation(sql))).toHaveLength(12)
  })
})

describe("every function", () => {
  it.each([
    ["SELECT regex_match(NULL, 'a', 0)", null],
    ["SELECT regex_match('abc', '[[:alpha:]]+', 0)", "abc"],
    ["SELECT regex_match('a-b_1', '[[:punct:][:digit:]]+$', 0)", "_1"],
    ["SELECT regex_match('a]b', '[]]', 0) IS NULL", 1],
    ["SELECT regex_match('aab', 'a(x)?', 1)", ""],
    ["SELECT regex_match('日本', '.$', 0)", "本"],
    ["SELECT regex_match('/usr/bin/curl', '[\\.\\w-]+$', 0)", "curl"],
    ["SELECT regex_match('ab', 'a', -1)", null],
    ["SELECT regex_split('a1b2', '\\d', 2)", null],
    ["SELECT regex_split('a1b2', '\\d', 1)", "b"],
    ["SELECT regex_split('abc', 'x', 0)", "abc"],
    ["SELECT regex_split('abc', 'x', -1)", null],
    ["SELECT regex_split('', 'x', 0)", ""],
    ["SELECT split(' a : b :: c ', ':', 1)", "b"],
    ["SELECT split(' a : b :: c ', ':', 2)", "c"],
    ["SELECT split('a', ':', '0')", "a"],
    ["SELECT concat_ws(',', 'a', NULL)", "a"],
    ["SELECT concat(1.0, x'41', NULL)", "1.0A"],
    ["SELECT hex_to_int('0x1F')", 31],
    ["SELECT hex_to_int('ffffffffffffffff')", -1],
    ["SELECT hex_to_int('10000000000000000')", null],
    ["SELECT hex_to_int('xyz')", null],
    ["SELECT inet_aton('1.2.3.4')", 16909060],
    ["SELECT inet_aton('255.255.255.255')", 4294967295],
    ["SELECT inet_aton('::1')", null],
    ["SELECT inet_aton('1.2.3')", null],
    ["SELECT inet_aton(NULL)", null],
    ["SELECT to_base64(x'00ff')", "AP8="],
    ["SELECT from_base64('AP8=')", "\\x00\\xFF"],
    ["SELECT from_base64('no base64!')", ""],
    ["SELECT conditional_to_base64(char(7))", "Bw=="],
    ["SELECT md5(NULL)", null],
    ["SELECT sha1('')", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["SELECT version_compare('1.2', NULL)", null],
    ["SELECT version_compare('', '1')", -1],
    ["SELECT version_compare('1.5', '1.12')", -1],
    ["SELECT version_compare('2.0', '1.0-4', 'ARCH')", 1],
    ["SELECT sqrt(16)", 4],
    ["SELECT round(100 * log(10))", 230],
    ["SELECT log10(100)", 2],
    ["SELECT log(0)", null],
    ["SELECT typeof(ceil(1.2)) || ceil(1.2) || floor(-1.2)", "integer2-2"],
    ["SELECT ceil(1e300)", 1e300],
    ["SELECT typeof(in_cidr_block('10.0.0.0/8', '10.1.1.1'))", "integer"],
    ["SELECT typeof(inet_aton('10.1.1.1')) || typeof(version_compare('1', '2'))", "integerinteger"],
    ["SELECT typeof(log(1))", "real"],
    ["SELECT power(2, 10)", 1024],
    ["SELECT round(100 * pi())", 314],
    ["SELECT round(cot(1), 4)", 0.6421],
    ["SELECT round(degrees(pi()))", 180],
    ["SELECT parent_directory('/usr/bin/curl')", "/usr/bin"],
    ["SELECT parent_directory('/curl')", ""],
    ["SELECT parent_directory('C:\\Windows\\cmd.exe')", "C:\\Windows"],
    ["SELECT parent_directory('/srv/a\\b')", "/srv"],
    ["SELECT parent_directory('curl')", null],
  ])("%s", (sql, expected) => {
    expect(value(sql)).toEqual(expected)
  })

  it.each([
    ["10.0.0.0/26", "10.0.0.0", 0],
    ["10.0.0.0/26", "10.0.0.63", 0],
    ["10.0.0.0/26", "10.0.0.62", 1],
    ["10.0.0.0/26", "10.0.0.64", 0],
    ["10.0.0.4/31", "10.0.0.4", 0],
    ["10.0.0.4/32", "10.0.0.4", 1],
    ["0.0.0.0/0", "203.0.113.9", 1],
    ["2001:db8::/48", "2001:db8::", 1],
    ["2001:db8::/48", "2001:db8:1::", 0],
    ["::ffff:10.0.0.0/104", "::ffff:10.1.2.3", 1],
  ])("in_cidr_block(%s, %s) is %i", (block, ip, expected) => {
    expect(value("SELECT in_cidr_block(?, ?)", block, ip)).toBe(expected)
  })

  it.each([
    ["10.0.0.0", "10.0.0.1"],
    ["10.0.0.0/33", "10.0.0.1"],
    ["10.0.0.0/x", "10.0.0.1"],
    ["2001:db8::/48", "10.0.0.1"],
    ["10.0.0.0/8", "nonsense"],
  ])("in_cidr_block(%s, %s) is an error", (block, ip) => {
    expect(() => value("SELECT in_cidr_block(?, ?)", block, ip)).toThrow("cannot be parsed")
  })

  it("bounds a pattern", () => {
    const pattern = "|".repeat(257)
    expect(() => value("SELECT regex_match('a', ?, 0)", pattern)).toThrow(
      "Invalid regex: too big, max size is 256 bytes",
    )
    expect(() => value("SELECT regex_split('a', ?, 0)", pattern)).toThrow("Invalid regex")
    expect(() => value("SELECT regex_match('a', '[[:nope:]]', 0)")).toThrow("Invalid regex")
  })

  it("cannot be called by a view of the database", () => {
    db.exec("CREATE VIEW sneaky AS SELECT md5('x') AS a")
    expect(() => value("SELECT a FROM sneaky")).toThrow("unsafe use of md5()")
  })
})

describe("version_compare", () => {
  it.each(["", ", 'ARCH'", ", 'DPKG'", ", 'RHEL'"])("turns around with its arguments%s", (scheme) => {
    const version = fc.string({ unit: fc.constantFrom("0", "1", "10", "a", ".", "-", "~", "^", ":") })
    fc.assert(
      fc.property(version, version, (left, right) => {
        const sql = `SELECT version_compare(?, ?${scheme})`
        return value(sql, left, right) === -Number(value(sql, right, left)) || value(sql, left, right) === 0
      }),
    )
  })
})

describe("concat_ws", () => {
  it("agrees with SQLite's own wherever the separator is not NULL", () => {
    const plain = new Database(":memory:")
    const argument = fc.oneof(fc.constant(null), fc.stringMatching(/^[a-z ,]*$/), fc.integer())
    fc.assert(
      fc.property(
        fc.stringMatching(/^[,;]*$/),
        fc.array(argument, { minLength: 1, maxLength: 5 }),
        (separator, rest) => {
          const values = [separator, ...rest].map((item) => (typeof item === "number" ? BigInt(item) : item))
          const sql = `SELECT concat_ws(${values.map(() => "?").join(",")})`
          return (
            value(sql, ...values) ===
            plain
              .prepare<unknown[]>(sql)
              .pluck()
              .get(...values)
          )
        },
      ),
    )
    plain.close()
  })
})
