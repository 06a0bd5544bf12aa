/**
 * Rows of CSV.
 * Source of truth: RFC 4180.
 */

const QUOTE = 0x22
const LF = 0x0a

/** Index behind the row at `start` and its line end; -1 when the bytes end before it, inside of quotes or not. */
export function rowEnd(bytes: Uint8Array, start: number, end: number): number {
  let isQuoted = false
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) isQuoted = !isQuoted
    else if (byte === LF && !isQuoted) return at + 1
  }
  return -1
}

/** The fields of one row; null when a quote stands where none can. */
export function splitRow(text: string): string[] | null {
  const row = text.replace(/\r?\n$/, "")
  const fields: string[] = []
  for (let at = 0; at <= row.length; ) {
    const isQuoted = row[at] === '"'
    const end = isQuoted ? closingQuote(row, at + 1) : commaOrEnd(row, at)
    if (end < 0) return null
    fields.push(isQuoted ? row.slice(at + 1, end).replaceAll('""', '"') : row.slice(at, end))
    const behind = isQuoted ? end + 1 : end
    if (behind < row.length && row[behind] !== ",") return null
    at = behind + 1
  }
  return fields
}

/** The row as a JSON object, in the order of the columns; Log Analytics adds the zone to the names of some. */
export function jsonOfRow(header: readonly string[], fields: readonly string[]): Buffer {
  const members = header.map(
    (name, column) =>
      `${JSON.stringify(name.replace(/ \[UTC\]$/, ""))}:${JSON.stringify(fields[column] ?? "")}`,
  )
  return Buffer.from(`{${members.join(",")}}`, "utf8")
}

function closingQuote(row: string, from: number): number {
  for (let at = row.indexOf('"', from); at >= 0; at = row.indexOf('"', at + 2))
    if (row[at + 1] !== '"') return at
  return -1
}

function commaOrEnd(row: string, from: number): number {
  const comma = row.indexOf(",", from)
  return comma < 0 ? row.length : comma
}
