/** Losses are counted once, whoever tells of them. */
import { describe, expect, it } from "vitest"
import type { Gap } from "../../../../src/base/problem.ts"
import { LossCounter } from "../../../../src/formats/perf-ring/loss-counter.ts"
import { RingRecord } from "../../../../src/formats/perf-ring/ring-record.ts"
import { makeRecord } from "../../../perf-ring-writer/record.ts"

function counting() {
  const gaps: Gap[] = []
  const counter = new LossCounter((gap) => gaps.push(gap))
  const record = new RingRecord()
  const give = (number: number, cpu = 0) => {
    const bytes = makeRecord({ type: 5, ms: number, pid: 1, number })
    expect(record.read(bytes, 0, bytes.length, 0, cpu)).toBe(true)
    counter.record(record, cpu, undefined)
  }
  return { counter, gaps, give, whats: () => gaps.map(({ what }) => what) }
}

describe("losses of a ring", () => {
  it("are the step over numbers, not the first number", () => {
    const { give, gaps } = counting()
    for (const number of [7, 8, 12]) give(number)
    expect(gaps).toMatchObject([{ what: "3 records of CPU 0", fromId: "9", toId: "11" }])
  })

  it("are told once when numbers and ring tell of them", () => {
    const { give, counter, whats } = counting()
    give(0)
    counter.told(0, 2)
    give(4)
    expect(whats()).toEqual(["3 records of CPU 0"])
    expect(counter.lost).toBe(3)
  })

  it("are counted by CPU", () => {
    const { give, whats } = counting()
    give(0, 0)
    give(0, 1)
    give(1, 1)
    give(2, 0)
    expect(whats()).toEqual(["1 record of CPU 0"])
  })

  it("go over the end of the numbers", () => {
    const { give, whats } = counting()
    give(0xffff_ffff)
    give(1)
    expect(whats()).toEqual(["1 record of CPU 0"])
  })

  it("at the end are told by the ring and by the totals", () => {
    const { give, counter, whats } = counting()
    give(0)
    counter.told(0, 5)
    counter.end(100)
    counter.total(9, 100)
    counter.total(9, 200)
    expect(whats()).toEqual([
      "5 records of CPU 0",
      "4 more records, before the first or after the last that were kept",
    ])
  })
})
