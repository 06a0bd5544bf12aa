import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  batchLine,
  calendarTime,
  eventLine,
  eventLines,
  type ResultHead,
  rowWriter,
  snapshotLine,
} from "../../../../src/pipeline/results/result-line.ts"
import { doubleText, type ResultValue } from "../../../../src/pipeline/results/result-value.ts"

const VECTORS = resolve(import.meta.dirname, "../../../../../shared/data/osquery/result_log_lines.json")

const HEAD: ResultHead = {
  name: "test_query",
  hostIdentifier: "unknown_test_host",
  calendarTime: "no_time",
  unixTime: 0,
  epoch: 0,
  counter: 0,
  numerics: false,
  decorations: new Map(),
  decorationsTopLevel: false,
}
const COMMON =
  '"name":"test_query","hostIdentifier":"unknown_test_host","calendarTime":"no_time","unixTime":0,"epoch":0,"counter":0,"numerics":false'

function rowJson(
  row: Readonly<Record<string, ResultValue>>,
  numerics = false,
  escapes = true,
  nullText = "",
) {
  return rowWriter(Object.keys(row), { numerics, nullText, escapes })(Object.values(row))
}

interface VectorCase {
  readonly mode: "event" | "batch" | "snapshot"
  readonly numerics?: boolean
  readonly added?: readonly Record<string, string | number>[]
  readonly removed?: readonly Record<string, string | number>[]
  readonly rows?: readonly Record<string, string | number>[]
  readonly logger_snapshot_event_type?: boolean
  readonly lines: number
  readonly last_line?: string
}

describe.skipIf(!existsSync(VECTORS))("osquery's own lines (skipped without the reference data)", () => {
  const { cases } = JSON.parse(existsSync(VECTORS) ? readFileSync(VECTORS, "utf8") : '{"cases":[]}') as {
    cases: VectorCase[]
  }

  it.each(cases)("$mode $numerics $lines", (vector) => {
    const numerics = vector.numerics ?? false
    const head = { ...HEAD, numerics }
    const rows = (list: VectorCase["rows"]) => (list ?? []).map((row) => rowJson(row, numerics))
    const lines =
      vector.mode === "event"
        ? eventLines(head, rows(vector.removed), rows(vector.added))
        : vector.mode === "batch"
          ? [batchLine(head, rows(vector.removed), rows(vector.added))]
          : vector.logger_snapshot_event_type
            ? rows(vector.rows).map((row) => eventLine(head, row, "snapshot"))
            : [snapshotLine(head, rows(vector.rows))]
    expect(lines.length).toBe(vector.lines)
    if (vector.last_line !== undefined) expect(lines.at(-1)).toBe(vector.last_line)
  })

  it("has cases", () => {
    expect(cases.length).toBe(8)
  })
})

describe("a line", () => {
  it("has the batch and snapshot forms", () => {
    const row = rowJson({ a: "x" })
    expect(batchLine(HEAD, [row], [])).toBe(`{"diffResults":{"removed":[{"a":"x"}],"added":[]},${COMMON}}`)
    expect(snapshotLine(HEAD, [row, row])).toBe(
      `{"snapshot":[{"a":"x"},{"a":"x"}],"action":"snapshot",${COMMON}}`,
    )
  })

  it("carries decorations, sorted, as an object or beside the other keys", () => {
    const decorations = new Map([
      ["user", 'al"ice'],
      ["host", "web-1"],
    ])
    const inside = eventLine({ ...HEAD, decorations }, "{}", "added")
    expect(inside).toBe(
      `{${COMMON},"decorations":{"host":"web-1","user":"al\\"ice"},"columns":{},"action":"added"}`,
    )
    const beside = eventLine({ ...HEAD, decorations, decorationsTopLevel: true }, "{}", "added")
    expect(beside).toBe(`{${COMMON},"host":"web-1","user":"al\\"ice","columns":{},"action":"added"}`)
  })

  it("is read by jq with its keys in order", () => {
    const row = rowJson({ b: "2", a: "\u0001/é", Z: null })
    const line = eventLine({ ...HEAD, decorations: new Map([["k", "v"]]) }, row, "removed")
    const jq = (filter: string) => execFileSync("jq", ["-c", filter], { input: line }).toString().trim()
    expect(jq("keys_unsorted")).toBe(
      '["name","hostIdentifier","calendarTime","unixTime","epoch","counter","numerics","decorations","columns","action"]',
    )
    expect(jq(".columns|keys_unsorted")).toBe('["Z","a","b"]')
    expect(jq(".columns.a")).toBe('"\\\\x01/é"')
  })
})

describe("columns", () => {
  it("are sorted by the bytes of their names", () => {
    expect(rowJson({ é: "1", z: "2", a_b: "3", aB: "4", "\u{1f600}": "5", "\uff01": "6" })).toBe(
      '{"aB":"4","a_b":"3","z":"2","é":"1","\uff01":"6","\u{1f600}":"5"}',
    )
  })

  it("of one name are one, and the last holds", () => {
    expect(
      rowWriter(["pid", "x", "pid"], { numerics: false, nullText: "", escapes: true })([1n, "x", 2n]),
    ).toBe('{"pid":"2","x":"x"}')
  })

  it("are text, or numbers where logger_numerics asks for them; NULL is nullvalue", () => {
    const row = { i: 18446744073709551615n, d: 0.1, n: null, t: "5" }
    expect(rowJson(row)).toBe('{"d":"0.1","i":"18446744073709551615","n":"","t":"5"}')
    expect(rowJson(row, true, true, "NULL")).toBe('{"d":0.1,"i":18446744073709551615,"n":"NULL","t":"5"}')
  })

  it("have controls and bytes that are not UTF-8 as \\xHH, but in snapshots as JSON has them", () => {
    expect(rowJson({ t: 'a\n\u001b"\\/\u007fé' })).toBe('{"t":"a\\\\x0A\\\\x1B\\"\\\\/\u007fé"}')
    expect(rowJson({ t: 'a\n\u001b"' }, false, false)).toBe('{"t":"a\\n\\u001B\\""}')
    expect(rowJson({ b: Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0x0a, 0xc3]) })).toBe(
      '{"b":"a\\\\xFFé\\\\x0A\\\\xC3"}',
    )
  })

  it("are JSON that holds the text, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const parsed = JSON.parse(rowJson({ t: text }, false, false)) as { t: string }
        expect(parsed.t).toBe(text)
      }),
    )
  })
})

/** %.15g of C, as awk(1) hands it through; printf(1) counts in long doubles. */
function printed(values: readonly number[]): string[] {
  const input = `${values.map(String).join("\n")}\n`
  const text = execFileSync("awk", ['{ printf "%.15g\\n", $1 }'], {
    input,
    env: { ...process.env, LC_ALL: "C" },
  })
  const lines = text.toString().trim().split("\n")
  return lines.map((line) => (line.includes(".") ? line : `${line}.0`))
}

describe("doubles", () => {
  it("have 15 significant digits as printf gives them, and a point", () => {
    const values = [
      2,
      0.1,
      -0.5,
      1 / 3,
      1e15,
      123456789012345,
      1e14,
      1e-4,
      1.5e-5,
      1e22,
      1.7976931348623157e308,
    ]
    expect(values.map(doubleText)).toEqual(printed(values))
    expect([2, 1e15, 0, -0].map(doubleText)).toEqual(["2.0", "1e+15.0", "0.0", "-0.0"])
  })

  it("agree with printf on any double", () => {
    const any = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1e16, max: 1e16 }),
    )
    const doubles = fc.sample(any, 1000).filter((value) => value !== 0 && !Number.isNaN(value))
    expect(doubles.map(doubleText)).toEqual(printed(doubles))
  })

  it("as numbers have the shortest digits", () => {
    const json = (value: number) => rowJson({ d: value }, true)
    expect([2, 1e20, 1e21, 1e-7, 0.1].map(json)).toEqual([
      '{"d":2.0}',
      '{"d":100000000000000000000.0}',
      '{"d":1e21}',
      '{"d":1e-7}',
      '{"d":0.1}',
    ])
  })
})

describe("calendarTime", () => {
  it("is what date(1) prints in the C locale, and UTC", () => {
    const times = [0, 1462228052, 1772000000, 951782400, 4102444799]
    const expected = times.map((time) => {
      const text = execFileSync("date", ["-u", "-d", `@${time}`, "+%a %b %e %H:%M:%S %Y UTC"], {
        env: { LC_ALL: "C" },
      })
      return text.toString().trim()
    })
    expect(times.map(calendarTime)).toEqual(expected)
    expect(calendarTime(1462228052)).toBe("Mon May  2 22:27:32 2016 UTC")
    expect(calendarTime(10n ** 18n)).toBe("")
  })
})
