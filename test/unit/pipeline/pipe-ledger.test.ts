import { describe, expect, it } from "vitest"
import { PipeLedger } from "../../../src/pipeline/pipe-ledger.ts"

describe("what an audit pipe loses", () => {
  it("is counted from the start of the capture on", () => {
    const ledger = new PipeLedger({ drops: 40, truncates: 2 }, 1000)
    expect(ledger.look({ drops: 40, truncates: 2 }, 2000)).toEqual([])
    expect(ledger.figures()).toEqual({ drops: 0, truncates: 0, isNone: true })
  })

  it("is a gap between the looks that saw it", () => {
    const ledger = new PipeLedger({ drops: 0, truncates: 0 }, 1000)
    ledger.look({ drops: 0, truncates: 0 }, 2000)
    const gaps = ledger.look({ drops: 3, truncates: 1 }, 3000)
    expect(gaps).toMatchObject([
      { kind: "pipe-drops", what: "3 records for which the pipe's queue had no room" },
      { kind: "pipe-truncates", what: "1 record too long for the reader's buffer" },
    ])
    expect(gaps[0]).toMatchObject({ fromNs: 2_000_000_000n, toNs: 3_000_000_000n })
    expect(ledger.look({ drops: 5, truncates: 1 }, 4000)).toMatchObject([{ kind: "pipe-drops" }])
    expect(ledger.figures()).toEqual({ drops: 5, truncates: 1, isNone: false })
  })

  it("counts on when a counter has begun anew", () => {
    const ledger = new PipeLedger({ drops: 4_294_967_290, truncates: 0 }, 0)
    ledger.look({ drops: 4, truncates: 0 }, 1000)
    expect(ledger.figures().drops).toBe(4)
  })
})
