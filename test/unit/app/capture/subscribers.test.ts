/** What osquery_events says of a run. Source of truth: osquery specs/utility/osquery_events.table. */
import { describe, expect, it } from "vitest"
import { Subscribers } from "../../../../src/app/capture/subscribers.ts"
import type { QueuedRow } from "../../../../src/schema/row-value.ts"
import { EVENT_TABLES } from "../../../../src/schema/tables/index.ts"
import type { EventsRetention } from "../../../../src/store/events-retention.ts"

const PUBLISHER = "auditeventpublisher"

function rows(table: string, count: number): QueuedRow[] {
  const schema = EVENT_TABLES.find(({ name }) => name === table)
  if (schema === undefined) throw new Error(`no table ${table}`)
  return Array.from({ length: count }, () => ({ schema, values: [] }))
}

function subscribers(retention?: Pick<EventsRetention, "afterRows">) {
  const warnings: string[] = []
  const made = new Subscribers({
    publisher: PUBLISHER,
    tables: ["process_events", "socket_events"],
    retention: retention as EventsRetention | undefined,
    warn: (warning) => warnings.push(warning),
  })
  return { made, warnings }
}

describe("osquery_events", () => {
  it("names the publisher and each subscriber, with what each has stored", () => {
    const { made } = subscribers()
    made.stored([...rows("process_events", 3), ...rows("socket_events", 1)])
    made.stored([])
    made.stored(rows("process_events", 2))
    const common = { publisher: PUBLISHER, active: 1 }
    expect(made.events(9, true)).toEqual([
      { ...common, name: PUBLISHER, type: "publisher", subscriptions: 2, events: 2, refreshes: 9 },
      { ...common, name: "process_events", type: "subscriber", subscriptions: 1, events: 5, refreshes: 0 },
      { ...common, name: "socket_events", type: "subscriber", subscriptions: 1, events: 1, refreshes: 0 },
    ])
    expect([...made.rows]).toEqual([
      ["process_events", 5],
      ["socket_events", 1],
    ])
  })

  it("says when they are not active any more", () => {
    expect(
      subscribers()
        .made.events(0, false)
        .map(({ active }) => active),
    ).toEqual([0, 0, 0])
  })

  it("tells the retention of each table once a turn, and warns of what it says", () => {
    const told: [string, number][] = []
    const { made, warnings } = subscribers({
      afterRows: (table, count) => {
        told.push([table, count])
        return table === "socket_events" ? ["socket_events is full"] : []
      },
    })
    made.stored([...rows("process_events", 2), ...rows("socket_events", 1), ...rows("process_events", 1)])
    expect(told).toEqual([
      ["process_events", 3],
      ["socket_events", 1],
    ])
    expect(warnings).toEqual(["socket_events is full"])
  })
})
