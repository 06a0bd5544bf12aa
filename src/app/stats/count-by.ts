/** Counts the events of a case by one column, or by hour or day. */
import { nearestNames } from "../../base/nearest-names.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import type { SqliteDatabase } from "../../store/sqlite/open-readonly.ts"
import { UsageError } from "../errors.ts"
import type { CellValue } from "../output/row-printer.ts"

/** What can be counted by beside the columns. */
const DERIVED: ReadonlyMap<string, string> = new Map([
  ["hour", "strftime('%Y-%m-%dT%H:00Z', time, 'unixepoch')"],
  ["day", "strftime('%Y-%m-%d', time, 'unixepoch')"],
])

export interface CountBy {
  /** Tables that have the column, and rows. */
  readonly tables: readonly string[]
  /** Values that differ. */
  readonly distinct: number
  readonly rows: readonly CountRow[]
}

/** Times in seconds since 1970. */
export interface CountRow {
  readonly value: CellValue
  readonly events: bigint
  readonly firstTime: bigint | null
  readonly lastTime: bigint | null
}

/** The `limit` most frequent values; hours and days come in their own order. Throws UsageError for an unknown column. */
export function countBy(db: SqliteDatabase, column: string, limit: number): CountBy {
  const derived = DERIVED.get(column)
  const having = EVENT_TABLES.filter((table) => derived !== undefined || hasColumn(table, column))
  if (having.length === 0) throw unknownColumn(column)
  const tables = having.filter(({ name }) => db.prepare(`SELECT 1 FROM ${name} LIMIT 1`).get() !== undefined)
  if (tables.length === 0) return { tables: [], distinct: 0, rows: [] }
  const value = derived ?? `"${column}"`
  const parts = tables.map(({ name }) => `SELECT ${value} AS value, time FROM ${name}`)
  const counted = db
    .prepare(
      `SELECT value, count(*) AS events, min(time) AS firstTime, max(time) AS lastTime, count(*) OVER () AS "distinct"
       FROM (${parts.join(" UNION ALL ")}) GROUP BY value ORDER BY ${derived === undefined ? "events DESC, value" : "value"} LIMIT ?`,
    )
    .all(limit) as (CountRow & { distinct: bigint })[]
  const rows = counted.map(({ distinct: _, ...row }) => row)
  return { tables: tables.map(({ name }) => name), distinct: Number(counted[0]?.distinct ?? 0), rows }
}

function hasColumn(table: TableSchema, column: string): boolean {
  return table.columns.some(({ name }) => name === column)
}

function unknownColumn(column: string): UsageError {
  const known = new Set([
    ...DERIVED.keys(),
    ...EVENT_TABLES.flatMap((table) => table.columns.map(({ name }) => name)),
  ])
  const near = nearestNames(column, known)
  const hint = near.length > 0 ? `Did you mean ${near.join(", ")}?` : "docs/tables.md lists the columns."
  return new UsageError(`no event table has a column ${column}`, hint)
}
