import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  bytesOfText,
  escapeText,
  isPlainText,
  plainLength,
  textOfBytes,
  utf8Length,
} from "../../../src/base/text.ts"

/** Bytes dense in what the rule is about: backslashes, x, hex digits, NUL, pieces of UTF-8. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc
    .array(
      fc
        .constantFrom(
          0x5c,
          0x78,
          0x30,
          0x38,
          0x35,
          0x43,
          0x46,
          0x63,
          0x66,
          0,
          0x61,
          0xc3,
          0xa9,
          0xe2,
          0x82,
          0xac,
        )
        .map((byte) => byte),
      { maxLength: 40, size: "max" },
    )
    .map((bytes) => Uint8Array.from(bytes)),
  fc.string({ unit: "binary", maxLength: 30 }).map((text) => Uint8Array.from(Buffer.from(text, "utf8"))),
)
const RUNS = { numRuns: 1500 }

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

describe("text form", () => {
  test("is reversible for any bytes, and holds neither NUL nor replacement characters of its own", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = textOfBytes(bytes)
        expect([...bytesOfText(text)]).toEqual([...bytes])
        expect(text.includes("\0")).toBe(false)
        if (!Buffer.from(bytes).includes("\ufffd")) expect(text.includes("\ufffd")).toBe(false)
      }),
      RUNS,
    )
  })

  test("leaves alone exactly what isPlainText says it does", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const isSame = isUtf8(bytes) && textOfBytes(bytes) === Buffer.from(bytes).toString("utf8")
        expect(isPlainText(bytes, 0, bytes.length)).toBe(isSame)
      }),
      RUNS,
    )
  })

  test("works on a stretch of a larger buffer and never looks beyond it", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, anyBytes, (before, bytes, after) => {
        const all = Buffer.concat([before, bytes, after])
        const end = before.length + bytes.length
        expect(textOfBytes(all, before.length, end)).toBe(textOfBytes(bytes))
        const target = Buffer.alloc(bytes.length * 4 + 1, 0xee)
        const written = escapeText(all, before.length, end, target, 1)
        expect(target.toString("utf8", 1, written)).toBe(textOfBytes(bytes))
        expect(target[0]).toBe(0xee)
      }),
      RUNS,
    )
  })

  test("examples", () => {
    const cases: [string, string][] = [
      ["61ff62", "a\\xFFb"],
      ["00", "\\x00"],
      ["5c783030", "\\x5Cx00"],
      ["5c786666", "\\xff"],
      ["5c783431", "\\x41"],
      ["5c5c783830", "\\\\x5Cx80"],
      ["5c78", "\\x"],
      ["eda080", "\\xED\\xA0\\x80"],
      ["efbbbf41", "\ufeffA"],
      ["f09f9880", "😀"],
    ]
    for (const [hex, text] of cases) expect(textOfBytes(Buffer.from(hex, "hex"))).toBe(text)
  })
})

test("utf8Length accepts one character exactly where a strict decoder does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4 }), (bytes) => {
      const length = utf8Length(bytes, 0, bytes.length)
      const accepted = [1, 2, 3, 4].filter(
        (count) => count <= bytes.length && isUtf8(bytes.subarray(0, count)),
      )
      expect(length).toBe(accepted[0] ?? 0)
    }),
    RUNS,
  )
})

test("plainLength tells a character that stays from a byte that is escaped", () => {
  const bytes = Buffer.from([0x61, 0, 0xff, 0xc3, 0xa9, 0x5c, 0x78, 0x38, 0x30, 0x5c])
  const lengths = [0, 1, 2, 3, 5, 9].map((at) => plainLength(bytes, at, bytes.length))
  expect(lengths).toEqual([1, 0, 0, 2, 0, 1])
})
