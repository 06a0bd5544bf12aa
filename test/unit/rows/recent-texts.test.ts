import fc from "fast-check"
import { expect, it } from "vitest"
import { textOfBytes } from "../../../src/base/text.ts"
import { RecentTexts } from "../../../src/rows/recent-texts.ts"

/** Bytes that are often those of the last text, or nearly. */
const texts = fc.array(
  fc.record({
    column: fc.nat(2),
    bytes: fc.oneof(
      fc
        .constantFrom("", "a", "ab", "ac", "\0", "é", "x".repeat(64), "x".repeat(65))
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    ),
  }),
)

it("a remembered text is the text of the bytes", () => {
  fc.assert(
    fc.property(texts, (given) => {
      const recent = new RecentTexts(3)
      for (const { column, bytes } of given) {
        expect(recent.textOf(column, bytes, 0, bytes.length)).toBe(textOfBytes(bytes))
      }
    }),
  )
})
