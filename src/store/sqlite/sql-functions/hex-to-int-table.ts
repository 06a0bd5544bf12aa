/**
 * The table `hex_to_int`, as queries for osquery's windows_events use it:
 *
 *   SELECT int FROM hex_to_int WHERE hex_string = '0x664'
 *
 * It is an extension's that its author published, not osquery's own. Source: sqlite.org/vtab.html (table-valued functions).
 */
import { type SqlArgument, textOf } from "./function.ts"
import { hexToInt } from "./text.ts"

/** One row; none for NULL, nor for what is no hexadecimal number of 64 bits. */
function* rows(hexString: unknown): Generator<[bigint]> {
  if (hexString === null || hexString === undefined) return
  const value = hexToInt(textOf(hexString as SqlArgument))
  if (value !== null) yield [value]
}

/** `directOnly`: a view of the database, which may be an attacker's, cannot read it. */
export const HEX_TO_INT_TABLE = {
  columns: ["int"],
  parameters: ["hex_string"],
  safeIntegers: true,
  directOnly: true,
  rows,
}
