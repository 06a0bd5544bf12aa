/** Statistics for people, as small tables, and for scripts, as one JSON object. */
import { escapeForTerminal, escapeJsonForTerminal } from "../../base/terminal.ts"
import {
  AUDIT_CONTROL,
  describeHostSilences,
  type HostSilence,
  missingSettings,
  namesOf,
} from "../audit-flags.ts"
import { type CommandLines, describeSilence, SWITCH_ON, silentHostNames } from "../command-lines.ts"
import { countText, sizeText, timeText } from "../output/amounts.ts"
import { type CellValue, valueText } from "../output/row-printer.ts"
import { createTablePrinter } from "../output/table-printer.ts"
import type { Section, Stats } from "./collect-stats.ts"
import type { CountBy } from "./count-by.ts"

/** Columns of unix seconds. */
const TIMES: ReadonlySet<string> = new Set(["first", "last"])

/** Every value escaped; fitted to `width` columns, or uncut for null. Empty lists are named in one line at the end. */
export function statsText(stats: Stats, width: number | null): string {
  const { firstTime, lastTime, sections } = stats
  const range =
    firstTime === null || lastTime === null ? "no events" : `${timeText(firstTime)} to ${timeText(lastTime)}`
  const filled = sections.filter(({ rows }) => rows.length > 0)
  const empty = sections.filter(({ rows }) => rows.length === 0).map(({ name }) => name)
  const parts = [`Time range: ${range}\n`, ...filled.map((section) => sectionText(section, width))]
  if (empty.length > 0) parts.push(`None: ${empty.join(", ")}\n`)
  const { commandLines } = stats
  if (commandLines.silent > 0n) parts.push(silenceText(commandLines))
  if (stats.auditFlags !== null && stats.auditFlags.length > 0) parts.push(auditFlagsText(stats.auditFlags))
  return parts.join("\n")
}

function silenceText(commandLines: CommandLines): string {
  return adviceText(
    describeSilence(commandLines),
    silentHostNames(commandLines),
    "an administrator",
    SWITCH_ON,
  )
}

function auditFlagsText(hosts: readonly HostSilence[]): string {
  return adviceText(describeHostSilences(hosts), namesOf(hosts), "root", AUDIT_CONTROL)
}

function adviceText(sentence: string, hosts: string, who: string, commands: readonly string[]): string {
  const lines = [
    `${(sentence[0] ?? "").toUpperCase()}${sentence.slice(1)}.`,
    `  Hosts: ${escapeForTerminal(hosts)}`,
    `  To have them from now on, as ${who} on the host:`,
    ...commands.map((command) => `    ${command}`),
  ]
  return `${lines.join("\n")}\n`
}

/** The values of one column with their counts. */
export function countByText(column: string, { rows, distinct }: CountBy, width: number | null): string {
  return sectionText(
    {
      name: "",
      columns: [column, "events", "first", "last"],
      rows: rows.map(({ value, events, firstTime, lastTime }) => [value, events, firstTime, lastTime]),
      total: distinct,
    },
    width,
  )
}

/** Integers beyond ±2^53 become strings. Times stay unix seconds. */
export function statsJson(stats: Stats, isForTerminal: boolean): string {
  const { firstTime, lastTime, sections, commandLines, auditFlags } = stats
  const lists = sections.map(({ name, columns, rows, total }) => [
    name.replace(/ ([a-z])/, (_, letter: string) => letter.toUpperCase()),
    { total, rows: rows.map((row) => objectOf(columns, row)) },
  ])
  const silence = commandLines.silent > 0n ? { commandLines: { ...commandLines, switchOn: SWITCH_ON } } : {}
  const flags =
    auditFlags === null || auditFlags.length === 0
      ? {}
      : { auditFlags: { hosts: auditFlags, missing: missingSettings(auditFlags), switchOn: AUDIT_CONTROL } }
  return jsonText({ firstTime, lastTime, ...Object.fromEntries(lists), ...silence, ...flags }, isForTerminal)
}

/** As `statsJson`. */
export function countByJson(column: string, counted: CountBy, isForTerminal: boolean): string {
  const rows = counted.rows.map(({ value, events, firstTime, lastTime }) => {
    return { value, events, firstTime, lastTime }
  })
  return jsonText({ by: column, tables: counted.tables, total: counted.distinct, rows }, isForTerminal)
}

function sectionText({ name, columns, rows, total }: Section, width: number | null): string {
  const printer = createTablePrinter({ width, isRaw: false, mayUseLines: false, wholeColumns: TIMES })
  let text = name === "" ? "" : `${(name[0] ?? "").toUpperCase()}${name.slice(1)}\n`
  text += printer.begin(columns)
  for (const row of rows) text += printer.row(row.map((value, at) => shownValue(columns[at] ?? "", value)))
  text += printer.end()
  const more = total - rows.length
  return more > 0 ? `${text}… ${countText(more)} more\n` : text
}

/** Counts stay numbers, so that the table aligns them to the right. */
function shownValue(column: string, value: CellValue): CellValue {
  if (TIMES.has(column) && typeof value === "bigint") return timeText(value)
  if (column === "bytes" && typeof value === "bigint") return sizeText(Number(value))
  if (value === null || value === "") return "-"
  return value
}

function objectOf(columns: readonly string[], row: readonly CellValue[]): Record<string, CellValue> {
  return Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))
}

function jsonText(value: unknown, isForTerminal: boolean): string {
  const json = JSON.stringify(value, plainValue, 2)
  return isForTerminal ? json.split("\n").map(escapeJsonForTerminal).join("\n") : json
}

function plainValue(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return valueText(value)
  if (typeof value !== "bigint") return value
  const isExact = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
  return isExact ? Number(value) : value.toString()
}
