/** split, concat, concat_ws, hex_to_int (osquery/sql/sqlite_string.cpp; hex_to_int is ours). */
import { hasNull, integerOf, type SqlArgument, type SqlFunction, textOf } from "./function.ts"

export const TEXT_FUNCTIONS: readonly SqlFunction[] = [
  { name: "split", parameters: 3, call: split },
  { name: "concat", parameters: -1, call: concat },
  { name: "concat_ws", parameters: -1, call: concatWithSeparator },
  { name: "hex_to_int", parameters: 1, call: hexToInt },
]

const BLANKS = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g
const MOST_UNSIGNED = 1n << 64n

/** Any of the characters splits; empty pieces are dropped, the others trimmed. */
function split(...values: SqlArgument[]): string | null {
  const [text, separators, index] = values
  if (hasNull([text, separators, index])) return null
  const marks = new Set(textOf(separators))
  if (marks.size === 0) throw new Error("Invalid input to split function")
  const wanted = integerOf(index)
  let found = 0
  let piece = ""
  for (const character of [...textOf(text), null]) {
    if (character !== null && !marks.has(character)) {
      piece += character
      continue
    }
    if (piece !== "" && found++ === wanted) return piece.replace(BLANKS, "")
    piece = ""
  }
  return null
}

function concat(...values: SqlArgument[]): string | null {
  return values.length === 0 ? null : values.map(textOf).join("")
}

/**
 * DEVIATION(osquery): a NULL at the end leaves no separator behind, and a NULL anywhere is left out, as SQLite's
 * own concat_ws does.
 */
function concatWithSeparator(...values: SqlArgument[]): string {
  if (values.length === 0) throw new Error("Missing separator to concat_ws")
  const [separator, ...rest] = values
  return rest
    .filter((value) => value !== null)
    .map(textOf)
    .join(textOf(separator))
}

/** `0x1f` or `1f`, up to 64 bits, as a signed integer; NULL for anything else. */
export function hexToInt(...values: SqlArgument[]): bigint | null {
  const digits = textOf(values[0]).trim().replace(/^0x/i, "")
  if (!/^[0-9a-f]+$/i.test(digits)) return null
  const value = BigInt(`0x${digits}`)
  return value < MOST_UNSIGNED ? BigInt.asIntN(64, value) : null
}
