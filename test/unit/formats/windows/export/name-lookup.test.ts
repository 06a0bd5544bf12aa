import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { NameLookup } from "../../../../../src/formats/windows/export/name-lookup.ts"
import { NAMES } from "../../../../../src/formats/windows/names.ts"

const names = fc.constantFrom("Data", "Name", "Dat", "Date", "SubjectUserSid", "é", "", "EventID")

describe("a name that is foretold", () => {
  it("is the name that stands there, whatever stood before", () => {
    const lookup = new NameLookup()
    const steps = fc.array(fc.tuple(fc.nat({ max: 10_000 }), names), { maxLength: 50 })
    fc.assert(
      fc.property(steps, (some) => {
        for (const [before, name] of some) {
          const bytes = Buffer.from(`<${name}>`)
          expect(lookup.findAfter(before, bytes, 1, bytes.length - 1)).toBe(NAMES.intern(name))
          expect(lookup.find(bytes, 1, bytes.length - 1)).toBe(NAMES.intern(name))
        }
      }),
    )
  })
})
