/**
 * Lines of osquery's results log, without their newline, byte for byte:
 * `{"name":"execs","hostIdentifier":"web-1","calendarTime":"Mon May  2 22:27:32 2016 UTC","unixTime":1462228052,
 * "epoch":0,"counter":1,"numerics":false,"columns":{"path":"/bin/ls"},"action":"added"}`.
 * Source of truth: osquery osquery/core/query.cpp, osquery/core/sql/diff_results.cpp.
 */
import { type ResultValue, textJson, type ValueStyle, valueJson } from "./result-value.ts"

/** What stands in every line of one run of a query. */
export interface ResultHead {
  readonly name: string
  readonly hostIdentifier: string
  readonly calendarTime: string
  readonly unixTime: number | bigint
  readonly epoch: number
  readonly counter: number
  readonly numerics: boolean
  readonly decorations: ReadonlyMap<string, string>
  /** decorations_top_level */
  readonly decorationsTopLevel: boolean
}

export type ResultAction = "added" | "removed" | "snapshot"

/** A row as a JSON object: its columns in the order of their names' bytes. Made by `rowWriter`. */
export type RowJson = string

/** Makes the JSON object of a row; of columns with one name the last one holds, as in osquery. */
export function rowWriter(
  columns: readonly string[],
  style: ValueStyle,
): (values: readonly ResultValue[]) => RowJson {
  const places = new Map(columns.map((name, at) => [name, at]))
  const ordered = [...places].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const keys = ordered.map(([name, at]) => ({ key: `${textJson(name)}:`, at }))
  return (values) => `{${keys.map(({ key, at }) => key + valueJson(values[at] ?? null, style)).join(",")}}`
}

/** logger_event_type: a line a row. */
export function eventLine(head: ResultHead, row: RowJson, action: ResultAction): string {
  return `{${headJson(head)},"columns":${row},"action":"${action}"}`
}

/** A run's lines in osquery's order: what has gone before what has come. */
export function eventLines(
  head: ResultHead,
  removed: readonly RowJson[],
  added: readonly RowJson[],
): string[] {
  return [
    ...removed.map((row) => eventLine(head, row, "removed")),
    ...added.map((row) => eventLine(head, row, "added")),
  ]
}

/** Without logger_event_type: a line a run. */
export function batchLine(head: ResultHead, removed: readonly RowJson[], added: readonly RowJson[]): string {
  return `{"diffResults":{"removed":[${removed.join(",")}],"added":[${added.join(",")}]},${headJson(head)}}`
}

export function snapshotLine(head: ResultHead, rows: readonly RowJson[]): string {
  return `{"snapshot":[${rows.join(",")}],"action":"snapshot",${headJson(head)}}`
}

/** `Mon May  2 22:27:32 2016 UTC`: asctime(3) in UTC, the day padded with a blank. '' for what no calendar holds. */
export function calendarTime(unixTime: number | bigint): string {
  const date = new Date(Number(unixTime) * 1000)
  if (Number.isNaN(date.getTime())) return ""
  const [week = "", day = "", month = "", year = "", time = ""] = date.toUTCString().split(/,? /)
  return `${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year} UTC`
}

function headJson(head: ResultHead): string {
  const { name, hostIdentifier, unixTime, epoch, counter, numerics } = head
  const fixed =
    `"name":${textJson(name)},"hostIdentifier":${textJson(hostIdentifier)},` +
    `"calendarTime":${textJson(head.calendarTime)},"unixTime":${unixTime},` +
    `"epoch":${epoch},"counter":${counter},"numerics":${numerics}`
  if (head.decorations.size === 0) return fixed
  const members = [...head.decorations]
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, value]) => `${textJson(key)}:${textJson(value)}`)
    .join(",")
  return head.decorationsTopLevel ? `${fixed},${members}` : `${fixed},"decorations":{${members}}`
}
