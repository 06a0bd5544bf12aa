/** to_base64, from_base64, conditional_to_base64 (osquery/sql/sqlite_encoding.cpp). */
import { textOfBytes } from "../../../base/text.ts"
import { type SqlArgument, type SqlFunction, textOf } from "./function.ts"

export const BASE64_FUNCTIONS: readonly SqlFunction[] = [
  { name: "to_base64", parameters: 1, call: (...values) => encode(values[0]) },
  { name: "from_base64", parameters: 1, call: (...values) => decode(values[0]) },
  { name: "conditional_to_base64", parameters: 1, call: (...values) => encodeUnprintable(values[0]) },
]

const PRINTABLE = /^[\x20-\x7e]*$/

function encode(value: SqlArgument | undefined): string | null {
  if (value === null || value === undefined) return null
  return (Buffer.isBuffer(value) ? value : Buffer.from(textOf(value))).toString("base64")
}

/** What is not base64 gives ''. Decoded bytes that are not UTF-8 become `\xHH`, as everywhere. */
function decode(value: SqlArgument | undefined): string | null {
  if (value === null || value === undefined) return null
  const text = textOf(value).replace(/\s/g, "")
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return ""
  return textOfBytes(Buffer.from(text, "base64"))
}

function encodeUnprintable(value: SqlArgument | undefined): string | null {
  if (value === null || value === undefined) return null
  const text = textOf(value)
  return PRINTABLE.test(text) ? text : encode(value)
}
