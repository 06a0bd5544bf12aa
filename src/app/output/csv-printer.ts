/** CSV (RFC 4180, lines end with LF), safe to open in a spreadsheet. */
import { stringify } from "csv-stringify/sync"
import { escapeForTerminal } from "../../base/terminal.ts"
import { type CellValue, type RowPrinter, valueText } from "./row-printer.ts"

export interface CsvOptions {
  /** Text that a spreadsheet would run as a formula gets a leading `'`. */
  readonly escapesFormulas: boolean
  readonly isForTerminal: boolean
}

/** Full-width signs count: spreadsheets fold them. So does a sign after blanks, which some of them trim. */
const FORMULA = /^[ \u00a0\u3000]*[=+\-@\t\r\n＝＋－＠]/
const ROWS_AT_ONCE = 200

export function createCsvPrinter({ escapesFormulas, isForTerminal }: CsvOptions): RowPrinter {
  let rows: string[][] = []
  const guard = (text: string) => (escapesFormulas && FORMULA.test(text) ? `'${text}` : text)
  const shown = isForTerminal ? escapeForTerminal : (text: string) => text
  const cell = (value: CellValue) => {
    const text = valueText(value)
    return typeof value === "string" ? shown(guard(text)) : text
  }
  const take = () => {
    // A lone CR would end the line for some readers, so it is quoted too.
    const text = rows.length === 0 ? "" : stringify(rows, { quoted_match: /[\r\n]/ })
    rows = []
    return text
  }
  return {
    begin(columns) {
      rows.push(columns.map(cell))
      return take()
    },
    row(values) {
      rows.push(values.map(cell))
      return rows.length >= ROWS_AT_ONCE ? take() : ""
    },
    end: take,
    note: () => "",
  }
}
