import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { RowQueue } from "../../../src/rows/row-queue.ts"
import { SqlSink } from "../../../src/rows/sql-sink.ts"
import type { RowValue } from "../../../src/schema/row-value.ts"
import { openLiveCase } from "../../../src/store/sqlite/live-case.ts"
import { checkIntegrity, createTables, inserter, readRows, withDatabase, withFolder } from "./databases.ts"
import { anyRows, column, table, valuesOf, writeRows } from "./row-samples.ts"

const NOTHING = { problems: [], gaps: [], sources: [], eids: new Map<string, number>() }

describe("the queue of rows", () => {
  it("hands rows over once, in order, untouched by later ones", () => {
    const one = table("one", [column("a", "TEXT"), column("b", "BIGINT")])
    const two = table("two", [column("c", "BIGINT")])
    const queue = new RowQueue()
    for (const [text, number] of [
      ["x", 1],
      ["y", 2],
    ] as const) {
      queue.begin(one)
      queue.text(text)
      queue.int(number)
      queue.end()
      queue.begin(two)
      queue.int64(-1, 5)
      queue.end()
    }
    expect(queue.size).toBe(4)
    const rows = queue.take()
    expect(rows.map(({ schema, values }) => [schema.name, ...values])).toEqual([
      ["one", "x", 1],
      ["two", -4294967291],
      ["one", "y", 2],
      ["two", -4294967291],
    ])
    expect([queue.size, queue.take()]).toEqual([0, []])
    expect([...queue.counts]).toEqual([
      ["one", 2],
      ["two", 2],
    ])
  })

  it("holds exactly the values that inserts bind", () => {
    fc.assert(
      fc.property(anyRows, ({ rows }) => {
        const bound: RowValue[][] = []
        writeRows(new SqlSink({ prepareInsert: () => (values) => void bound.push([...values]) }), rows)
        const queue = new RowQueue()
        writeRows(queue, rows)
        expect(queue.take().map(({ values }) => values)).toEqual(bound)
      }),
    )
  })

  it("committed to a live case gives the rows that were written, as inserts give them", () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 70 }), ({ tables, rows }, size) =>
        withFolder((folder) => {
          const path = join(folder, "live.db")
          const store = openLiveCase(path)
          try {
            withDatabase(path, (beside) => createTables(beside, tables))
            const queue = new RowQueue()
            for (let at = 0; at < rows.length; at += size) {
              writeRows(queue, rows.slice(at, at + size))
              store.commit({ ...NOTHING, rows: queue.take() })
            }
          } finally {
            store.close()
          }
          withDatabase(path, (live) =>
            withDatabase(":memory:", (inserted) => {
              createTables(inserted, tables)
              writeRows(new SqlSink(inserter(inserted)), rows)
              for (const schema of tables) {
                expect(readRows(live, schema.name)).toEqual(valuesOf(rows, schema))
                expect(readRows(live, schema.name)).toEqual(readRows(inserted, schema.name))
              }
              expect(checkIntegrity(live)).toBe("ok")
            }),
          )
        }),
      ),
      { numRuns: 25 },
    )
  })
})
