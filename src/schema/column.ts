/** Column and table descriptions: the one place that DDL, CSV headers, JSON keys, docs and help come from. */

export type ColumnType = "TEXT" | "INTEGER" | "BIGINT" | "UNSIGNED_BIGINT" | "DOUBLE"

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly description: string
  /** osquery hides it from `SELECT *`; a plain SQLite table cannot. */
  readonly hidden?: true
  /** Ours, not osquery's. */
  readonly extension?: true
}

export interface TableSchema {
  readonly name: string
  readonly description: string
  readonly columns: readonly Column[]
  /** Columns to index once the rows are loaded; each entry is one index. */
  readonly indexes: readonly (readonly string[])[]
}
