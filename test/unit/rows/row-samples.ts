/** Random tables and rows, written to any sink; each cell knows what it must read back as. */
import fc from "fast-check"
import { textOfBytes } from "../../../src/base/text.ts"
import type { Column, TableSchema } from "../../../src/schema/column.ts"
import type { RowWriter } from "../../../src/schema/row-writer.ts"

export type Value = null | bigint | string

export interface Cell {
  readonly value: Value
  write(writer: RowWriter): void
}

export interface Row {
  readonly table: TableSchema
  readonly cells: readonly Cell[]
}

const EDGES = [0n, 1n, -1n, 2n, 127n, 128n, -128n, -129n, 32_767n, 32_768n, -32_768n, -32_769n]
  .concat([8_388_607n, 8_388_608n, -8_388_608n, -8_388_609n, 999_999_999n, 1_000_000_000n])
  .concat([2n ** 31n - 1n, 2n ** 31n, -(2n ** 31n), -(2n ** 31n) - 1n, 2n ** 32n - 1n, 2n ** 32n])
  .concat([2n ** 47n - 1n, 2n ** 47n, -(2n ** 47n), -(2n ** 47n) - 1n, -(2n ** 32n), 9_007_198_999_999_999n])
  .concat([2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) + 1n, -(2n ** 53n), -(2n ** 53n) - 1n])
  .concat([2n ** 63n - 1n, -(2n ** 63n), 1_699_999_999_123_456_789n, -(2n ** 63n) + 1n])

const TRICKY = [
  "",
  " ",
  "a,b",
  'say "x"',
  '"',
  ",",
  "\r",
  "\n",
  "a\rb",
  "=1+1",
  "  =1",
  " \t=1",
  "+1",
  "-1",
  "@x",
  "\tx",
  "'x",
  "＝1",
  "  ＠",
  "＋",
  "－",
  "｀",
  "\\x00",
  "\\x5C",
  "\\xff",
  "\\xFF",
  "\\\\x80",
  "\\",
  "C:\\Windows\\x86",
  "\0",
  "a\0b",
  "\u0001\u001f\u007f\u0080",
  "\u2028\u2029",
  "é€😀",
  "\ufeffx",
  '["ls","-l"]',
].map((text) => Buffer.from(text, "utf8"))

const HOSTILE = [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]]
  .concat([
    [0x5c, 0x78, 0x38, 0x30],
    [0x5c, 0x78, 0x38, 0xff],
    [0x5c, 0x5c, 0x78, 0x30, 0x30],
    [0xef, 0xbc],
  ])
  .concat([
    [0x20, 0x3d],
    [0xef, 0xbc, 0x9d],
    [0x2c, 0xff, 0x22],
    [0x61, 0x22, 0x00, 0x0a],
  ])
  .map((bytes) => Buffer.from(bytes))

export function int64Cell(value: bigint): Cell {
  const high = Number(BigInt.asIntN(64, value) >> 32n)
  const low = Number(BigInt.asUintN(32, value))
  return { value, write: (writer) => writer.int64(high, low) }
}

export function intCell(value: number): Cell {
  return { value: BigInt(value), write: (writer) => writer.int(value) }
}

/** The bytes stand inside a larger buffer, as they do in a parser's chunk. */
export function bytesCell(bytes: Uint8Array): Cell {
  const around = Buffer.concat([Buffer.from("\\x"), bytes, Buffer.from([0xbf, 0x22])])
  const value = textOfBytes(bytes)
  return { value, write: (writer) => writer.bytes(around, 2, 2 + bytes.length) }
}

export function textCell(text: string): Cell {
  return { value: text, write: (writer) => writer.text(text) }
}

export const NULL_CELL: Cell = { value: null, write: (writer) => writer.null() }
const EMPTY_CELL: Cell = { value: "", write: (writer) => writer.empty() }

const int64 = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const numberCell = fc.oneof(
  fc.constant(NULL_CELL),
  int64.map(int64Cell),
  int64.filter((value) => value <= 2n ** 53n && value >= -(2n ** 53n)).map((value) => intCell(Number(value))),
  fc.integer({ min: -300, max: 300 }).map(intCell),
)

const anyBytes = fc.oneof(
  fc.constantFrom(...TRICKY, ...HOSTILE),
  fc.uint8Array({ maxLength: 40 }),
  fc.array(fc.constantFrom(...TRICKY, ...HOSTILE), { maxLength: 12 }).map((parts) => Buffer.concat(parts)),
  fc.string({ unit: "grapheme", maxLength: 80 }).map((text) => Buffer.from(text, "utf8")),
)
const longBytes = fc
  .tuple(
    anyBytes.filter((bytes) => bytes.length > 0),
    fc.integer({ min: 60, max: 40_000 }),
  )
  .map(([bytes, length]) => Buffer.alloc(length, bytes))
/** Strings that come in text form already: no NUL, no lone surrogates. */
const anyText = fc.oneof(
  fc.constantFrom(
    "audit",
    "\\x80",
    "C:\\x41",
    '"',
    "é".repeat(30),
    "=x",
    "x".repeat(47),
    "x".repeat(300),
    "😀,",
  ),
  fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0")),
)
const wideCell = fc.oneof(
  { weight: 2, arbitrary: fc.constant(EMPTY_CELL) },
  { weight: 8, arbitrary: anyBytes.map(bytesCell) },
  { weight: 4, arbitrary: anyText.map(textCell) },
  { weight: 1, arbitrary: longBytes.map(bytesCell) },
)

const anyTable = fc
  .array(
    fc.constantFrom("TEXT" as const, "BIGINT" as const, "INTEGER" as const, "UNSIGNED_BIGINT" as const),
    {
      minLength: 2,
      maxLength: 50,
      size: "max",
    },
  )
  .map((types) => types.map((type, at): Column => column(`c${at}`, type)))

export function column(name: string, type: Column["type"]): Column {
  return { name, type, description: "" }
}

export function table(name: string, columns: readonly Column[]): TableSchema {
  return { name, description: "", columns, indexes: [] }
}

/** One to three tables and their rows, interleaved. */
export const anyRows = fc.array(anyTable, { minLength: 1, maxLength: 3 }).chain((columns) => {
  const tables = columns.map((list, index) => table(`t${index}_events`, list))
  const row = fc
    .constantFrom(...tables)
    .chain((schema) =>
      fc
        .tuple(...schema.columns.map(({ type }) => (type === "TEXT" ? wideCell : numberCell)))
        .map((cells): Row => ({ table: schema, cells })),
    )
  return fc.record({ tables: fc.constant(tables), rows: fc.array(row, { maxLength: 60, size: "max" }) })
})

export function writeRows(writer: RowWriter, rows: Iterable<Row>): void {
  for (const { table: schema, cells } of rows) {
    writer.begin(schema)
    for (const cell of cells) cell.write(writer)
    writer.end()
  }
}

export function createTable(schema: TableSchema, name = schema.name): string {
  return `CREATE TABLE ${name} (${schema.columns.map((one) => `"${one.name}" ${one.type}`).join(", ")})`
}

export function valuesOf(rows: readonly Row[], schema: TableSchema): Value[][] {
  return rows.filter((row) => row.table === schema).map((row) => row.cells.map((cell) => cell.value))
}
