/** Constants land where they belong, and what is before them stays. */
import fc from "fast-check"
import { expect, it } from "vitest"
import { copyPadded, PADDING, PaddedText, PaddedTexts } from "../../../src/base/padded-text.ts"

const ascii = fc.string({
  unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
  maxLength: 50,
})

it("one constant, or one of several, at any place", () => {
  fc.assert(
    fc.property(fc.array(ascii, { minLength: 1, maxLength: 30 }), fc.nat(9), (texts, at) => {
      const all = new PaddedTexts()
      const firsts = texts.map((text) => all.add(text))
      for (const [index, text] of texts.entries()) {
        const target = Buffer.alloc(at + text.length + PADDING, 0xee)
        const view = new DataView(target.buffer, target.byteOffset, target.length)
        expect(new PaddedText(text).copy(view, at)).toBe(at + text.length)
        expect(target.toString("latin1", 0, at + text.length)).toBe("\xee".repeat(at) + text)
        target.fill(0xee)
        expect(copyPadded(all.words, firsts[index] ?? 0, view, at, text.length)).toBe(at + text.length)
        expect(target.toString("latin1", 0, at + text.length)).toBe("\xee".repeat(at) + text)
      }
    }),
  )
})
