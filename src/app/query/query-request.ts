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
