/**
 * The mathematics in which osquery differs from SQLite, or that SQLite lacks; sqrt, log10, power, pi, degrees and
 * the rest are SQLite's own (osquery/sql/sqlite_math.cpp).
 */
import { type SqlArgument, type SqlFunction, textOf } from "./function.ts"

export const MATH_FUNCTIONS: readonly SqlFunction[] = [
  { name: "cot", parameters: 1, call: (...values) => withNumber(values[0], (x) => 1 / Math.tan(x)) },
  // SQLite's log() is to the base of ten, osquery's is the natural one.
  { name: "log", parameters: 1, call: (...values) => withNumber(values[0], Math.log) },
  // SQLite gives 3.0 where osquery gives 3.
  { name: "ceil", parameters: 1, call: (...values) => toInteger(values[0], Math.ceil) },
  { name: "floor", parameters: 1, call: (...values) => toInteger(values[0], Math.floor) },
]

/** Outside the domain the result is NULL, as SQLite's own functions have it. */
function withNumber(value: SqlArgument | undefined, compute: (x: number) => number): number | null {
  if (value === null || value === undefined) return null
  const number = typeof value === "number" ? value : Number.parseFloat(textOf(value)) || 0
  const result = compute(number)
  return Number.isFinite(result) ? result : null
}

/** What is beyond 64 bits stays a REAL. */
function toInteger(value: SqlArgument | undefined, round: (x: number) => number): bigint | number | null {
  if (typeof value === "bigint") return value
  const rounded = withNumber(value, round)
  return rounded === null || Math.abs(rounded) >= 2 ** 63 ? rounded : BigInt(rounded)
}
