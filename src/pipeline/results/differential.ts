/**
 * What a run of a query gives beside the run before: rows that came, rows that went, and the counter of such changes.
 * Source of truth: osquery osquery/core/query.cpp, osquery/core/sql/diff_results.cpp.
 */
import type { RowJson } from "./result-line.ts"

/** What is kept of a query between its runs. */
export interface QueryState {
  readonly epoch: number
  readonly counter: number
  /** The rows of the last run; empty for queries over events alone. */
  readonly rows: readonly RowJson[]
}

export interface Changes {
  readonly removed: readonly RowJson[]
  readonly added: readonly RowJson[]
  readonly counter: number
  /** A run without changes is not logged, unless it begins an epoch. */
  readonly isLogged: boolean
  readonly state: QueryState
}

/**
 * The difference of two runs, as multisets: a row that is there twice and was there once is added once. Added rows
 * keep their order, removed ones are in the order of their text.
 */
export function diffRows(
  previous: readonly RowJson[],
  current: readonly RowJson[],
): { removed: RowJson[]; added: RowJson[] } {
  const left = new Map<RowJson, number>()
  for (const row of previous) left.set(row, (left.get(row) ?? 0) + 1)
  const added: RowJson[] = []
  for (const row of current) {
    const count = left.get(row) ?? 0
    if (count === 0) added.push(row)
    else left.set(row, count - 1)
  }
  const removed = [...left].flatMap(([row, count]) => new Array<RowJson>(count).fill(row))
  return { removed: removed.toSorted(), added }
}

/** A run of any query. The first run of an epoch gives all rows and counter 0. */
export function compareRun(
  before: QueryState | null,
  rows: readonly RowJson[],
  epoch: number,
  keepsRemoved: boolean,
): Changes {
  if (before === null || before.epoch !== epoch) {
    const state = { epoch, counter: 0, rows }
    return { removed: [], added: rows, counter: 0, isLogged: true, state }
  }
  const { removed, added } = diffRows(before.rows, rows)
  const hasChanged = removed.length + added.length > 0
  const counter = hasChanged ? before.counter + 1 : before.counter
  const shown = keepsRemoved ? removed : []
  const isLogged = shown.length + added.length > 0
  return {
    removed: shown,
    added,
    counter,
    isLogged,
    state: { epoch, counter, rows: hasChanged ? rows : before.rows },
  }
}

/**
 * The counter of a run over events alone, whose rows are all new.
 * DEVIATION(osquery): there a first run without rows leaves no counter, and the next one is logged with 0, which
 * elsewhere means "all rows". Here it is 1 in any case.
 */
export function eventCounter(before: QueryState | null, epoch: number): number {
  return before === null || before.epoch !== epoch ? 1 : before.counter + 1
}
