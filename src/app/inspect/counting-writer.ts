/** A RowWriter that keeps nothing of a row but its table and its source. */
import type { TableSchema } from "../../schema/column.ts"
import type { RowWriter } from "../../schema/row-writer.ts"

/** Calls back once a row. */
export class CountingWriter implements RowWriter {
  readonly #row: (table: TableSchema, sourceId: number) => void
  #table: TableSchema | null = null
  #sourceColumn = -1
  #column = 0
  #sourceId = 0

  constructor(row: (table: TableSchema, sourceId: number) => void) {
    this.#row = row
  }

  begin(table: TableSchema): void {
    if (this.#table?.name !== table.name) {
      this.#sourceColumn = table.columns.findIndex(({ name }) => name === "source_id")
    }
    this.#table = table
    this.#column = 0
  }

  null(): void {
    this.#column++
  }

  empty(): void {
    this.#column++
  }

  int(value: number): void {
    if (this.#column++ === this.#sourceColumn) this.#sourceId = value
  }

  int64(): void {
    this.#column++
  }

  bytes(): void {
    this.#column++
  }

  text(): void {
    this.#column++
  }

  end(): void {
    if (this.#table !== null) this.#row(this.#table, this.#sourceId)
  }
}
