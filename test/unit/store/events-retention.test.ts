import { describe, expect, it } from "vitest"
import type { BatchRule, ExpiryRule } from "../../../src/store/events-retention.ts"
import { EventsRetention, type RetentionOptions } from "../../../src/store/events-retention.ts"

const TABLE = "process_events"

/** A store that says what it was asked, and in which order. */
function watched(options: Partial<RetentionOptions> = {}, removed = 0) {
  const asked: (ExpiryRule | BatchRule)[] = []
  const answer = (rule: ExpiryRule | BatchRule) => {
    asked.push(rule)
    return removed
  }
  const retention = new EventsRetention({
    store: { expire: answer, limitBatches: answer },
    expirySeconds: 3600,
    max: 50_000,
    publishers: new Map([[TABLE, "auditeventpublisher"]]),
    nowSeconds: () => 1_700_000_000,
    ...options,
  })
  return { asked, retention }
}

const expiry = { table: TABLE, expirySeconds: 3600, nowSeconds: 1_700_000_000 }

describe("retention", () => {
  it("first limits, then expires, whenever the rows of a table cross a multiple of 256", () => {
    const { asked, retention } = watched()
    retention.afterRows(TABLE, 255)
    retention.afterRows("socket_events", 255)
    expect(asked).toEqual([])
    retention.afterRows(TABLE, 1)
    expect(asked).toEqual([{ table: TABLE, max: 50_000 }, expiry])
    retention.afterRows(TABLE, 255)
    expect(asked).toHaveLength(2)
    retention.afterRows(TABLE, 600)
    expect(asked).toHaveLength(4)
    retention.afterRows(TABLE, 0)
    expect(asked).toHaveLength(4)
  })

  it("expires at the start", () => {
    const { asked, retention } = watched()
    retention.atStart()
    expect(asked).toEqual([expiry])
  })

  it("warns in osquery's words and adds up what went", () => {
    const { retention } = watched({ max: 5 }, 7)
    const warning =
      "Removed 7 event batches for subscriber: auditeventpublisher.process_events (limit: 5, last query: never)"
    expect(retention.afterRows(TABLE, 256)).toEqual([warning])
    retention.atStart()
    expect([...retention.overflowed]).toEqual([[TABLE, 7]])
    expect([...retention.expired]).toEqual([[TABLE, 14]])
  })

  it("keeps what scheduled queries have not seen", () => {
    const { asked, retention } = watched({ scheduleMinimums: new Map([[TABLE, 10_860]]) })
    retention.afterSelect(TABLE, { queryCount: 2, executed: new Map([["one", 1_699_999_000]]) })
    expect(asked).toEqual([])
    const executed = new Map([
      ["one", 1_699_999_990],
      ["two", 1_699_999_000],
    ])
    retention.afterSelect(TABLE, { queryCount: 2, executed })
    expect(asked).toEqual([{ table: TABLE, expirySeconds: 10_860, nowSeconds: 1_699_999_000 }])
  })

  it("expires after every SELECT where nothing is scheduled", () => {
    const { asked, retention } = watched()
    retention.afterSelect(TABLE, { queryCount: 0, executed: new Map() })
    expect(asked).toEqual([expiry])
  })
})
