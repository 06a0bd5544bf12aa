import { execFileSync } from "node:child_process"
import { closeSync, openSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { JsonLinesSink, JsonSink } from "../../../src/rows/json-sink.ts"
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

function linesOf(rows: readonly Row[]): string {
  const pieces: Buffer[] = []
  const sink = new JsonLinesSink((bytes) => pieces.push(Buffer.from(bytes)))
  writeRows(sink, rows)
  sink.close()
  return Buffer.concat(pieces).toString("utf8")
}

test("the table's name comes first, then the columns; control bytes, quotes and bad UTF-8 are escaped", () => {
  const hostile = Buffer.from([0x61, 0x22, 0x5c, 0x0a, 0x1f, 0x7f, 0x00, 0xff, 0xc3, 0xa9, 0xe2, 0x80, 0xa8])
  expect(linesOf([{ table: PAIR, cells: [NULL_CELL, bytesCell(hostile)] }])).toBe(
    '{"_table":"pair_events","number":null,"name":"a\\"\\\\\\u000a\\u001f\x7f\\\\x00\\\\xFFé\u2028"}\n',
  )
})

test("a backslash that would read as an escape is told apart", () => {
  const cells = [NULL_CELL, bytesCell(Buffer.from("\\x80 C:\\x86 \\x5c"))]
  expect(JSON.parse(linesOf([{ table: PAIR, cells }])).name).toBe("\\x5Cx80 C:\\x5Cx86 \\x5c")
})

test("strings come in text form; NUL and lone surrogates cannot pass", () => {
  const cells = [NULL_CELL, textCell("\\x80 \0 \ud800 😀")]
  expect(JSON.parse(linesOf([{ table: PAIR, cells }])).name).toBe("\\x80 \\x00 \ufffd 😀")
})

test("integers beyond ±2^53 are strings", () => {
  const written = [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]
  const lines = linesOf(written.map((value) => ({ table: PAIR, cells: [int64Cell(value), textCell("")] })))
  expect(lines.match(/"number":[^,]*/g)).toEqual([
    '"number":9007199254740992',
    '"number":"9007199254740993"',
    '"number":-9007199254740992',
    '"number":"-9007199254740993"',
    '"number":"9223372036854775807"',
    '"number":"-9223372036854775808"',
  ])
})

test("only whole rows are handed on", () => {
  const pieces: string[] = []
  const sink = new JsonLinesSink((bytes) => pieces.push(Buffer.from(bytes).toString()))
  const row = { table: PAIR, cells: [int64Cell(1n), textCell("x".repeat(1000))] }
  for (let count = 0; count < 600; count++) writeRows(sink, [row])
  sink.begin(PAIR)
  sink.int(1)
  sink.close()
  expect(pieces.length).toBeGreaterThan(1)
  for (const piece of pieces) expect(piece.endsWith("}\n")).toBe(true)
  expect(pieces.join("").split("\n").length - 1).toBe(600)
})

test("an array of no rows is an array", () => {
  const pieces: string[] = []
  new JsonSink((bytes) => pieces.push(Buffer.from(bytes).toString())).close()
  expect(pieces.join("")).toBe("[]\n")
})

test("files written by descriptor are read by jq", () => {
  withFolder((folder) => {
    const path = join(folder, "rows.jsonl")
    const descriptor = openSync(path, "wx", 0o600)
    const sink = new JsonLinesSink(descriptor)
    const huge = "é\\x".repeat(100_000)
    writeRows(sink, [
      { table: PAIR, cells: [int64Cell(5n), bytesCell(Buffer.from("\u0001\ttab", "utf8"))] },
      { table: PAIR, cells: [int64Cell(6n), bytesCell(Buffer.from(huge))] },
    ])
    sink.close()
    closeSync(descriptor)
    const names = execFileSync("jq", ["-r", ".name", path], { encoding: "utf8", maxBuffer: 1 << 24 })
    expect(names).toBe(`\u0001\ttab\n${huge}\n`)
    expect(readFileSync(path, "utf8").split("\n").length).toBe(3)
  })
})
