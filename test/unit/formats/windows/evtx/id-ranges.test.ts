import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { IdRanges } from "../../../../../src/formats/windows/evtx/id-ranges.ts"

function rangesOf(ids: readonly number[]): IdRanges {
  const ranges = new IdRanges()
  for (const id of ids) ranges.add(id)
  return ranges
}

describe("ids that were given", () => {
  it("are one range while they rise", () => {
    expect(rangesOf([5, 6, 7, 8]).save()).toEqual([[5, 8]])
  })

  it("join when a hole is filled", () => {
    expect(rangesOf([1, 2, 5, 6, 4, 3]).save()).toEqual([[1, 6]])
  })

  it("are a set, however they come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 })), (ids) => {
        const ranges = rangesOf(ids)
        const restored = new IdRanges()
        restored.restore(JSON.parse(JSON.stringify(ranges.save())))
        const set = new Set(ids)
        for (let id = 0; id <= 61; id++) {
          expect(ranges.has(id)).toBe(set.has(id))
          expect(restored.has(id)).toBe(set.has(id))
        }
        expect(ranges.highest).toBe(ids.length === 0 ? Number.NaN : Math.max(...ids))
        for (const [at, [first]] of ranges.save().entries()) {
          if (at > 0) expect(first).toBeGreaterThan((ranges.save()[at - 1]?.[1] ?? 0) + 1)
        }
      }),
    )
  })

  it("are bounded: the oldest hole closes first", () => {
    const ranges = rangesOf(Array.from({ length: 600 }, (_, at) => at * 2))
    expect(ranges.save()).toHaveLength(512)
    expect([ranges.has(1), ranges.has(1197)]).toEqual([true, false])
  })
})
