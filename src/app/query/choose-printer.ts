/** The printer for an output format. */
import { createJsonPrinter } from "../output/json-printer.ts"
import { createLinePrinter } from "../output/line-printer.ts"
import type { RowPrinter } from "../output/row-printer.ts"
import { createTablePrinter } from "../output/table-printer.ts"
import type { QueryOutput } from "./query-request.ts"

/** csv-stringify is loaded only for CSV. */
export async function choosePrinter(output: QueryOutput): Promise<RowPrinter> {
  const isForTerminal = output.terminalWidth !== null
  switch (output.format) {
    case "csv": {
      const { createCsvPrinter } = await import("../output/csv-printer.ts")
      return createCsvPrinter({ escapesFormulas: output.escapesFormulas, isForTerminal })
    }
    case "json":
      return createJsonPrinter({ isLines: false, isForTerminal })
    case "jsonl":
      return createJsonPrinter({ isLines: true, isForTerminal })
    case "line":
      return createLinePrinter(output.isRaw)
    case "table":
      return createTablePrinter({
        width: output.terminalWidth,
        isRaw: output.isRaw,
        mayUseLines: !output.isFormatGiven,
      })
  }
}
