/** Statements over a case's own tables that every kind of writer runs. They take part in the caller's transaction. */
import { META, RUNS, SOURCES } from "../../schema/case-tables.ts"
import type { ProcessRow, RowRange, RunRow, SourceRow } from "../case-store.ts"
import { quoteIdentifier } from "./ddl.ts"
import type { SqliteDatabase } from "./open-readonly.ts"
import { fromStored, type StoredSource, toStored } from "./source-rows.ts"

/** @returns the number of the run */
export function beginRun(db: SqliteDatabase, run: RunRow): number {
  const last = db.prepare(`SELECT ifnull(max(id), 0) AS id FROM ${RUNS.name}`).get() as { id: number }
  const id = last.id + 1
  db.prepare(`INSERT INTO ${RUNS.name} VALUES (?, ?, ?, ?, '', NULL)`).run(
    id,
    run.version,
    JSON.stringify(run.args),
    run.started,
  )
  return id
}

export function endRun(db: SqliteDatabase, id: number, ended: string, exitCode: number): void {
  db.prepare(`UPDATE ${RUNS.name} SET ended = ?, exit_code = ? WHERE id = ?`).run(ended, exitCode, id)
}

export function readSources(db: SqliteDatabase): SourceRow[] {
  const rows = db.prepare(`SELECT * FROM ${SOURCES.name} ORDER BY id`).all() as StoredSource[]
  return rows.map(fromStored)
}

/** In the place of the row with the same id, if there is one. */
export function putSource(db: SqliteDatabase, source: SourceRow): void {
  db.prepare(`DELETE FROM ${SOURCES.name} WHERE id = ?`).run(source.id)
  const marks = SOURCES.columns.map(({ name }) => `@${name}`).join(", ")
  db.prepare(`INSERT INTO ${SOURCES.name} VALUES (${marks})`).run(toStored(source))
}

export function deleteRows(db: SqliteDatabase, { table, from, to }: RowRange): void {
  db.prepare(`DELETE FROM ${quoteIdentifier(table)} WHERE rowid BETWEEN ? AND ?`).run(from, to)
}

/** Highest eid in use, by table. */
export function readEids(db: SqliteDatabase): Map<string, number> {
  const rows = db.prepare(`SELECT key, value FROM ${META.name} WHERE key LIKE 'eid.%'`).all()
  return new Map(
    (rows as { key: string; value: string }[]).map(({ key, value }) => [key.slice(4), Number(value)]),
  )
}

export function putEids(db: SqliteDatabase, eids: ReadonlyMap<string, number>): void {
  for (const [table, eid] of eids) putMeta(db, `eid.${table}`, String(eid))
}

export function putMeta(db: SqliteDatabase, key: string, value: string): void {
  db.prepare(`DELETE FROM ${META.name} WHERE key = ?`).run(key)
  db.prepare(`INSERT INTO ${META.name} VALUES (?, ?)`).run(key, value)
}

/** Rows of process_events of these sources with a rowid below `end`, in the order in which they were written. */
export function* readProcessRows(
  db: SqliteDatabase,
  sourceIds: readonly number[],
  end: number,
): Iterable<ProcessRow> {
  const marks = sourceIds.map(() => "?").join(", ")
  const columns = "host, pid, parent, event_type AS eventType, status, path, parent_path AS parentPath, time"
  const sql = `SELECT ${columns} FROM process_events WHERE source_id IN (${marks}) AND rowid < ? ORDER BY rowid`
  for (const row of db.prepare(sql).iterate(...sourceIds, end)) yield row as ProcessRow
}
