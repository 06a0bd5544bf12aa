/** The books of a capture's losses, with counters as the kernel gives them. Source of truth: kernel/audit.c. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { LossLedger } from "../../../src/pipeline/loss-ledger.ts"

const NONE = { incompleteEvents: 0, missingRecords: 0 }
const kinds = (gaps: readonly { readonly kind: string }[]) => gaps.map(({ kind }) => kind)

describe("the loss ledger", () => {
  it("counts from where the kernel's counter stood", () => {
    const ledger = new LossLedger(40, 1000)
    expect(ledger.look(40, 0, 2000)).toEqual([])
    expect(ledger.figures(NONE)).toEqual({
      ...NONE,
      kernelLost: 0,
      lostEvents: 0,
      socketOverruns: 0,
      secondsWithoutSocket: 0,
      isNone: true,
    })
  })

  it("makes a gap of each rise, from one look to the next", () => {
    const ledger = new LossLedger(40, 1000)
    ledger.look(40, 0, 2000)
    expect(ledger.look(41, 0, 3000.7)).toEqual([
      {
        kind: "kernel-lost",
        what: "1 record that the kernel could not queue: each a whole event or a record of one",
        fromNs: 2_000_000_000n,
        toNs: 3_000_000_000n,
        evidence: "the kernel's counter `lost` (AUDIT_GET)",
        offset: 0,
      },
    ])
    expect(ledger.look(41, 0, 4000)).toEqual([])
    expect(ledger.look(44, 0, 5000)[0]?.what).toMatch(/^3 records /)
  })

  it("balances: what the kernel lost is whole events and missing records", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.nat(1000), fc.nat(1000), (rises, start, missing) => {
        const ledger = new LossLedger(start, 0)
        let lost = start
        for (const rise of rises) {
          lost += rise
          ledger.look(lost, 0, 0)
        }
        const missingRecords = Math.min(missing, lost - start)
        const figures = ledger.figures({ incompleteEvents: 1, missingRecords })
        expect(figures.kernelLost).toBe(lost - start)
        expect((figures.lostEvents ?? Number.NaN) + missingRecords).toBe(figures.kernelLost)
        expect(figures.isNone).toBe(lost === start)
      }),
    )
  })

  it("counts on after somebody has reset the counter", () => {
    const ledger = new LossLedger(100, 0)
    ledger.look(105, 0, 1000)
    expect(ledger.look(3, 0, 2000)[0]?.what).toMatch(/^3 records /)
    expect(ledger.look(0, 0, 3000)).toEqual([])
    expect(ledger.figures(NONE).kernelLost).toBe(8)
  })

  it("does not know how many events are lost once the socket's buffer overflowed", () => {
    const ledger = new LossLedger(0, 0)
    const gaps = ledger.look(2, 1, 1000)
    expect(kinds(gaps)).toEqual(["kernel-lost", "socket-overrun"])
    expect(gaps[1]?.what).toBe("unknown: the socket's buffer overflowed once")
    expect(ledger.look(2, 4, 2000)[0]?.what).toBe("unknown: the socket's buffer overflowed 3 times")
    expect(ledger.look(2, 4, 3000)).toEqual([])
    expect(ledger.figures(NONE)).toMatchObject({
      lostEvents: null,
      socketOverruns: 4,
      kernelLost: 2,
      isNone: false,
    })
  })

  it("does not know either while another process had the socket", () => {
    const ledger = new LossLedger(0, 0)
    expect(ledger.socketBack(1000)).toBeUndefined()
    ledger.socketLost(2000)
    ledger.socketLost(3000)
    expect(ledger.socketBack(5500)).toMatchObject({
      kind: "socket-taken",
      what: "3.5 s in which another process received the records",
      fromNs: 2_000_000_000n,
      toNs: 5_500_000_000n,
    })
    expect(ledger.socketBack(6000)).toBeUndefined()
    expect(ledger.figures(NONE)).toMatchObject({ lostEvents: null, secondsWithoutSocket: 3.5, isNone: false })
  })

  it("finds records missing though the kernel has counted none", () => {
    const figures = new LossLedger(0, 0).figures({ incompleteEvents: 1, missingRecords: 2 })
    expect(figures).toMatchObject({ lostEvents: 0, isNone: false })
  })
})
