import { execFileSync } from "node:child_process"
import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { CsvDirectorySink } from "../../../src/rows/csv-directory-sink.ts"
import { CsvSink } from "../../../src/rows/csv-sink.ts"
import { type CsvDialect, CsvStringifySink } from "../../../src/rows/csv-stringify-sink.ts"
import type { RowSink } from "../../../src/schema/row-writer.ts"
import { withFolder } from "./databases.ts"
import {
  bytesCell,
  column,
  int64Cell,
  NULL_CELL,
  type Row,
  table,
  textCell,
  writeRows,
} from "./row-samples.ts"

const PAIR = table("pair_events", [column("number", "BIGINT"), column("name", "TEXT")])
const OTHER = table("other_events", [column("number", "BIGINT")])

function row(number: bigint | null, name: string): Row {
  return {
    table: PAIR,
    cells: [number === null ? NULL_CELL : int64Cell(number), bytesCell(Buffer.from(name))],
  }
}

function written(open: (take: (bytes: Uint8Array) => void) => RowSink, rows: readonly Row[]): string {
  const pieces: Buffer[] = []
  const sink = open((bytes) => pieces.push(Buffer.from(bytes)))
  writeRows(sink, rows)
  sink.close()
  return Buffer.concat(pieces).toString("utf8")
}

const ROWS = [row(null, ""), row(-5n, 'a "b"'), row(2n ** 63n - 1n, "a,b"), row(0n, "c\rd"), row(1n, "\\x")]

test("a header, NULL as nothing, quotes where needed", () => {
  expect(written((take) => new CsvSink(PAIR, take), ROWS)).toBe(
    'number,name\n,\n-5,"a ""b"""\n9223372036854775807,"a,b"\n0,"c\rd"\n1,\\x\n',
  )
})

test("no rows: the header alone", () => {
  expect(written((take) => new CsvSink(PAIR, take), [])).toBe("number,name\n")
  expect(written((take) => new CsvStringifySink(PAIR, take, { bom: true }), [])).toBe("\ufeffnumber,name\n")
})

test("text that a spreadsheet would run gets an apostrophe, numbers never do", () => {
  const formulas = [
    "=1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    " \t=1",
    '=HYPERLINK("x")',
  ]
  const harmless = ["a=1", "'=1", "｀", " ", "1-1", "～", "\\x00=1"]
  const rows = [...formulas, ...harmless].map((name) => row(-1n, name))
  const cells = (csv: string) => csv.split("\n").slice(1, -1)
  const guarded = cells(written((take) => new CsvSink(PAIR, take), rows))
  const exact = cells(written((take) => new CsvSink(PAIR, take, { escapeFormulas: false }), rows))
  expect(guarded.filter((line) => /^-1,"?'/.test(line)).length).toBe(formulas.length + 1)
  expect(guarded[12]).toBe(`-1,"'=HYPERLINK(""x"")"`)
  expect(exact[12]).toBe(`-1,"=HYPERLINK(""x"")"`)
  for (const [index] of harmless.entries()) {
    expect(guarded[formulas.length + index]).toBe(exact[formulas.length + index])
  }
})

test("read by the sqlite3 tool", () => {
  withFolder((folder) => {
    const path = join(folder, "rows.csv")
    const long = `"${"é,\n".repeat(50_000)}`
    writeFileSync(
      path,
      written((take) => new CsvSink(PAIR, take), [...ROWS, row(9n, long)]),
    )
    const sql = "SELECT count(*), sum(length(name)), max(number + 0) FROM rows"
    const out = execFileSync("sqlite3", [":memory:", "-cmd", `.import --csv ${path} rows`, sql], {
      encoding: "utf8",
    })
    expect(out.trim()).toBe(`6|${5 + 3 + 3 + 2 + long.length}|9223372036854775807`)
  })
})

describe("dialects go through csv-stringify", () => {
  const cases: [string, CsvDialect, string][] = [
    [
      "semicolons",
      { delimiter: ";" },
      'number;name\n;\n-5;"a ""b"""\n9223372036854775807;a,b\n0;"c\rd"\n1;\\x\n',
    ],
    [
      "CRLF",
      { lineEnd: "\r\n" },
      'number,name\r\n,\r\n-5,"a ""b"""\r\n9223372036854775807,"a,b"\r\n0,"c\rd"\r\n1,\\x\r\n',
    ],
    [
      "a byte order mark",
      { bom: true },
      '\ufeffnumber,name\n,\n-5,"a ""b"""\n9223372036854775807,"a,b"\n0,"c\rd"\n1,\\x\n',
    ],
    [
      "all quoted, with ' as quote",
      { quoteAll: true, quote: "'", escape: "'" },
      `'number','name'\n,\n'-5','a "b"'\n'9223372036854775807','a,b'\n'0','c\rd'\n'1','\\x'\n`,
    ],
  ]
  test.each(cases)("%s", (_name, dialect, expected) => {
    expect(written((take) => new CsvStringifySink(PAIR, take, dialect), ROWS)).toBe(expected)
    withFolder((folder) => {
      const sink = new CsvDirectorySink(folder, dialect)
      writeRows(sink, ROWS)
      sink.close()
      expect(readFileSync(join(folder, "pair_events.csv"), "utf8")).toBe(expected)
    })
  })

  test("batches join without a seam", () => {
    const rows = Array.from({ length: 2500 }, (_, index) => row(BigInt(index), `n${index}`))
    const csv = written((take) => new CsvStringifySink(PAIR, take, { bom: true }), rows)
    expect(csv).toBe(`\ufeff${written((take) => new CsvSink(PAIR, take), rows)}`)
  })
})

describe("a directory of CSV files", () => {
  test("refuses to overwrite, unless forced; a link is replaced, not followed", () => {
    withFolder((folder) => {
      writeFileSync(join(folder, "victim"), "evidence")
      symlinkSync(join(folder, "victim"), join(folder, "pair_events.csv"))
      expect(() => writeRows(new CsvDirectorySink(folder), ROWS)).toThrow("EEXIST")
      const sink = new CsvDirectorySink(folder, { force: true })
      writeRows(sink, ROWS)
      sink.close()
      expect(readFileSync(join(folder, "victim"), "utf8")).toBe("evidence")
      expect(statSync(join(folder, "pair_events.csv")).mode & 0o777).toBe(0o600)
    })
  })

  test("counts rows by table, also after it was closed; interleaved tables stay apart", () => {
    withFolder((folder) => {
      const sink = new CsvDirectorySink(join(folder, "new", "out"))
      const other: Row = { table: OTHER, cells: [int64Cell(1n)] }
      writeRows(sink, [row(1n, "a"), other, row(2n, "b"), other, other])
      sink.flush()
      sink.close()
      expect([...sink.counts]).toEqual([
        ["pair_events", 2],
        ["other_events", 3],
      ])
      expect(readFileSync(join(folder, "new/out/other_events.csv"), "utf8")).toBe("number\n1\n1\n1\n")
      expect(readFileSync(join(folder, "new/out/pair_events.csv"), "utf8")).toBe("number,name\n1,a\n2,b\n")
    })
  })
})

test("strings come in text form", () => {
  const text = textCell('\\x80 \0 é"')
  expect(written((take) => new CsvSink(PAIR, take), [{ table: PAIR, cells: [NULL_CELL, text] }])).toBe(
    'number,name\n,"\\x80 \\x00 é"""\n',
  )
})
