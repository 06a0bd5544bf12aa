import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { stringify } from "csv-stringify/sync"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { CsvDirectorySink } from "../../../src/rows/csv-directory-sink.ts"
import { CsvSink } from "../../../src/rows/csv-sink.ts"
import { CsvStringifySink } from "../../../src/rows/csv-stringify-sink.ts"
import { JsonLinesSink, JsonSink } from "../../../src/rows/json-sink.ts"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { PageFileSink } from "../../../src/rows/page-file-sink.ts"
import { SqlSink } from "../../../src/rows/sql-sink.ts"
import type { TableSchema } from "../../../src/schema/column.ts"
import { checkIntegrity, createTables, inserter, readRows, withDatabase, withFolder } from "./databases.ts"
import { anyRows, createTable, type Row, type Value, valuesOf, writeRows } from "./row-samples.ts"

const RUNS = { numRuns: 30 }

function collect(): { pieces: Buffer[]; take: (bytes: Uint8Array) => void; text: () => string } {
  const pieces: Buffer[] = []
  return {
    pieces,
    take: (bytes) => pieces.push(Buffer.from(bytes)),
    text: () => Buffer.concat(pieces).toString("utf8"),
  }
}

/** A number or a string of digits, as JSON carries it. */
function jsonValue(value: Value): unknown {
  if (typeof value !== "bigint") return value
  const isLarge = value > 2n ** 53n || value < -(2n ** 53n)
  return isLarge ? String(value) : Number(value)
}

/** RFC 4180, character by character. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ""
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (isQuoted && char === '"' && text[at + 1] === '"') {
      cell += char
      at++
    } else if (char === '"') isQuoted = !isQuoted
    else if (isQuoted || (char !== "," && char !== "\n")) cell += char
    else {
      row.push(cell)
      cell = ""
      if (char === "\n") {
        rows.push(row)
        row = []
      }
    }
  }
  return rows
}

function csvOf(schema: TableSchema, rows: readonly Row[], escapeFormulas: boolean): string {
  const output = collect()
  const sink = new CsvSink(schema, output.take, { escapeFormulas })
  writeRows(
    sink,
    rows.filter((row) => row.table === schema),
  )
  sink.close()
  return output.text()
}

describe("all sinks write the same rows", () => {
  test("the page file reads back as what was written and as what SQL inserts give", () => {
    const pageSize = fc.constantFrom(512, 1024, 4096, 16_384, 65_536)
    fc.assert(
      fc.property(anyRows, pageSize, ({ tables, rows }, size) => {
        withFolder((folder) => {
          const path = join(folder, "stage.db")
          const staging = tables.map((schema) => ({ schema, sql: createTable(schema) }))
          const sink = new PageFileSink(path, { tables: staging, pageSize: size })
          writeRows(sink, rows)
          sink.close()
          expect(statSync(path).size).toBe(sink.bytesWritten)
          withDatabase(path, (staged) =>
            withDatabase(":memory:", (inserted) => {
              expect(checkIntegrity(staged)).toBe("ok")
              createTables(inserted, tables)
              writeRows(new SqlSink(inserter(inserted)), rows)
              for (const schema of tables) {
                const expected = valuesOf(rows, schema)
                expect(readRows(staged, schema.name)).toEqual(expected)
                expect(readRows(inserted, schema.name)).toEqual(expected)
                expect(sink.counts.get(schema.name)).toBe(expected.length)
              }
            }),
          )
        })
      }),
      RUNS,
    )
  })

  test("objects hold the values by column name", () => {
    fc.assert(
      fc.property(anyRows, ({ rows }) => {
        const sink = new ObjectSink()
        writeRows(sink, rows)
        const exact = sink.rows.map(({ table, values }) => [
          table,
          Object.values(values).map((value) => (typeof value === "number" ? BigInt(value) : value)),
        ])
        expect(exact).toEqual(rows.map((row) => [row.table.name, row.cells.map((cell) => cell.value)]))
        expect(sink.rows.map(({ values }) => Object.keys(values))).toEqual(
          rows.map((row) => row.table.columns.map(({ name }) => name)),
        )
      }),
      RUNS,
    )
  })

  test("JSON lines and the JSON array parse to the rows, byte for byte as JSON.stringify up to escapes", () => {
    fc.assert(
      fc.property(anyRows, ({ rows }) => {
        const lines = collect()
        const array = collect()
        const linesSink = new JsonLinesSink(lines.take)
        const arraySink = new JsonSink(array.take)
        for (const sink of [linesSink, arraySink]) {
          writeRows(sink, rows)
          sink.close()
        }
        const expected = rows.map(({ table, cells }) =>
          Object.fromEntries([
            ["_table", table.name] as const,
            ...table.columns.map(
              ({ name }, index) => [name, jsonValue(cells[index]?.value ?? null)] as const,
            ),
          ]),
        )
        const text = lines.text()
        const read = text.split("\n").slice(0, -1)
        expect(read.map((line) => JSON.parse(line))).toEqual(expected)
        const letters = new Map([
          ["08", "\\b"],
          ["09", "\\t"],
          ["0a", "\\n"],
          ["0c", "\\f"],
          ["0d", "\\r"],
        ])
        for (const [index, line] of read.entries()) {
          const stringified = JSON.stringify(expected[index])
          // Two backslashes first: one that is text must not be read as an escape.
          const shortened = line.replace(
            /\\\\|\\u00(08|09|0a|0c|0d)/g,
            (all, code) => letters.get(code) ?? all,
          )
          expect(shortened).toBe(stringified)
        }
        expect(JSON.parse(array.text())).toEqual(expected)
      }),
      RUNS,
    )
  })

  test("CSV is csv-stringify's, byte for byte, and parses back to the rows", () => {
    fc.assert(
      fc.property(anyRows, ({ tables, rows }) => {
        for (const schema of tables) {
          const values = valuesOf(rows, schema)
          const csv = csvOf(schema, rows, false)
          const header = schema.columns.map(({ name }) => name)
          const cast = { bigint: (value: bigint) => value.toString(), number: String }
          expect(csv).toBe(stringify([header, ...values], { cast }))
          const strings = values.map((row) => row.map((value) => (value === null ? "" : String(value))))
          expect(parseCsv(csv)).toEqual([header, ...strings])
        }
      }),
      RUNS,
    )
  })

  test("formulas are defused as csv-stringify does it, and behind leading spaces too", () => {
    fc.assert(
      fc.property(anyRows, ({ tables, rows }) => {
        for (const schema of tables) {
          const values = valuesOf(rows, schema).map((row) =>
            row.map((value) =>
              typeof value === "string" && /^ +[=+@\-\t\r＝＋－＠]/.test(value) ? `'${value}` : value,
            ),
          )
          const header = schema.columns.map(({ name }) => name)
          const cast = { bigint: (value: bigint) => value.toString(), number: String }
          const expected = stringify([header, ...values], { cast, escape_formulas: true })
          expect(csvOf(schema, rows, true)).toBe(expected)
        }
      }),
      RUNS,
    )
  })

  test("the csv-stringify sink with no dialect gives what the byte sink gives, over several batches", () => {
    fc.assert(
      fc.property(anyRows, fc.boolean(), ({ tables, rows }, escapeFormulas) => {
        for (const schema of tables) {
          const own = rows.filter((row) => row.table === schema)
          const output = collect()
          const sink = new CsvStringifySink(schema, output.take, { escapeFormulas })
          const half = own.length >> 1
          writeRows(sink, own.slice(0, half))
          sink.flush()
          writeRows(sink, own.slice(half))
          sink.close()
          expect(output.text()).toBe(csvOf(schema, rows, escapeFormulas))
          expect(sink.counts.get(schema.name)).toBe(own.length)
        }
      }),
      { numRuns: 20 },
    )
  })

  test("a directory holds one file a table, the same as that table's own sink writes", () => {
    fc.assert(
      fc.property(anyRows, ({ tables, rows }) =>
        withFolder((folder) => {
          const sink = new CsvDirectorySink(join(folder, "out"))
          writeRows(sink, rows)
          sink.close()
          for (const schema of tables) {
            const count = valuesOf(rows, schema).length
            expect(sink.counts.get(schema.name) ?? 0).toBe(count)
            if (count === 0) continue
            const path = join(folder, "out", `${schema.name}.csv`)
            expect(readFileSync(path, "utf8")).toBe(csvOf(schema, rows, true))
            expect(statSync(path).mode & 0o777).toBe(0o600)
          }
        }),
      ),
      { numRuns: 20 },
    )
  })
})
