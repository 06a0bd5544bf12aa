/** Events that are filled into a stencil are the events that their programs write. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { EvtxParser } from "../../../../../src/formats/windows/evtx/evtx-parser.ts"
import type { EvtxRecord } from "../../../../evtx-writer/chunk.ts"
import { event, eventData } from "../../../../evtx-writer/event.ts"
import { evtxFile } from "../../../../evtx-writer/file.ts"
import type { Value } from "../../../../evtx-writer/value.ts"
import * as value from "../../../../evtx-writer/value.ts"
import { Collector } from "./read-evtx.ts"

/** Also counts the events that came by a stencil. */
class StencilCounter extends Collector {
  filled = 0

  override event(...[tape, place]: Parameters<Collector["event"]>): void {
    if (tape.stencil !== null) this.filled++
    super.event(tape, place)
  }
}

function read(records: readonly EvtxRecord[]): StencilCounter {
  const consumer = new StencilCounter()
  const parser = new EvtxParser({ consumer, recover: false })
  const { bytes } = evtxFile({ records })
  parser.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
  parser.push(bytes, 0)
  parser.endSource()
  return consumer
}

const xmlOf = ({ events }: Collector) => events.map(({ xml }) => xml)
/** Each on its own: too few for a stencil. */
const alone = (records: readonly EvtxRecord[]) => records.flatMap((one) => xmlOf(read([one])))

interface Make {
  readonly provider: string
  readonly fields: readonly Value[]
}

function recordsOf(makes: readonly Make[]): EvtxRecord[] {
  return makes.map(({ provider, fields }, at) =>
    event({
      provider,
      eventId: 4688,
      time: `2024-05-01T10:00:${String(at % 60).padStart(2, "0")}.0000000Z`,
      recordId: BigInt(at + 1),
      channel: "Security",
      computer: "web-1",
      payload: eventData({ A: fields[0] ?? value.nothing, B: fields[1] ?? value.nothing }),
    }),
  )
}

const texts = fc.oneof(
  fc.constantFrom("", "\0", "\0behind", "a\0b", "C:\\Windows", "<\"&'>", "é", "\u{1F600}", "\t\n"),
  fc.string({ maxLength: 70, unit: "grapheme" }),
)
const values: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: texts.map((text) => value.unicode(text)) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }).map((number) => value.uint32(number)) },
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((number) => value.hex64(number)),
  fc.constantFrom(value.nothing, value.sid("S-1-5-18"), value.guid("{54849625-5478-4994-A5BA-3E3B0328C30D}")),
)
const makes = fc.record({
  provider: fc.constantFrom("Demo-One", "Demo-Two", ""),
  fields: fc.tuple(values, values),
})

describe("stencils", () => {
  it("give what programs give, whatever the values are", () => {
    let filled = 0
    const check = fc.property(fc.array(makes, { minLength: 20, maxLength: 60 }), (some) => {
      const records = recordsOf(some)
      const whole = read(records)
      filled += whole.filled
      expect(xmlOf(whole)).toEqual(alone(records))
      expect(whole.problems).toEqual([])
    })
    fc.assert(check, { numRuns: 40 })
    expect(filled).toBeGreaterThan(100)
  })

  it("serve all but the first events of a make", () => {
    const records = recordsOf(
      Array.from({ length: 50 }, (_, at) => ({
        provider: "Demo-One",
        fields: [value.unicode(`run ${at}`), value.uint32(at)],
      })),
    )
    const whole = read(records)
    expect(whole.filled).toBe(47)
    expect(xmlOf(whole)).toEqual(alone(records))
  })

  it("keep to the text of the provider that they were made for", () => {
    const makes = Array.from({ length: 30 }, (_, at) => ({
      provider: at % 2 === 0 ? "Demo-One" : "Demo-Two",
      fields: [value.unicode("x"), value.nothing],
    }))
    const whole = read(recordsOf(makes))
    const named = xmlOf(whole).map((xml) => /Provider Name="([^"]*)"/.exec(xml)?.[1])
    expect(named).toEqual(makes.map(({ provider }) => provider))
    expect(whole.filled).toBeGreaterThan(20)
  })
})
