import fc from "fast-check"
import { expect, test } from "vitest"
import { varintLength, writeVarint } from "../../../src/rows/varint.ts"

function read(bytes: Uint8Array): { value: bigint; length: number } {
  let value = 0n
  for (const [index, byte] of bytes.entries()) {
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) return { value, length: index + 1 }
  }
  return { value, length: -1 }
}

test("any number reads back and has the announced length", () => {
  const edges = fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28 - 1, 2 ** 35, 2 ** 53)
  fc.assert(
    fc.property(fc.oneof(edges, fc.maxSafeNat()), (value) => {
      const target = Buffer.alloc(9)
      const end = writeVarint(target, 0, value)
      expect(read(target)).toEqual({ value: BigInt(value), length: end })
      expect(varintLength(value)).toBe(end)
    }),
    { numRuns: 2000 },
  )
})
