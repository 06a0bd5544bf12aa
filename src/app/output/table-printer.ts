/**
 * Rows as a table, its columns as wide as the first rows need. On a terminal it is fitted to the width; rows
 * that are too wide for any table are shown one value a line instead.
 */
import { cutToWidth, displayWidth, escapeForTerminal } from "../../base/terminal.ts"
import { createLinePrinter } from "./line-printer.ts"
import { type CellValue, type RowPrinter, valueText } from "./row-printer.ts"

export interface TableOptions {
  /** Columns of the terminal; null for a file or a pipe: nothing is cut. */
  readonly width: number | null
  /** Leaves the values unescaped. */
  readonly isRaw: boolean
  /** Rows too wide for a table are shown in lines; otherwise the table runs over the edge. */
  readonly mayUseLines: boolean
  /** Columns that are never cut, as numbers never are: times. */
  readonly wholeColumns?: ReadonlySet<string>
}

const GAP = "  "
/** A text column is not cut below this. */
const NARROWEST = 8
/** In a pipe no cell is cut, but one long cell must not make all rows as long: it runs over in its own. */
const WIDEST_PADDING = 60
/** The rows that decide on the widths are kept until then. */
const SAMPLED_ROWS = 1000
const SAMPLED_CHARACTERS = 1024 * 1024

interface Layout {
  readonly widths: readonly number[]
  readonly isNumber: readonly boolean[]
  readonly cuts: boolean
}

export function createTablePrinter(options: TableOptions): RowPrinter {
  const { width, isRaw, mayUseLines, wholeColumns } = options
  const shown = isRaw ? (text: string) => text : escapeForTerminal
  let names: string[] = []
  let sample: (readonly CellValue[])[] = []
  let sampledCharacters = 0
  let print: ((values: readonly CellValue[]) => string) | null = null
  let note = ""

  const start = (): string => {
    const cells = sample.map((values) => values.map((value) => shown(valueText(value))))
    const isNumber = names.map((_, at) => isNumberColumn(sample.map((values) => values[at] ?? null)))
    const needed = names.map((name, at) => widest([name, ...cells.map((row) => row[at] ?? "")]))
    const isWhole = names.map((name, at) => isNumber[at] === true || wholeColumns?.has(name) === true)
    const fitted =
      width === null
        ? needed.map((columns) => Math.min(columns, WIDEST_PADDING))
        : fitWidths(needed, isWhole, width)
    if (fitted === null && mayUseLines) {
      note = `${names.length} columns do not fit into ${width}; shown one value a line. -t table forces a table.`
      return startLines()
    }
    const layout = { widths: fitted ?? narrow(needed, isWhole), isNumber, cuts: width !== null }
    print = (values) =>
      tableLine(
        values.map((value) => shown(valueText(value))),
        layout,
      )
    const rule = layout.widths.map((columns) => "-".repeat(columns)).join(GAP)
    return `${tableLine(names, layout)}${rule}\n${takeSample(print)}`
  }

  const startLines = (): string => {
    const lines = createLinePrinter(isRaw)
    lines.begin(names)
    print = (values) => lines.row(values)
    return takeSample(print)
  }

  const takeSample = (printRow: (values: readonly CellValue[]) => string): string => {
    const text = sample.map(printRow).join("")
    sample = []
    return text
  }

  return {
    begin(columns) {
      names = columns.map(escapeForTerminal)
      return ""
    },
    row(values) {
      if (print !== null) return print(values)
      sample.push(values)
      for (const value of values) if (typeof value === "string") sampledCharacters += value.length
      return sample.length >= SAMPLED_ROWS || sampledCharacters >= SAMPLED_CHARACTERS ? start() : ""
    },
    end: () => (print === null ? start() : ""),
    note: () => note,
  }
}

function isNumberColumn(values: readonly CellValue[]): boolean {
  let hasNumber = false
  for (const value of values) {
    if (value === null) continue
    if (typeof value !== "bigint" && typeof value !== "number") return false
    hasNumber = true
  }
  return hasNumber
}

function widest(texts: readonly string[]): number {
  let width = 0
  for (const text of texts) width = Math.max(width, displayWidth(text))
  return width
}

/**
 * The widths that fit into `width` together: whole columns stay whole, the widest text columns give way first. Null
 * when not even the narrowest ones fit.
 */
function fitWidths(needed: readonly number[], isWhole: readonly boolean[], width: number): number[] | null {
  const room = width - GAP.length * (needed.length - 1)
  const total = (cap: number) =>
    needed.reduce((sum, columns, at) => sum + (isWhole[at] ? columns : Math.min(columns, cap)), 0)
  if (total(NARROWEST) > room) return null
  let low = NARROWEST
  let high = Math.max(width, NARROWEST)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (total(middle) <= room) low = middle
    else high = middle - 1
  }
  let spare = room - total(low)
  return needed.map((columns, at) => {
    if (isWhole[at] || columns <= low) return columns
    const extra = spare > 0 ? 1 : 0
    spare -= extra
    return low + extra
  })
}

function narrow(needed: readonly number[], isWhole: readonly boolean[]): number[] {
  return needed.map((columns, at) => (isWhole[at] ? columns : Math.min(columns, NARROWEST)))
}

function tableLine(cells: readonly string[], { widths, isNumber, cuts }: Layout): string {
  const padded = cells.map((cell, at) => {
    const width = widths[at] ?? 0
    const text = cuts ? cutToWidth(cell, width) : cell
    const blanks = " ".repeat(Math.max(0, width - displayWidth(text)))
    return isNumber[at] ? blanks + text : text + blanks
  })
  return `${padded.join(GAP).trimEnd()}\n`
}
