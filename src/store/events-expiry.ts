/**
 * osquery's rules of how long events are kept, apart from any store. Sources:
 * osquery/events/eventsubscriberplugin.cpp, osquery/events/eventfactory.cpp (configUpdate).
 */

/** Seconds that a table's rows are kept: the flag, or more if scheduled queries would else miss rows. */
export function minimumExpiry(eventsExpiry: number, scheduleMinimum: number): number {
  return Math.max(eventsExpiry, scheduleMinimum)
}

/** What scheduled queries over a table need, in seconds: three of the longest interval, past the next full minute. */
export function scheduleMinimumExpiry(longestInterval: number): number {
  const rounds = 3 * longestInterval
  return rounds + (60 - (rounds % 60))
}

/** The schedule's queries over one table, since its configuration was read. */
export interface ScheduledReads {
  readonly queryCount: number
  /** Name of each query that has run, and when it last began, in seconds. */
  readonly executed: ReadonlyMap<string, number>
}

/** Rows after a SELECT may go only if every query has seen them, hence has run at all. */
export function haveAllRun({ queryCount, executed }: ScheduledReads): boolean {
  return executed.size >= queryCount
}

/** The time that counts as now after a SELECT: rows that came after the earliest start were not seen by all. */
export function expireTime({ queryCount, executed }: ScheduledReads, nowSeconds: number): number {
  if (queryCount === 0 || executed.size === 0) return nowSeconds
  return Math.min(...executed.values())
}

/**
 * osquery's warning, word for word: it counts rows although it says batches, and its time of the last query is never
 * set. @param subscriber the table
 */
export function overflowMessage(rows: number, publisher: string, subscriber: string, max: number): string {
  return `Removed ${rows} event batches for subscriber: ${publisher}.${subscriber} (limit: ${max}, last query: never)`
}
