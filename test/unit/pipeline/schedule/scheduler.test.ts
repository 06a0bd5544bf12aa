import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Scheduler } from "../../../../src/pipeline/schedule/scheduler.ts"

const JOBS = [
  { name: "two", intervalS: 2 },
  { name: "three", intervalS: 3 },
]
const names = (jobs: readonly { name: string }[]) => jobs.map(({ name }) => name)

describe("the scheduler", () => {
  it("runs a query in each second that its interval divides", () => {
    const scheduler = new Scheduler(JOBS, 12_500)
    const runs: string[] = []
    for (let ms = 12_500; ms <= 19_000; ms += 250) {
      for (const { name } of scheduler.due(ms)) runs.push(`${ms} ${name}`)
    }
    expect(runs).toEqual(["14000 two", "15000 three", "16000 two", "18000 two", "18000 three"])
  })

  it("makes up for missed runs once, and does not drift", () => {
    const scheduler = new Scheduler(JOBS, 0)
    expect(names(scheduler.due(11_900))).toEqual(["two", "three"])
    expect(names(scheduler.due(11_950))).toEqual([])
    expect(names(scheduler.due(12_000))).toEqual(["two", "three"])
  })

  it("waits for a clock that was set, either way", () => {
    const scheduler = new Scheduler(JOBS, 1_000_000)
    expect(scheduler.due(10_000)).toEqual([])
    expect(names(scheduler.due(12_000))).toEqual(["two", "three"])
    expect(scheduler.due(12_000 + 8 * 86_400_000)).toEqual([])
  })

  it("says how long to sleep, so that nothing is due before and something is then", () => {
    const job = fc.record({ name: fc.constant("q"), intervalS: fc.integer({ min: 1, max: 3600 }) })
    fc.assert(
      fc.property(
        fc.array(job, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 2e12 }),
        (jobs, startMs) => {
          const wait = new Scheduler(jobs, startMs).msUntilDue(startMs)
          const awake = new Scheduler(jobs, startMs)
          expect(wait).toBeGreaterThan(0)
          expect(awake.due(startMs + wait - 1)).toEqual([])
          expect(awake.due(startMs + wait).length).toBeGreaterThan(0)
        },
      ),
    )
    expect(new Scheduler([], 0).msUntilDue(5)).toBe(Number.POSITIVE_INFINITY)
  })
})
