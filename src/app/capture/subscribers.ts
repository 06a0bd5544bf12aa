/**
 * The subscribers as osquery counts them: rows stored by table, and which rows have had their time.
 * Source of truth: osquery osquery/events/eventsubscriberplugin.cpp.
 */
import type { QueuedRow } from "../../schema/row-value.ts"
import type { EventsRow } from "../../store/live-store.ts"

/** What removes old rows; see store/event-retention. */
export interface Retention {
  afterRows(table: string, count: number): void
}

export interface PublisherState {
  /** As osquery names it: auditeventpublisher. */
  readonly name: string
  readonly tables: readonly string[]
}

export class Subscribers {
  readonly #publisher: PublisherState
  readonly #retention: Retention | undefined
  /** Rows stored by this run, by table. */
  readonly rows = new Map<string, number>()
  /** Turns that stored rows. */
  fired = 0

  constructor(publisher: PublisherState, retention: Retention | undefined) {
    this.#publisher = publisher
    this.#retention = retention
  }

  /** Takes note of rows that are in the database now. */
  stored(rows: readonly QueuedRow[]): void {
    if (rows.length === 0) return
    this.fired++
    const counts = new Map<string, number>()
    for (const { schema } of rows) counts.set(schema.name, (counts.get(schema.name) ?? 0) + 1)
    for (const [table, count] of counts) {
      this.rows.set(table, (this.rows.get(table) ?? 0) + count)
      this.#retention?.afterRows(table, count)
    }
  }

  /** Rows of osquery_events. */
  events(refreshes: number, isActive: boolean): EventsRow[] {
    const { name, tables } = this.#publisher
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
