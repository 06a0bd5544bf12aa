/** Wherever a trail is cut, before long records and within them, it gives the same records and the same problems. */
import fc from "fast-check"
import { expect, it } from "vitest"
import { record } from "../../../bsm-writer/record.ts"
import * as tokens from "../../../bsm-writer/tokens.ts"
import { readTrail } from "./read-trail.ts"

const EVENT = 45000
const part = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((length) => record(EVENT, [tokens.text("a".repeat(length))])),
  fc.integer({ min: 3000, max: 30_000 }).map((length) => record(EVENT, [tokens.text("b".repeat(length))])),
  fc.integer({ min: 1, max: 9000 }).map((length) => Buffer.alloc(length, 0x14)),
  fc.constant(record(EVENT, [tokens.text("c")], { hasTrailer: false })),
  fc.constant(record(EVENT, [tokens.text("d")], { count: 30 })),
)

it("pieces of any size", () => {
  const piece = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1000, max: 20_000 }))
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), piece, (parts, size) => {
      const trail = Buffer.concat(parts)
      const whole = readTrail(trail)
      const cut = readTrail(trail, { piece: size })
      expect(cut.texts).toEqual(whole.texts)
      expect(cut.places).toEqual(whole.places)
      expect(cut.parser.consumedTo).toBe(whole.parser.consumedTo)
    }),
    { numRuns: 150 },
  )
})

it.each([1, 2, 3, 4, 5, 6])("a piece that ends %i bytes into a long record", (into) => {
  const first = record(EVENT, [tokens.text("a".repeat(6000))])
  const long = record(EVENT, [tokens.text("b".repeat(30_000))])
  const { texts, problems } = readTrail(Buffer.concat([first, long, first]), { piece: first.length + into })
  expect(texts).toEqual(readTrail(Buffer.concat([first, long, first])).texts)
  expect(texts).toHaveLength(3)
  expect(problems).toEqual([])
})
