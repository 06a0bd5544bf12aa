/** What a trail tells of its own completeness. */
import { describe, expect, it } from "vitest"
import { record, SECOND } from "../../../bsm-writer/record.ts"
import * as tokens from "../../../bsm-writer/tokens.ts"
import { readTrail } from "./read-trail.ts"

const at = (second: number, event = 23, ...list: readonly Buffer[]): Buffer =>
  record(event, list, { second: SECOND + second })
const numbered = (sequence: number): Buffer => at(sequence, 23, tokens.sequence(sequence))
const gapsOf = (...records: readonly Buffer[]) => readTrail(Buffer.concat([...records])).gaps
const ns = (second: number): bigint => BigInt(SECOND + second) * 1_000_000_000n

describe("sequence tokens", () => {
  it("tell how many records are missing", () => {
    const [gap, ...others] = gapsOf(numbered(1), numbered(2), numbered(5), numbered(6))
    expect(others).toEqual([])
    expect(gap).toMatchObject({ kind: "serial-gap", what: "2 records are missing.", fromId: "3", toId: "4" })
    expect(gap).toMatchObject({ fromNs: ns(2), toNs: ns(5), offset: numbered(1).length * 2 })
  })

  it("may begin anew, and anywhere behind a file token", () => {
    expect(gapsOf(numbered(1), tokens.file32("/var/audit/a"), numbered(9))).toEqual([])
    expect(gapsOf(numbered(9), numbered(1))).toEqual([])
  })
})

describe("auditing that was off", () => {
  it("lies between shutdown and startup", () => {
    const gaps = gapsOf(at(0), at(5, 45_001), at(900, 45_000), at(901))
    expect(gaps).toMatchObject([{ kind: "recording-stopped", fromNs: ns(5), toNs: ns(900) }])
  })

  it("lies before the record of a crash", () => {
    const gaps = gapsOf(at(0), at(900, 45_029), at(900, 45_000))
    expect(gaps).toMatchObject([{ kind: "recording-stopped", fromNs: ns(0), toNs: ns(900) }])
  })

  it("is not told where a trail ends or begins", () => {
    expect(gapsOf(at(0, 45_000), at(1), at(5, 45_001))).toEqual([])
  })
})

describe("the clock", () => {
  it("went back when two records agree", () => {
    const gaps = gapsOf(at(1000), at(10), at(11))
    expect(gaps).toMatchObject([{ kind: "clock-step", what: "The clock went back by 990 seconds." }])
  })

  it.each([
    ["one record that was late", [at(1000), at(10), at(1001), at(12), at(1002)]],
    ["a minute", [at(60), at(0), at(1)]],
    ["trails put together", [at(1000), tokens.file32("/var/audit/a"), at(10), at(11)]],
    ["a startup", [at(1000), at(10, 45_000), at(11), at(12)]],
  ])("did not by %s", (_, records) => {
    expect(gapsOf(...records).filter(({ kind }) => kind === "clock-step")).toEqual([])
  })

  it("places no gap where no calendar reaches", () => {
    const far = record(23, [], { isWide: true, second: 2n ** 62n })
    expect(gapsOf(far, at(1), at(2))).toMatchObject([{ kind: "clock-step" }])
  })
})
