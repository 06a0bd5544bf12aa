/**
 * Events that only the end of the input ends (CONFIG_CHANGE without PROCTITLE) come after all others: their low
 * serials looked like a counter that began anew, and the serials between like lost ones.
 */
import { expect, it } from "vitest"
import type { Gap } from "../../src/base/problem.ts"
import { AuditEvent } from "../../src/formats/linux-audit/event.ts"
import { GapTracker } from "../../src/normalize/linux-audit/gap-tracker.ts"

function track(events: readonly (readonly [serial: number, sequence: number])[]): string[] {
  const gaps: Gap[] = []
  const tracker = new GapTracker((gap) => gaps.push(gap))
  for (const [serial, sequence] of events) {
    const event = new AuditEvent()
    Object.assign(event, { serial, sequence, sec: 1_700_000_000 + sequence })
    tracker.event(event, "")
  }
  tracker.end(1)
  return gaps.map(({ kind, fromId, toId }) => `${kind} ${fromId} ${toId}`)
}

it("a late event with a low serial fills a hole, and restarts nothing", () => {
  const late = track([
    [1, 0],
    [12_313, 3],
    [10, 1],
    [4000, 2],
  ])
  expect(late).toEqual(["serial-gap 1 10", "serial-gap 10 4000", "serial-gap 4000 12313"])
})

it("a late event from before a restart opens no hole", () => {
  const late = track([
    [20_000, 0],
    [5, 2],
    [20_001, 1],
    [6, 3],
  ])
  expect(late).toEqual(["serial-restart 20000 5"])
})
