/**
 * The subscribers as osquery counts them: rows stored by table, and which rows have had their time.
 * Source of truth: osquery osquery/events/eventsubscriberplugin.cpp.
 */
import type { QueuedRow } from "../../schema/row-value.ts"
import type { EventsRetention } from "../../store/events-retention.ts"
import type { EventsRow } from "../../store/live-store.ts"

export interface SubscribersOptions {
  /** As osquery names it: auditeventpublisher. */
  readonly publisher: string
  readonly tables: readonly string[]
  /** What removes old rows; without it they stay. */
  readonly retention: EventsRetention | undefined
  readonly warn: (warning: string) => void
}

export class Subscribers {
  readonly #options: SubscribersOptions
  /** Rows stored by this run, by table. */
  readonly rows = new Map<string, number>()
  /** Turns that stored rows. */
  fired = 0

  constructor(options: SubscribersOptions) {
    this.#options = options
  }

  /** Takes note of rows that are in the database now. */
  stored(rows: readonly QueuedRow[]): void {
    if (rows.length === 0) return
    this.fired++
    const counts = new Map<string, number>()
    for (const { schema } of rows) counts.set(schema.name, (counts.get(schema.name) ?? 0) + 1)
    for (const [table, count] of counts) {
      this.rows.set(table, (this.rows.get(table) ?? 0) + count)
      for (const warning of this.#options.retention?.afterRows(table, count) ?? [])
        this.#options.warn(warning)
    }
  }

  /** Rows of osquery_events. */
  events(refreshes: number, isActive: boolean): EventsRow[] {
    const { publisher: name, tables } = this.#options
    const active = isActive ? 1 : 0
    const publisher: EventsRow = {
      name,
      publisher: name,
      type: "publisher",
      subscriptions: tables.length,
      events: this.fired,
      refreshes,
      active,
    }
    const subscribers = tables.map(
      (table): EventsRow => ({
        name: table,
        publisher: name,
        type: "subscriber",
        subscriptions: 1,
        events: this.rows.get(table) ?? 0,
        refreshes: 0,
        active,
      }),
    )
    return [publisher, ...subscribers]
  }
}
