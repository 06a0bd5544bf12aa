/** What the query command asks of its child process, and what it hears back; both are sent over IPC. */

import type { OsqueryForm } from "../output/osquery-printer.ts"

export const QUERY_FORMATS = ["table", "csv", "json", "jsonl", "line", "osquery"] as const
export type QueryFormat = (typeof QUERY_FORMATS)[number]

export interface QueryOutput {
  readonly format: QueryFormat
  /** The format was asked for: a table stays a table even if it does not fit. */
  readonly isFormatGiven: boolean
  /** Columns of the terminal that stdout is; null when it is none. */
  readonly terminalWidth: number | null
  /** Table and line: values as they are. Never on a terminal. */
  readonly isRaw: boolean
  readonly escapesFormulas: boolean
  /** For the osquery format. */
  readonly osquery: OsqueryForm
}

/** From the command's flags. @param terminalWidth null when stdout is no terminal */
export function describeOutput(
  flags: { to: string | undefined; "raw-output": boolean; "escape-formulas": boolean },
  terminalWidth: number | null,
): Omit<QueryOutput, "osquery"> {
  return {
    format: QUERY_FORMATS.find((format) => format === flags.to) ?? "table",
    isFormatGiven: flags.to !== undefined,
    terminalWidth,
    isRaw: flags["raw-output"],
    escapesFormulas: flags["escape-formulas"],
  }
}

export interface QueryRequest {
  readonly database: string
  readonly sql: string
  readonly output: QueryOutput
}

export type QueryReply =
  | { readonly kind: "done"; readonly rows: number; readonly note: string }
  | {
      readonly kind: "failed"
      readonly exitCode: number
      readonly message: string
      readonly suggestion: string
    }
