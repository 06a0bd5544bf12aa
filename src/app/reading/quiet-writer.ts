/** Takes a normalizer's rows, and lets none through while what gave them is read a second time. */
import type { TableSchema } from "../../schema/column.ts"
import type { RowWriter } from "../../schema/row-writer.ts"

export class QuietWriter implements RowWriter {
  readonly #target: RowWriter
  /** Rows are in the case already; changed between rows only. */
  isQuiet = false

  constructor(target: RowWriter) {
    this.#target = target
  }

  begin(table: TableSchema): void {
    if (!this.isQuiet) this.#target.begin(table)
  }

  null(): void {
    if (!this.isQuiet) this.#target.null()
  }

  empty(): void {
    if (!this.isQuiet) this.#target.empty()
  }

  int(value: number): void {
    if (!this.isQuiet) this.#target.int(value)
  }

  int64(high: number, low: number): void {
    if (!this.isQuiet) this.#target.int64(high, low)
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    if (!this.isQuiet) this.#target.bytes(buffer, start, end)
  }

  text(value: string): void {
    if (!this.isQuiet) this.#target.text(value)
  }

  end(): void {
    if (!this.isQuiet) this.#target.end()
  }
}
