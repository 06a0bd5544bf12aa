import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { startTimeBudget } from "../../../../src/app/query/time-budget.ts"

describe("startTimeBudget", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it("does not count the time in which it was paused", () => {
    const onSpent = vi.fn()
    const budget = startTimeBudget(1000, onSpent)
    vi.advanceTimersByTime(600)
    budget.pause()
    budget.pause()
    vi.advanceTimersByTime(5000)
    budget.resume()
    budget.resume()
    vi.advanceTimersByTime(399)
    expect([onSpent.mock.calls.length, budget.isSpent]).toEqual([0, false])
    vi.advanceTimersByTime(1)
    expect([onSpent.mock.calls.length, budget.isSpent]).toEqual([1, true])
    budget.resume()
    vi.advanceTimersByTime(5000)
    expect(onSpent).toHaveBeenCalledTimes(1)
  })

  it("never ends without a limit", () => {
    const onSpent = vi.fn()
    startTimeBudget(Number.POSITIVE_INFINITY, onSpent)
    vi.advanceTimersByTime(1e9)
    expect(onSpent).not.toHaveBeenCalled()
  })
})
