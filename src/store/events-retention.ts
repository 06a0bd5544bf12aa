/**
 * When rows of a live case go: at the start, at every 256th row of a table, and after a SELECT. Source:
 * osquery/events/eventsubscriberplugin.cpp (kEventsCheckpoint, expireCheck, generateRows).
 */
import {
  expireTime,
  haveAllRun,
  minimumExpiry,
  overflowMessage,
  type ScheduledReads,
} from "./events-expiry.ts"

const CHECKPOINT_ROWS = 256

/** What retention needs of a store; both return the number of rows that went. */
export interface RetentionStore {
  expire(rule: ExpiryRule): number
  limitBatches(rule: BatchRule): number
}

export interface ExpiryRule {
  readonly table: string
  /** 0 keeps everything. */
  readonly expirySeconds: number
  readonly nowSeconds: number
}

export interface BatchRule {
  readonly table: string
  /** Distinct seconds that may stay; 0 for any number. */
  readonly max: number
}

export interface RetentionOptions {
  readonly store: RetentionStore
  /** osquery's events_expiry; 0 keeps everything, but for what the schedule's minimum says. */
  readonly expirySeconds: number
  /** osquery's events_max; 0 for no limit. */
  readonly max: number
  /** Publisher of each subscriber, which is a table. */
  readonly publishers: ReadonlyMap<string, string>
  /** `scheduleMinimumExpiry` of each table that scheduled queries read. */
  readonly scheduleMinimums?: ReadonlyMap<string, number>
  readonly nowSeconds: () => number
}

export class EventsRetention {
  readonly #options: RetentionOptions
  /** Rows since the start, by table. */
  readonly #rows = new Map<string, number>()
  /** Rows that went because they were old, by table. */
  readonly expired = new Map<string, number>()
  /** Rows that went because there were too many seconds, by table. */
  readonly overflowed = new Map<string, number>()

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  atStart(): void {
    for (const table of this.#options.publishers.keys()) this.#expire(table, this.#options.nowSeconds())
  }

  /** To be told of `count` committed rows of `table`; returns warnings for the log. */
  afterRows(table: string, count: number): string[] {
    const before = this.#rows.get(table) ?? 0
    this.#rows.set(table, before + count)
    const isCheckpoint = Math.floor((before + count) / CHECKPOINT_ROWS) > Math.floor(before / CHECKPOINT_ROWS)
    if (!isCheckpoint) return []
    const warnings = this.#limit(table)
    this.#expire(table, this.#options.nowSeconds())
    return warnings
  }

  /** To be told of a query over `table`, after its rows were taken. */
  afterSelect(table: string, reads: ScheduledReads): void {
    if (haveAllRun(reads)) this.#expire(table, expireTime(reads, this.#options.nowSeconds()))
  }

  #limit(table: string): string[] {
    const { store, max, publishers } = this.#options
    const rows = store.limitBatches({ table, max })
    if (rows === 0) return []
    addTo(this.overflowed, table, rows)
    return [overflowMessage(rows, publishers.get(table) ?? "", table, max)]
  }

  #expire(table: string, nowSeconds: number): void {
    const { store, expirySeconds, scheduleMinimums } = this.#options
    const expiry = minimumExpiry(expirySeconds, scheduleMinimums?.get(table) ?? 0)
    const rows = store.expire({ table, expirySeconds: expiry, nowSeconds })
    if (rows > 0) addTo(this.expired, table, rows)
  }
}

function addTo(counts: Map<string, number>, table: string, rows: number): void {
  counts.set(table, (counts.get(table) ?? 0) + rows)
}
