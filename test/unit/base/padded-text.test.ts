/** Constants land where they belong, and what is before them stays. */
import fc from "fast-check"
import { expect, it } from "vitest"
import { PADDING, PaddedText } from "../../../src/base/padded-text.ts"

const ascii = fc.string({
  unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
  maxLength: 50,
})

it("a constant, at any place", () => {
  fc.assert(
    fc.property(ascii, fc.nat(9), (text, at) => {
      const target = Buffer.alloc(at + text.length + PADDING, 0xee)
      const view = new DataView(target.buffer, target.byteOffset, target.length)
      expect(new PaddedText(text).copy(view, at)).toBe(at + text.length)
      expect(target.toString("latin1", 0, at + text.length)).toBe("\xee".repeat(at) + text)
    }),
  )
})
