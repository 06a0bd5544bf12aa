/**
 * How rows leave a normalizer: column by column, in schema order, without a row object in between, so that
 * one normalizer serves SQLite, CSV, JSON and tests, and the hot path makes no JavaScript strings.
 */
import type { TableSchema } from "./column.ts"

export interface RowWriter {
  /** Starts a row. The next calls give its columns, one call each, in the schema's order. */
  begin(table: TableSchema): void
  /** NULL for a number. For text, absent is the empty string: call `empty()`. */
  null(): void
  /** The empty text. */
  empty(): void
  /** An integer within ±2^53. */
  int(value: number): void
  /** A 64-bit integer as signed high and unsigned low 32-bit halves. */
  int64(high: number, low: number): void
  /**
   * Text from raw bytes `buffer[start, end)`; the bytes are copied before the call returns. What is not UTF-8,
   * and NUL, becomes `\xHH` (see base/text.ts).
   */
  bytes(buffer: Uint8Array, start: number, end: number): void
  /** Text that is already a JavaScript string. */
  text(value: string): void
  /** Ends the row. Throws if the number of columns given is not the schema's: that is a bug of ours. */
  end(): void
}

/** A RowWriter with a destination that must be finished. */
export interface RowSink extends RowWriter {
  /** Rows written so far, by table name. */
  readonly counts: ReadonlyMap<string, number>
  /** Hands everything written so far to the destination. */
  flush(): void
  close(): void
}
