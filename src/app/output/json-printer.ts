/** JSON: one array, or one object a line. 64-bit integers beyond ±2^53 are strings, a BLOB is the string `x'…'`. */
import { escapeJsonForTerminal } from "../../base/terminal.ts"
import { blobText, type CellValue, type RowPrinter, valueText } from "./row-printer.ts"

export interface JsonOptions {
  /** One object a line instead of an array. */
  readonly isLines: boolean
  /** Characters that a terminal would obey become `\uXXXX`: the same JSON value. */
  readonly isForTerminal: boolean
}

export function createJsonPrinter({ isLines, isForTerminal }: JsonOptions): RowPrinter {
  let keys: string[] = []
  let isFirst = true
  return {
    begin(columns) {
      keys = uniqueNames(columns).map((name) => JSON.stringify(name))
      return isLines ? "" : "["
    },
    row(values: readonly CellValue[]) {
      const members = values.map((value, at) => `${keys[at] ?? '""'}:${jsonOfValue(value)}`)
      const object = `{${members.join(",")}}`
      const text = isForTerminal ? escapeJsonForTerminal(object) : object
      if (isLines) return `${text}\n`
      const separator = isFirst ? "\n" : ",\n"
      isFirst = false
      return separator + text
    },
    end: () => (isLines ? "" : isFirst ? "]\n" : "\n]\n"),
    note: () => "",
  }
}

function jsonOfValue(value: CellValue): string {
  if (value === null) return "null"
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "bigint") {
    const isExact = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
    return isExact ? value.toString() : `"${value}"`
  }
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : `"${valueText(value)}"`
  return `"${blobText(value)}"`
}

/** A join may give one name twice; a JSON object cannot: the second `pid` becomes `pid_2`. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names)
  const used = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let number = 2; used.has(unique) || (unique !== name && taken.has(unique)); number++) {
      unique = `${name}_${number}`
    }
    used.add(unique)
    return unique
  })
}
