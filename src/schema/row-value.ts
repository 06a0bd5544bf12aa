/** Rows as JavaScript values, for the writers that cannot take them column by column. */
import type { TableSchema } from "./column.ts"

/** NULL, an integer (bigint beyond ±2^53) or text. */
export type RowValue = null | number | bigint | string

/** A whole row on its way to its table: one value a column, in the order of the schema. */
export interface QueuedRow {
  readonly schema: TableSchema
  readonly values: readonly RowValue[]
}
