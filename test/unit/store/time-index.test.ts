import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  expireTime,
  haveAllRun,
  minimumExpiry,
  scheduleMinimumExpiry,
} from "../../../src/store/events-expiry.ts"
import { TimeIndex } from "../../../src/store/time-index.ts"

const VECTORS = resolve(import.meta.dirname, "../../../../shared/data/osquery/events_framework.json")
const hasVectors = existsSync(VECTORS)

interface Vectors {
  readonly overflow: readonly { max_batches: number; left: number }[]
  readonly expire: readonly { expiry: number; now: number; left: number }[]
  readonly expire_time: readonly {
    query_count: number
    now: number
    executed?: Readonly<Record<string, number>>
    expect: number
  }[]
  readonly min_expiry: readonly { events_expiry: number; schedule_min: number; expect: number }[]
  readonly select_with_expiry: { events_expiry: number; now: number; selects: readonly number[] }
}

const vectors = hasVectors ? (JSON.parse(readFileSync(VECTORS, "utf8")) as Vectors) : undefined

/** One row in each of the seconds 0 to 9, as osquery's tests have it. */
function tenSeconds(): TimeIndex {
  const index = new TimeIndex()
  for (let second = 0; second < 10; second++) index.add(second)
  return index
}

function drop(index: TimeIndex, bound: number | null): number {
  if (bound !== null) index.dropThrough(bound)
  return index.rows
}

describe.skipIf(!hasVectors)("osquery's vectors (skipped without the shared data)", () => {
  it("of overflowing batches, one after the other", () => {
    const index = tenSeconds()
    const left = vectors?.overflow.map(({ max_batches }) => drop(index, index.overflowBound(max_batches)))
    expect(left).toEqual(vectors?.overflow.map((vector) => vector.left))
  })

  it("of expiry", () => {
    const left = vectors?.expire.map(({ expiry, now }) => {
      const index = tenSeconds()
      return drop(index, index.expiryBound(expiry, now))
    })
    expect(left).toEqual(vectors?.expire.map((vector) => vector.left))
    expect(left).toHaveLength(4)
  })

  it("of the time that counts as now after a SELECT", () => {
    const times = vectors?.expire_time.map(({ query_count, now, executed = {} }) =>
      expireTime({ queryCount: query_count, executed: new Map(Object.entries(executed)) }, now),
    )
    expect(times).toEqual(vectors?.expire_time.map((vector) => vector.expect))
  })

  it("of the least expiry", () => {
    const least = vectors?.min_expiry.map((vector) =>
      minimumExpiry(vector.events_expiry, vector.schedule_min),
    )
    expect(least).toEqual(vectors?.min_expiry.map((vector) => vector.expect))
  })

  it("but for an expiry greater than the time, which wraps there and keeps everything here", () => {
    const { events_expiry = 0, now = 0, selects = [] } = vectors?.select_with_expiry ?? {}
    expect([events_expiry > now, ...selects]).toEqual([true, 10, 1])
    const index = tenSeconds()
    expect(index.expiryBound(events_expiry, now)).toBeNull()
  })
})

describe("the seconds of a table", () => {
  it("keep the newest however old it is, and an oldest that is just at the limit", () => {
    const index = tenSeconds()
    expect(index.expiryBound(1, 1)).toBeNull()
    expect(index.expiryBound(1, 2)).toBe(1)
    expect(drop(index, index.expiryBound(1, 1_000_000))).toBe(1)
    expect(index.expiryBound(1, 2_000_000)).toBeNull()
    expect(new TimeIndex().expiryBound(1, 1_000_000)).toBeNull()
  })

  it("follow a plain count of rows by second, whatever order they come in", () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 5, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 60 }) }) },
        fc.record({ expiry: fc.integer({ min: 0, max: 70 }), now: fc.integer({ min: 0, max: 80 }) }),
        fc.record({ max: fc.integer({ min: 0, max: 20 }) }),
      ),
      { maxLength: 200, size: "max" },
    )
    fc.assert(
      fc.property(steps, (list) => {
        const index = new TimeIndex()
        let plain: number[] = []
        for (const step of list) {
          const seconds = [...new Set(plain)].sort((a, b) => a - b)
          const newest = seconds.at(-1)
          if ("add" in step) {
            index.add(step.add)
            plain.push(step.add)
          } else if ("max" in step) {
            drop(index, index.overflowBound(step.max))
            const kept = step.max === 0 ? seconds : seconds.slice(-step.max)
            plain = plain.filter((second) => kept.includes(second))
          } else {
            drop(index, index.expiryBound(step.expiry, step.now))
            const limit = step.now - step.expiry
            const isIdle = step.expiry === 0 || step.now === 0 || (seconds[0] ?? limit) >= limit
            if (!isIdle) plain = plain.filter((second) => second > limit || second === newest)
          }
          expect(index.rows).toBe(plain.length)
          expect(index.size).toBe(new Set(plain).size)
        }
      }),
    )
  })
})

describe("the schedule", () => {
  it.each([
    [60, 240],
    [10, 60],
    [20, 120],
    [3600, 10_860],
  ])("with queries at most every %i s keeps rows for %i s", (interval, expected) => {
    expect(scheduleMinimumExpiry(interval)).toBe(expected)
  })

  it("has seen a row once all its queries have run", () => {
    const executed = new Map([["one", 5]])
    expect(haveAllRun({ queryCount: 2, executed })).toBe(false)
    expect(haveAllRun({ queryCount: 1, executed })).toBe(true)
    expect(haveAllRun({ queryCount: 0, executed: new Map() })).toBe(true)
  })
})
