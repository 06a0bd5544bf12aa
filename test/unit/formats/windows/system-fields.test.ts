import { describe, expect, it } from "vitest"
import { EventTape } from "../../../../src/formats/windows/event-tape.ts"
import { NAMES } from "../../../../src/formats/windows/names.ts"
import { SystemFields } from "../../../../src/formats/windows/system-fields.ts"

describe("the System fields", () => {
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
    system.read(tape, null)
    const text = (at: number) => tape.bytes.latin1Slice(tape.start(at), tape.end(at))
    expect([system.eventId, text(system.recordIdAt), text(system.computerAt)]).toEqual([4688, "77", "web-1"])
    expect([system.timeAt, system.second]).toEqual([-1, Number.NaN])
  })
})
