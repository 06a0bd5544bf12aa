import { execFileSync } from "node:child_process"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createCsvPrinter } from "../../../../src/app/output/csv-printer.ts"
import { createJsonPrinter } from "../../../../src/app/output/json-printer.ts"
import { createLinePrinter } from "../../../../src/app/output/line-printer.ts"
import type { CellValue, RowPrinter } from "../../../../src/app/output/row-printer.ts"
import { createTablePrinter } from "../../../../src/app/output/table-printer.ts"
import { displayWidth } from "../../../../src/base/terminal.ts"

function print(
  printer: RowPrinter,
  columns: readonly string[],
  rows: readonly (readonly CellValue[])[],
): string {
  return printer.begin(columns) + rows.map((row) => printer.row(row)).join("") + printer.end()
}

const table = (width: number | null, mayUseLines = true) =>
  createTablePrinter({ width, isRaw: false, mayUseLines })
const json = (isLines = false) => createJsonPrinter({ isLines, isForTerminal: false })
const csv = (escapesFormulas = true) => createCsvPrinter({ escapesFormulas, isForTerminal: false })

describe("a table", () => {
  it("aligns text left and numbers right", () => {
    const rows = [
      ["/bin/sh", 7n, 1.5],
      ["日本語", 4711n, null],
    ]
    expect(print(table(null), ["path", "n", "share"], rows)).toBe(
      "path        n  share\n-------  ----  -----\n/bin/sh     7    1.5\n日本語   4711\n",
    )
  })

  it("cuts text, not numbers, to the width of the terminal", () => {
    const printed = print(
      table(40),
      ["id", "cmdline", "path"],
      [[123456789012n, "x".repeat(50), "/usr/bin/very/long/path"]],
    )
    expect(printed).toBe(
      [
        "          id  cmdline       path",
        "------------  ------------  ------------",
        "123456789012  xxxxxxxxxxx…  /usr/bin/ve…",
        "",
      ].join("\n"),
    )
  })

  it("cuts nothing without a terminal", () => {
    expect(print(table(null), ["a"], [["x".repeat(5000)]])).toContain("x".repeat(5000))
  })

  it("gives way to lines when it cannot fit, unless it was asked for", () => {
    const columns = Array.from({ length: 12 }, (_, at) => `column_${at}`)
    const rows = [columns.map(() => "value of some length")]
    const lines = table(80)
    expect(print(lines, columns, rows)).toContain("column_11 = value of some length\n")
    expect(lines.note()).toBe(
      "12 columns do not fit into 80; shown one value a line. -t table forces a table.",
    )
    const forced = table(80, false)
    expect(print(forced, columns, rows).split("\n")[2]).toContain("value o…  value o…")
    expect(forced.note()).toBe("")
  })

  it("prints its header when there are no rows", () => {
    expect(print(table(80), ["a", "bc"], [])).toBe("a  bc\n-  --\n")
  })

  it("does not keep many rows", () => {
    const printer = table(80)
    let text = printer.begin(["n"])
    let silent = 0
    for (let at = 0; at < 5000; at++) {
      const printed = printer.row([BigInt(at)])
      if (printed === "") silent++
      text += printed
    }
    expect(silent).toBe(999)
    expect(`${text}${printer.end()}`.split("\n")).toHaveLength(5003)
  })

  it("stays within the terminal, whatever the rows", () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc.string({ unit: "binary" }),
      fc.maxSafeInteger().map(BigInt),
    )
    const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 })
    fc.assert(
      fc.property(rows, fc.integer({ min: 60, max: 120 }), (values, width) => {
        const lines = print(table(width, false), ["a", "b", "c"], values).split("\n")
        return lines.length === values.length + 3 && lines.every((line) => displayWidth(line) <= width)
      }),
    )
  })
})

describe("lines", () => {
  it("name every value", () => {
    const rows = [
      [1n, "x"],
      [2n, null],
    ]
    expect(print(createLinePrinter(false), ["pid", "path"], rows)).toBe(
      " pid = 1\npath = x\n\n pid = 2\npath =\n",
    )
  })
})

describe("JSON", () => {
  it("keeps types, and large integers as strings", () => {
    const row = [
      1n,
      9007199254740991n,
      9007199254740992n,
      -9007199254740992n,
      1.5,
      null,
      "é\n",
      Buffer.from([0, 255]),
    ]
    const columns = ["a", "b", "c", "d", "e", "f", "g", "h"]
    expect(JSON.parse(print(json(), columns, [row]))).toEqual([
      {
        a: 1,
        b: 9007199254740991,
        c: "9007199254740992",
        d: "-9007199254740992",
        e: 1.5,
        f: null,
        g: "é\n",
        h: "x'00ff'",
      },
    ])
  })

  it("is valid without rows, with names twice, and with infinity", () => {
    expect(print(json(), ["a"], [])).toBe("[]\n")
    expect(print(json(true), ["a"], [])).toBe("")
    expect(print(json(true), ["a", "a", "a_2"], [[1n, 2n, 3n]])).toBe('{"a":1,"a_3":2,"a_2":3}\n')
    expect(print(json(true), ["a"], [[Number.POSITIVE_INFINITY]])).toBe('{"a":"Inf"}\n')
    expect(print(json(true), ["__proto__"], [["x"]])).toBe('{"__proto__":"x"}\n')
  })

  it("comes back as it was", () => {
    const rows = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.maxSafeInteger()), { maxLength: 5 })
    fc.assert(
      fc.property(rows, fc.boolean(), (values, isForTerminal) => {
        const printer = createJsonPrinter({ isLines: false, isForTerminal })
        const printed = print(
          printer,
          ["text", "number"],
          values.map(([text, number]) => [text, BigInt(number)]),
        )
        expect(JSON.parse(printed)).toEqual(values.map(([text, number]) => ({ text, number })))
      }),
    )
  })
})

describe("CSV", () => {
  const FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0=1",
    "\u3000＝1",
  ]

  it.each(FORMULAS)("guards %j", (text) => {
    const quote = /[\r\n]/.test(text) ? '"' : ""
    expect(print(csv(), ["a"], [[text]])).toBe(`a\n${quote}'${text}${quote}\n`)
    expect(print(csv(false), ["a"], [[text]])).toBe(`a\n${quote}${text}${quote}\n`)
  })

  it("leaves numbers and harmless text alone", () => {
    const row = [-5n, -1.5, "a=1", "", null, "'quoted'"]
    expect(print(csv(), ["a", "b", "c", "d", "e", "f"], [row])).toBe("a,b,c,d,e,f\n-5,-1.5,a=1,,,'quoted'\n")
  })

  it("guards the header too", () => {
    expect(print(csv(), ["=a"], [])).toBe("'=a\n")
  })

  it("is read back by another reader as it was", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", ";", " ", "é", "'") })
    const rows = fc.sample(fc.tuple(text, text), { numRuns: 300, seed: 1 })
    const script =
      "import csv,json,sys,io;print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(),newline='')))))"
    const printed = print(csv(false), ["a", "b"], rows)
    const read = execFileSync("python3", ["-c", script], { input: printed, encoding: "utf8" })
    expect(JSON.parse(read)).toEqual([["a", "b"], ...rows])
  })
})

describe("on a terminal", () => {
  const ranges: readonly (readonly [number, number])[] = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0xd800, 0xd800],
    [0xfeff, 0xfeff],
    [0xe0001, 0xe0001],
  ]
  const printers = {
    table: () => table(80),
    line: () => createLinePrinter(false),
    json: () => createJsonPrinter({ isLines: false, isForTerminal: true }),
    jsonl: () => createJsonPrinter({ isLines: true, isForTerminal: true }),
    csv: () => createCsvPrinter({ escapesFormulas: true, isForTerminal: true }),
  }
  it.each(Object.entries(printers))(
    "%s prints no dangerous character, in cells and in names",
    (_, create) => {
      for (const [from, to] of ranges) {
        for (let code = from; code <= to; code++) {
          const character = String.fromCodePoint(code)
          const printed = print(create(), [`n${character}`], [[`a${character}b`], [`\x1b]8;;x${character}`]])
          for (const found of printed) {
            if (found === "\n") continue
            const point = found.codePointAt(0) ?? 0
            expect(ranges.some(([low, high]) => point >= low && point <= high)).toBe(false)
          }
          const lines = printed.split("\n").length - 1
          expect(lines).toBeLessThanOrEqual(4)
        }
      }
    },
  )
})
