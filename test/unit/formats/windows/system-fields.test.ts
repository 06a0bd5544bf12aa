import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { EventTape } from "../../../../src/formats/windows/event-tape.ts"
import { NAMES } from "../../../../src/formats/windows/names.ts"
import { SystemFields, secondOf } from "../../../../src/formats/windows/system-fields.ts"

const READABLE = {
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
}

describe("the System fields", () => {
  it("take the second that Date takes", () => {
    fc.assert(
      fc.property(fc.date(READABLE), (date) => {
        const text = Buffer.from(date.toISOString())
        expect(secondOf(text, 0, text.length)).toBe(Math.floor(date.getTime() / 1000))
      }),
    )
  })

  it.each(["", "2020-01-01", "2020-13-01T00:00:00Z", "2020-01-aaT00:00:00Z"])(
    "find no second in %j",
    (given) => {
      const text = Buffer.from(given)
      expect(secondOf(text, 0, text.length)).toBeNaN()
    },
  )

  it("are those of System, not of what a payload calls so", () => {
    const tape = new EventTape()
    tape.open(NAMES.intern("Event"))
    tape.open(NAMES.intern("UserData"))
    tape.element("EventID", "1")
    tape.close()
    tape.open(NAMES.intern("System"))
    tape.element("EventID", "4688")
    tape.element("EventRecordID", "77")
    tape.element("Computer", "web-1")
    tape.close()
    tape.close()
    const system = new SystemFields()
    system.read(tape)
    const text = (at: number) => tape.bytes.latin1Slice(tape.start(at), tape.end(at))
    expect([system.eventId, text(system.recordIdAt), text(system.computerAt)]).toEqual([4688, "77", "web-1"])
    expect([system.timeAt, system.second]).toEqual([-1, Number.NaN])
  })
})
