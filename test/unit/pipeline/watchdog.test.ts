import { describe, expect, it } from "vitest"
import { Watchdog } from "../../../src/pipeline/watchdog.ts"

const MIB = 1024 * 1024

describe("the watchdog", () => {
  it.each([
    [0, 200],
    [-1, 200],
    [64, 64],
  ])("given %i megabytes allows %i", (given, allowed) => {
    expect(new Watchdog(given).limitBytes).toBe(allowed * MIB)
  })

  it("bites after ten seconds above the limit, not before", () => {
    const watchdog = new Watchdog(1)
    expect(watchdog.isOver(MIB + 1, 5000)).toBe(false)
    expect(watchdog.isOver(MIB + 1, 14_999)).toBe(false)
    expect(watchdog.isOver(MIB + 1, 15_000)).toBe(true)
  })

  it("begins anew when the memory was within the limit once", () => {
    const watchdog = new Watchdog(1)
    watchdog.isOver(2 * MIB, 0)
    expect(watchdog.isOver(MIB, 9000)).toBe(false)
    expect(watchdog.isOver(2 * MIB, 10_000)).toBe(false)
    expect(watchdog.isOver(2 * MIB, 19_999)).toBe(false)
    expect(watchdog.isOver(2 * MIB, 20_000)).toBe(true)
  })
})
