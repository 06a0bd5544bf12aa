/** What an SQL function of ours looks like, and the conversions that SQLite's own functions make. */

/** Integers are bigint. */
export type SqlArgument = null | string | number | bigint | Buffer

export interface SqlFunction {
  readonly name: string
  /** -1: any number. */
  readonly parameters: number
  /** A number becomes a REAL, a bigint an INTEGER. What it throws becomes the statement's error. */
  readonly call: (...values: SqlArgument[]) => null | string | number | bigint
}

/** The value as sqlite3_value_text() gives it; NULL is ''. */
export function textOf(value: SqlArgument | undefined): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string") return value
  if (Buffer.isBuffer(value)) return value.toString("utf8")
  if (typeof value === "bigint") return value.toString()
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

/** The value as sqlite3_value_int() gives it, within ±2^53; what is no number is 0. */
export function integerOf(value: SqlArgument | undefined): number {
  if (typeof value === "bigint") return Number(value)
  if (typeof value === "number") return Math.trunc(value)
  const parsed = Number.parseInt(textOf(value), 10)
  return Number.isNaN(parsed) ? 0 : parsed
}

export function hasNull(values: readonly (SqlArgument | undefined)[]): boolean {
  return values.some((value) => value === null || value === undefined)
}
