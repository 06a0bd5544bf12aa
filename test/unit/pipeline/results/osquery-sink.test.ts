import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { createOsqueryPrinter } from "../../../../src/app/output/osquery-printer.ts"
import type { CellValue } from "../../../../src/app/output/row-printer.ts"
import { OsquerySink } from "../../../../src/pipeline/results/osquery-sink.ts"
import type { TableSchema } from "../../../../src/schema/column.ts"
import { EVENT_TABLES } from "../../../../src/schema/tables/index.ts"
import { createLiveDatabase, insertRow } from "../../store/sqlite/live-database.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-"))
const db = createLiveDatabase(join(folder, "live.db"))
db.defaultSafeIntegers(true)
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const NOW_S = 1_772_000_000
/** Beyond 2^53, and beyond 32 bits in the low half. */
const LARGE = (0x7fff_0001n << 32n) | 0xffff_fff0n

/** A value for each column: text with a control, numbers of every size, NULL, and no host in every second row. */
function sampleOf({ name, type }: TableSchema["columns"][number], at: number, row: number): CellValue {
  if (name === "host") return row % 2 === 0 ? "" : "db-1"
  if (name === "time") return row === 0 ? null : BigInt(NOW_S - row)
  if (type === "TEXT") return row === 0 ? "" : `${name}\n"é`
  if (type === "DOUBLE") return null
  return [null, BigInt(at), -5n, LARGE][row] ?? null
}

function sinkLines(schema: TableSchema, numerics: boolean): string {
  const chunks: Buffer[] = []
  const sink = new OsquerySink((bytes) => chunks.push(Buffer.from(bytes)), {
    numerics,
    host: "web-1",
    nowS: NOW_S,
  })
  for (let row = 0; row < 4; row++) {
    sink.begin(schema)
    for (const [at, column] of schema.columns.entries()) {
      const value = sampleOf(column, at, row)
      if (value === null) sink.null()
      else if (typeof value === "string") sink.text(value)
      else if (value === LARGE) sink.int64(0x7fff_0001, 0xffff_fff0)
      else sink.int(Number(value))
    }
    sink.end()
  }
  sink.close()
  expect(sink.counts.get(schema.name)).toBe(4)
  return Buffer.concat(chunks).toString()
}

function printerLines(schema: TableSchema, numerics: boolean): string {
  db.exec(`DELETE FROM ${schema.name}`)
  for (let row = 0; row < 4; row++) {
    const values = schema.columns.flatMap((column, at) => {
      const value = sampleOf(column, at, row)
      return typeof value === "string" || typeof value === "bigint" ? [[column.name, value] as const] : []
    })
    insertRow(db, schema.name, Object.fromEntries(values))
  }
  const sql = `SELECT * FROM ${schema.name}`
  const statement = db.prepare<[], CellValue[]>(sql).raw()
  const columns = statement.columns()
  const form = { name: schema.name, host: "web-1", numerics }
  const printer = createOsqueryPrinter({ ...form, sql, columns, nowS: NOW_S, isForTerminal: false })
  return statement
    .all()
    .map((values) => printer.row(values))
    .join("")
}

describe("convert and query", () => {
  it.each(EVENT_TABLES.map((table) => table as TableSchema))("write the same lines of $name", (schema) => {
    for (const numerics of [false, true]) {
      const lines = sinkLines(schema, numerics)
      expect(lines).toBe(printerLines(schema, numerics))
      for (const line of lines.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("columns")
    }
  })

  it("name the host and the time of the row, else what they are given", () => {
    const heads = sinkLines(EVENT_TABLES[0], false)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { hostIdentifier: string; unixTime: number; columns: object })
      .map(({ hostIdentifier, unixTime }) => [hostIdentifier, unixTime])
    expect(heads).toEqual([
      ["web-1", NOW_S],
      ["db-1", NOW_S - 1],
      ["web-1", NOW_S - 2],
      ["db-1", NOW_S - 3],
    ])
  })
})
