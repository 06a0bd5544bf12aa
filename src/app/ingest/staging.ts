/** Rows on their way into the case: written to a staging file, then made part of it in one transaction. */
import { unlinkSync } from "node:fs"
import type { Gap, Problem } from "../../base/problem.ts"
import { PageFileSink } from "../../rows/page-file-sink.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import type { CaseStore, RowRange, SourceRow } from "../../store/case-store.ts"
import { gapRow, problemRow, writeRow } from "../../store/evidence-rows.ts"

/** Enough that a transaction's cost does not show, small enough that little is read again after a kill. */
export const BATCH_BYTES = 32 * 1024 * 1024

export class Staging {
  readonly #store: CaseStore
  readonly #sink: PageFileSink
  readonly #path: string
  readonly #runId: number
  readonly #eids: Map<string, number>
  readonly #batchBytes: number
  /** Highest rowid of each table in the case itself. */
  #base: Map<string, number>
  #retracted: RowRange[] = []
  #replaced: number[] = []
  /** Rows committed by this run, by table. */
  readonly committed = new Map<string, number>()

  constructor(store: CaseStore, runId: number, eids: Map<string, number>, batchBytes = BATCH_BYTES) {
    this.#store = store
    this.#batchBytes = batchBytes
    this.#runId = runId
    this.#eids = eids
    this.#path = `${store.path}-staging`
    removeFile(this.#path)
    this.#base = store.lastRows()
    this.#sink = new PageFileSink(this.#path, { tables: store.stagingTables })
  }

  get writer(): RowWriter {
    return this.#sink
  }

  get isFull(): boolean {
    return this.#sink.bytesWritten >= this.#batchBytes
  }

  /** Rowid of the last row of each table, staged ones included. */
  lastRows(): Map<string, number> {
    const last = new Map(this.#base)
    for (const [table, count] of this.#sink.counts) last.set(table, (last.get(table) ?? 0) + count)
    return last
  }

  problem(problem: Problem, sourceId: number): void {
    writeRow(this.#sink, problemRow(problem, sourceId, this.#runId))
  }

  gap(gap: Gap, host: string, sourceId: number): void {
    writeRow(this.#sink, gapRow(gap, host, sourceId))
  }

  /** Takes rows of an earlier run back, with the next commit. */
  retract(ranges: readonly RowRange[]): void {
    this.#retracted.push(...ranges)
  }

  /** Takes all rows of a source back, with the next commit. */
  replace(sourceId: number): void {
    this.#replaced.push(sourceId)
  }

  /** Makes everything written so far part of the case, with the state of the sources. */
  commit(sources: readonly SourceRow[]): void {
    let rows = 0
    for (const [table, count] of this.#sink.counts) {
      rows += count
      this.committed.set(table, (this.committed.get(table) ?? 0) + count)
    }
    this.#sink.close()
    const stagingPath = rows > 0 ? this.#path : ""
    const [retracted, replaced] = [this.#retracted, this.#replaced]
    this.#store.commit({ stagingPath, sources, eids: this.#eids, retracted, replaced })
    this.#retracted = []
    this.#replaced = []
    removeFile(this.#path)
    this.#sink.reset(this.#path)
    this.#base = this.#store.lastRows()
  }

  /** Forgets what was written since the last commit. */
  discard(): void {
    this.#sink.abandon()
    removeFile(this.#path)
    this.#sink.reset(this.#path)
    this.#retracted = []
    this.#replaced = []
  }

  close(): void {
    this.#sink.abandon()
    removeFile(this.#path)
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
  }
}
