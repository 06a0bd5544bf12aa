/** The printer for an output format. */

import type { ResultColumn } from "../../pipeline/results/shown-columns.ts"
import { createJsonPrinter } from "../output/json-printer.ts"
import { createLinePrinter } from "../output/line-printer.ts"
import type { RowPrinter } from "../output/row-printer.ts"
import { createTablePrinter } from "../output/table-printer.ts"
import type { QueryOutput } from "./query-request.ts"

/** What is printed, for formats that go by more than the columns' names. */
export interface Printed {
  readonly sql: string
  readonly columns: readonly ResultColumn[]
}

/** What one format alone needs is loaded for it alone. */
export async function choosePrinter(output: QueryOutput, printed: Printed): Promise<RowPrinter> {
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
    case "osquery": {
      const { createOsqueryPrinter } = await import("../output/osquery-printer.ts")
      const nowS = Math.floor(Date.now() / 1000)
      return createOsqueryPrinter({ ...output.osquery, ...printed, nowS, isForTerminal })
    }
    case "table":
      return createTablePrinter({
        width: output.terminalWidth,
        isRaw: output.isRaw,
        mayUseLines: !output.isFormatGiven,
      })
  }
}
