import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  compareRun,
  diffRows,
  eventCounter,
  type QueryState,
} from "../../../../src/pipeline/results/differential.ts"

const VECTORS = resolve(import.meta.dirname, "../../../../../shared/data/osquery/result_log_lines.json")

describe("the difference of two runs", () => {
  it("is what sqlite3 finds", () => {
    const pool = fc.constantFrom('{"a":"1"}', '{"a":"2"}', '{"a":"3"}', '{"a":"x\'y"}')
    const pairs = fc.sample(fc.tuple(fc.array(pool, { maxLength: 8 }), fc.array(pool, { maxLength: 8 })), 40)
    const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
    const numbered = (table: string) =>
      `SELECT pair, row, row_number() OVER (PARTITION BY pair, row) FROM ${table}`
    const script = [
      "CREATE TABLE old (pair, row); CREATE TABLE new (pair, row);",
      ...pairs.flatMap(([old, now], pair) => [
        ...old.map((row) => `INSERT INTO old VALUES (${pair}, ${quote(row)});`),
        ...now.map((row) => `INSERT INTO new VALUES (${pair}, ${quote(row)});`),
      ]),
      `SELECT 'r', pair, row FROM (${numbered("old")} EXCEPT ${numbered("new")}) ORDER BY 2, 3;`,
      `SELECT 'a', pair, row FROM (${numbered("new")} EXCEPT ${numbered("old")}) ORDER BY 2, 3;`,
    ].join("\n")
    const found = execFileSync("sqlite3", [":memory:"], { input: script }).toString()
    const ours = pairs.map(([old, now]) => diffRows(old, now))
    const listed = (kind: string, rows: (at: number) => readonly string[]) =>
      pairs.flatMap((_, at) => [...rows(at)].sort().map((row) => `${kind}|${at}|${row}\n`))
    const removed = listed("r", (at) => ours[at]?.removed ?? [])
    const added = listed("a", (at) => ours[at]?.added ?? [])
    expect([...removed, ...added].join("")).toBe(found)
  })

  it("keeps the order of added rows", () => {
    expect(diffRows(["b"], ["c", "b", "a", "b"])).toEqual({ removed: [], added: ["c", "a", "b"] })
  })
})

describe("the counter", () => {
  const run = (before: QueryState | null, rows: readonly string[], epoch = 0) =>
    compareRun(before, rows, epoch, true)

  it("is 0 for the first run of an epoch, which gives all rows, and rises with each change", () => {
    const first = run(null, ["a", "b"])
    expect(first).toMatchObject({ counter: 0, added: ["a", "b"], removed: [], isLogged: true })
    const same = run(first.state, ["b", "a"])
    expect(same).toMatchObject({ counter: 0, added: [], isLogged: false })
    const changed = run(same.state, ["b"])
    expect(changed).toMatchObject({ counter: 1, removed: ["a"], added: [], isLogged: true })
    const again = run(changed.state, ["b", "b"])
    expect(again).toMatchObject({ counter: 2, added: ["b"] })
    expect(run(again.state, ["b"], 7)).toMatchObject({ counter: 0, added: ["b"], state: { epoch: 7 } })
  })

  it("is logged for an epoch that begins without rows", () => {
    expect(run(null, [])).toMatchObject({ counter: 0, isLogged: true })
  })

  it("rises for rows that went even when they are not wanted", () => {
    const first = run(null, ["a"])
    const second = compareRun(first.state, [], 0, false)
    expect(second).toMatchObject({ counter: 1, removed: [], isLogged: false })
  })

  it.skipIf(!existsSync(VECTORS))("has osquery's own rules (skipped without the reference data)", () => {
    const { counter } = JSON.parse(readFileSync(VECTORS, "utf8")) as {
      counter: { reset: boolean; has_all_records?: boolean; previous?: number; counter: number }[]
    }
    const ours = counter.map(({ reset, has_all_records, previous = 0 }) => {
      const before = reset ? null : { epoch: 0, counter: previous, rows: [] }
      return has_all_records ? compareRun(before, ["a"], 0, true).counter : eventCounter(before, 0)
    })
    expect(ours).toEqual(counter.map((rule) => rule.counter))
  })
})
