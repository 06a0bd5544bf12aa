/** A case of the corpus that the writer makes: its file, and what was meant by it. */
import type { EvtxFile } from "../file.ts"

export interface EvtxCase {
  /** Below corpus/evtx. */
  readonly folder: string
  /** One sentence. */
  readonly shows: string
  readonly how: string
  readonly file: EvtxFile
  /** How many records a reader must give or refuse; absent where damage leaves no single answer. */
  readonly records?: number
  /** Columns that rows must have, in the order of each table; what a row has besides is not said. */
  readonly rows: readonly IntendedRow[]
}

export interface IntendedRow {
  readonly table: string
  readonly columns: Readonly<Record<string, string | number>>
}

export const row = (table: string, columns: IntendedRow["columns"]): IntendedRow => ({ table, columns })
