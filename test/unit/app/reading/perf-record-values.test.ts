import fc from "fast-check"
import { expect, it } from "vitest"
import { writeJsonInteger } from "../../../../src/app/reading/perf-record-values.ts"
import { viewOf } from "../../../../src/base/growing-bytes.ts"

const LARGEST = 1n << 53n

function write(value: bigint, isUnsigned: boolean): string {
  const bytes = Buffer.alloc(40)
  const high = Number(BigInt.asIntN(32, value >> 32n))
  const low = Number(BigInt.asIntN(32, value))
  return bytes.latin1Slice(0, writeJsonInteger(viewOf(bytes), 0, isUnsigned, high, low))
}

function expected(value: bigint): string {
  return value < LARGEST && value > -LARGEST ? String(value) : `"${value}"`
}

it("writes 64 bits exactly, in quotes where a double would not hold them", () => {
  const near = fc
    .tuple(
      fc.constantFrom(0n, 1n << 31n, 1n << 32n, LARGEST, (1n << 63n) - 3n),
      fc.bigInt({ min: -3n, max: 2n }),
    )
    .map(([middle, more]) => middle + more)
  const positive = fc.oneof(near, fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }))
  fc.assert(
    fc.property(positive, (value) => {
      expect(write(value, false)).toBe(expected(value))
      expect(write(-value, false)).toBe(expected(-value))
      const unsigned = BigInt.asUintN(64, -value)
      expect(write(unsigned, true)).toBe(expected(unsigned))
    }),
    { numRuns: 2000 },
  )
})
