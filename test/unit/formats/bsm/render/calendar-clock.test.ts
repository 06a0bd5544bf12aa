/** Seconds in any order, against what JavaScript says of each alone. */
import fc from "fast-check"
import { expect, it } from "vitest"
import { CalendarClock } from "../../../../../src/formats/bsm/render/calendar-clock.ts"

const LAST = 8_640_000_000_000

function name(second: number): string {
  return second > LAST ? String(second) : `at ${new Date(second * 1000).toISOString().slice(0, -5)} UTC`
}

it("every second has its own text", () => {
  const clock = new CalendarClock(name)
  const near = fc.integer({ min: 1_700_000_000 - 90_000, max: 1_700_000_000 + 90_000 })
  const any = fc.oneof(
    near,
    near,
    near,
    fc.integer({ min: 0, max: LAST }),
    fc.constantFrom(0, 86_399, 86_400, LAST, LAST + 1),
  )
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (seconds) => {
      for (const second of seconds) expect(clock.textOf(second).toString("latin1")).toBe(name(second))
    }),
    { numRuns: 500 },
  )
})
