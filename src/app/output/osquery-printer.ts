/**
 * Rows as lines of osquery's results log, as if a scheduled query had added them: one event a line, with the host and
 * the time of the row itself, where it has them.
 */
import { escapeJsonForTerminal } from "../../base/terminal.ts"
import { calendarTime, eventLine, rowWriter } from "../../pipeline/results/result-line.ts"
import { type ResultColumn, shownPlaces } from "../../pipeline/results/shown-columns.ts"
import type { CellValue, RowPrinter } from "./row-printer.ts"

export interface OsqueryForm {
  /** What the lines call the query. */
  readonly name: string
  /** hostIdentifier of rows that name no host; never the examiner's machine. */
  readonly host: string
  readonly numerics: boolean
}

export interface OsqueryOptions extends OsqueryForm {
  readonly sql: string
  readonly columns: readonly ResultColumn[]
  /** Unix time of rows that have none. */
  readonly nowS: number
  readonly isForTerminal: boolean
}

export function createOsqueryPrinter(options: OsqueryOptions): RowPrinter {
  const { sql, columns, name, host, numerics, nowS, isForTerminal } = options
  const places = shownPlaces(sql, columns)
  const write = rowWriter(
    places.map((at) => columns[at]?.name ?? ""),
    { numerics, nullText: "", escapes: true },
  )
  const hostAt = columns.findIndex((column) => column.name === "host")
  const timeAt = columns.findIndex((column) => column.name === "time")
  const fixed = { name, epoch: 0, counter: 0, numerics, decorations: new Map(), decorationsTopLevel: false }
  return {
    begin: () => "",
    row(values) {
      const unixTime = timeOf(values[timeAt]) ?? nowS
      const named = values[hostAt]
      const hostIdentifier = typeof named === "string" && named !== "" ? named : host
      const head = { ...fixed, hostIdentifier, unixTime, calendarTime: calendarTime(unixTime) }
      const row = write(places.map((at) => values[at] ?? null))
      const line = eventLine(head, row, "added")
      return `${isForTerminal ? escapeJsonForTerminal(line) : line}\n`
    },
    end: () => "",
    note: () => "",
  }
}

function timeOf(value: CellValue | undefined): bigint | null {
  return typeof value === "bigint" ? value : null
}
