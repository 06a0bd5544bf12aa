/** How a query's rows become text; one printer a format, none of them keeps more than a page of rows. */

/** Integers are bigint, so that 64 bits stay exact. */
export type CellValue = null | string | number | bigint | Uint8Array

export interface RowPrinter {
  /** The text to write before the first row. */
  begin(columns: readonly string[]): string
  /** The text to write for a row: often several rows at once, or nothing yet. */
  row(values: readonly CellValue[]): string
  /** The text to write after the last row. */
  end(): string
  /** What to tell on stderr about the layout; '' for nothing. Known once `end()` has been called. */
  note(): string
}

/** A BLOB as an SQL literal: `x'00ff'`. */
export function blobText(bytes: Uint8Array): string {
  return `x'${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}'`
}

/** A value as text that SQLite would print: NULL is empty, a REAL keeps its point. */
export function valueText(value: CellValue): string {
  if (value === null) return ""
  if (typeof value === "string") return value
  if (typeof value === "bigint") return value.toString()
  if (typeof value === "number") return realText(value)
  return blobText(value)
}

function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf"
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value)
}
