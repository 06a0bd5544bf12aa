/** A replay keeps to the records' own time, by a clock of the test's own. */
import { describe, expect, it } from "vitest"
import { newTally, type Tally } from "../../../../src/app/reading/reader.ts"
import { Pace } from "../../../../src/app/replay/pace.ts"
import { VirtualClock } from "../../../virtual-clock.ts"

const START_MS = 1_700_000_000_000
const PARSED = { depths: [0, 0] as const }
const FIRST = 1_600_000_000

/** When, in ms since the start, what follows each of these seconds may come. */
async function timesOf(speed: number, seconds: readonly number[], signal = new AbortController().signal) {
  const clock = new VirtualClock(START_MS)
  const pace = new Pace(speed, clock)
  const tally = newTally()
  pace.watch(tally)
  const times: number[] = []
  const run = async () => {
    for (const second of seconds) {
      tally.lastTime = FIRST + second
      await pace.wait(tally, PARSED, signal)
      times.push(clock.nowMs() - START_MS)
    }
  }
  await clock.run(run())
  return times
}

describe("the pace of a replay", () => {
  it.each([
    [1, [0, 1000, 1000, 4000, 20_000]],
    [10, [0, 100, 100, 400, 2000]],
    [0.5, [0, 2000, 2000, 8000, 40_000]],
  ])("at %dx is that of the records, so much faster", async (speed, wanted) => {
    expect(await timesOf(speed, [0, 1, 1, 4, 20])).toEqual(wanted)
  })

  it("does not wait for events that are older than the newest", async () => {
    expect(await timesOf(1, [5, 0, 6, 2])).toEqual([0, 0, 1000, 1000])
  })

  it("waits no longer once it is told to stop", async () => {
    expect(await timesOf(1, [0, 3600], AbortSignal.abort())).toEqual([0, 0])
  })

  it("waits until what was delivered is parsed, and not at all before the first event", async () => {
    const clock = new VirtualClock(START_MS)
    const pipeline: { depths: [number, number] } = { depths: [3, 0] }
    const pace = new Pace(1, clock)
    const signal = new AbortController().signal
    let isParsed = false
    setTimeout(() => {
      isParsed = true
      pipeline.depths = [0, 0]
    }, 20)
    await clock.run(pace.wait(newTally(), pipeline, signal))
    expect([isParsed, clock.nowMs()]).toEqual([true, START_MS])
  })

  it("knows the newest second of all sources", () => {
    const pace = new Pace(1, new VirtualClock(START_MS))
    expect(pace.newestSecond).toBe(0)
    const tallies = [3, 7, Number.NaN, 5].map((lastTime): Tally => ({ ...newTally(), lastTime }))
    for (const tally of tallies) pace.watch(tally)
    expect(pace.newestSecond).toBe(7)
  })
})
