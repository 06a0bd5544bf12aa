/** One value a line, `name = value`, an empty line between rows: for wide rows (sqlite3's and osqueryi's line mode). */
import { displayWidth, escapeForTerminal } from "../../base/terminal.ts"
import { type CellValue, type RowPrinter, valueText } from "./row-printer.ts"

/** `isRaw` leaves the values unescaped. */
export function createLinePrinter(isRaw: boolean): RowPrinter {
  const shown = isRaw ? (text: string) => text : escapeForTerminal
  let names: string[] = []
  let isFirst = true
  return {
    begin(columns) {
      const escaped = columns.map(escapeForTerminal)
      const width = Math.max(0, ...escaped.map(displayWidth))
      names = escaped.map((name) => " ".repeat(width - displayWidth(name)) + name)
      return ""
    },
    row(values: readonly CellValue[]) {
      let text = isFirst ? "" : "\n"
      isFirst = false
      values.forEach((value, at) => {
        text += `${`${names[at] ?? ""} = ${shown(valueText(value))}`.trimEnd()}\n`
      })
      return text
    },
    end: () => "",
    note: () => "",
  }
}
