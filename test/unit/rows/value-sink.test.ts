import { expect, test } from "vitest"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { SqlSink } from "../../../src/rows/sql-sink.ts"
import type { RowValue } from "../../../src/rows/value-sink.ts"
import { column, int64Cell, intCell, NULL_CELL, table, textCell, writeRows } from "./row-samples.ts"

const PAIR = table("pair_events", [column("number", "BIGINT"), column("name", "TEXT")])

test("integers are numbers up to ±2^53 and bigint beyond, never negative zero", () => {
  const sink = new ObjectSink()
  const edge = 2n ** 53n
  const written = [edge, edge + 1n, -edge, -edge - 1n].map((value) => [int64Cell(value), textCell("")])
  writeRows(
    sink,
    [...written, [intCell(-0), textCell("")]].map((cells) => ({ table: PAIR, cells })),
  )
  expect(sink.rows.map(({ values }) => values.number)).toEqual([
    9007199254740992,
    9007199254740993n,
    -9007199254740992,
    -9007199254740993n,
    0,
  ])
})

test("strings come in text form; NUL and lone surrogates cannot pass", () => {
  const sink = new ObjectSink()
  writeRows(sink, [{ table: PAIR, cells: [NULL_CELL, textCell("\\x80 \0 \ud800 😀")] }])
  expect(sink.rows).toEqual([
    { table: "pair_events", values: { number: null, name: "\\x80 \\x00 \ufffd 😀" } },
  ])
})

test("one insert is prepared a table and gets whole rows", () => {
  const prepared: string[] = []
  const inserted: RowValue[][] = []
  const sink = new SqlSink({
    prepareInsert(schema) {
      prepared.push(schema.name)
      return (values) => {
        inserted.push([...values])
      }
    },
  })
  writeRows(sink, [
    { table: PAIR, cells: [intCell(1), textCell("a")] },
    { table: PAIR, cells: [NULL_CELL, textCell("")] },
  ])
  expect(prepared).toEqual(["pair_events"])
  expect(inserted).toEqual([
    [1, "a"],
    [null, ""],
  ])
})
