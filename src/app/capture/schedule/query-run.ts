/**
 * One run of one query: which rows it is shown, which lines they become, what is remembered of it.
 * Source of truth: osquery osquery/dispatcher/scheduler.cpp (launchQuery).
 */
import { LIMITS } from "../../../base/limits.ts"
import { compareRun, eventCounter } from "../../../pipeline/results/differential.ts"
import {
  batchLine,
  calendarTime,
  eventLine,
  eventLines,
  type ResultHead,
  type RowJson,
  rowWriter,
  snapshotLine,
} from "../../../pipeline/results/result-line.ts"
import { shownPlaces } from "../../../pipeline/results/shown-columns.ts"
import type { ScheduledQuery } from "../../../pipeline/schedule/config.ts"
import { tablesOf, usesTimeConstraint } from "../../../pipeline/schedule/tables-of.ts"
import type { OpenedQuery, ScheduleStore, StoredQuery } from "../../../store/sqlite/schedule-store.ts"
import type { RunWriter } from "./run-writer.ts"
import type { LineForm } from "./schedule-messages.ts"

export interface RunSetting {
  readonly store: ScheduleStore
  readonly lines: LineForm
  readonly hostIdentifier: string
  readonly epoch: number
  readonly optimizes: boolean
}

interface Run extends RunSetting {
  readonly query: ScheduledQuery
  readonly writer: RunWriter
  readonly startedAt: number
  readonly before: StoredQuery | null
  readonly head: (counter: number) => ResultHead
}

/** Runs it and saves its state. @returns how many rows it gave */
export function runQuery(
  query: ScheduledQuery,
  setting: RunSetting,
  writer: RunWriter,
  startedAt: number,
  decorations: ReadonlyMap<string, string>,
): number {
  const { numerics, decorationsTopLevel } = setting.lines
  const head = (counter: number): ResultHead => ({
    name: query.name,
    hostIdentifier: setting.hostIdentifier,
    calendarTime: calendarTime(startedAt),
    unixTime: startedAt,
    epoch: setting.epoch,
    counter,
    numerics,
    decorations,
    decorationsTopLevel,
  })
  const run = { ...setting, query, writer, startedAt, head, before: setting.store.state.read(query.name) }
  if (query.isSnapshot) return runSnapshot(run)
  const isNewOnly = logsNewOnly(query, setting.optimizes)
  return isNewOnly ? runEvents(run, tablesOf(query.sql).eventTables) : runDifferential(run)
}

/** events_optimize: the query reads nothing but events, and is shown each of them once. */
export function logsNewOnly({ sql, isSnapshot }: ScheduledQuery, optimizes: boolean): boolean {
  return optimizes && !isSnapshot && tablesOf(sql).isEventsOnly && !usesTimeConstraint(sql)
}

/** Only rows that it has not seen, each once; all of them are added. */
function runEvents(run: Run, tables: readonly string[]): number {
  const { store, query, epoch, before, writer } = run
  const after = new Map(tables.map((table) => [table, before?.cursors.get(table) ?? 0]))
  return store.query(query.sql, after, (opened) => {
    const counter = eventCounter(before, epoch)
    const head = run.head(counter)
    const batch: RowJson[] = []
    let count = 0
    for (const row of rowsOf(run, opened, true)) {
      count++
      if (run.lines.isByRow) writer.put(eventLine(head, row, "added"))
      else batch.push(row)
    }
    if (batch.length > 0) writer.put(batchLine(head, [], batch))
    writer.flush()
    const isBehind = [...opened.cursors].some(([table, cursor]) => before?.cursors.get(table) !== cursor)
    const cursors = new Map([...(before?.cursors ?? []), ...opened.cursors])
    if (isBehind || before?.epoch !== epoch) save(run, count > 0 ? counter : counter - 1, cursors)
    return count
  })
}

/** The difference to the last run. */
function runDifferential(run: Run): number {
  const { store, query, epoch, before, writer } = run
  const rows = store.query(query.sql, null, (opened) => collect(query, rowsOf(run, opened, true)))
  const { removed, added, counter, isLogged, state } = compareRun(before, rows, epoch, query.keepsRemoved)
  const head = run.head(counter)
  if (!isLogged) save(run, counter, before?.cursors, state.rows === before?.rows ? undefined : rows)
  else {
    if (run.lines.isByRow) for (const line of eventLines(head, removed, added)) writer.put(line)
    else writer.put(batchLine(head, removed, added))
    writer.flush()
    save(run, counter, before?.cursors, rows)
  }
  return rows.length
}

function runSnapshot(run: Run): number {
  const { store, query, writer } = run
  const rows = store.query(query.sql, null, (opened) => collect(query, rowsOf(run, opened, false)))
  const head = run.head(0)
  if (run.lines.isSnapshotByRow) for (const row of rows) writer.put(eventLine(head, row, "snapshot"))
  else writer.put(snapshotLine(head, rows))
  writer.flush()
  save(run, 0, run.before?.cursors)
  return rows.length
}

function* rowsOf(run: Run, { columns, rows }: OpenedQuery, escapes: boolean): Generator<RowJson> {
  const places = shownPlaces(run.query.sql, columns)
  const { numerics, nullText } = run.lines
  const names = places.map((at) => columns[at]?.name ?? "")
  const write = rowWriter(names, { numerics, nullText, escapes })
  for (const row of rows) yield write(places.map((at) => row[at] ?? null))
}

function collect({ name }: ScheduledQuery, rows: Iterable<RowJson>): RowJson[] {
  const found: RowJson[] = []
  let size = 0
  for (const row of rows) {
    size += row.length
    if (size > LIMITS.scheduledRowsBytes.value) throw new Error(`${name} gives more rows than can be kept`)
    found.push(row)
  }
  return found
}

function save(
  { store, query, epoch, startedAt }: Run,
  counter: number,
  cursors: ReadonlyMap<string, number> = new Map(),
  rows?: readonly RowJson[],
): void {
  store.state.save(query.name, { epoch, counter, cursors }, startedAt, rows)
}
