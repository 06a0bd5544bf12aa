import fc from "fast-check"
import { expect, test } from "vitest"
import { INTEGER_BYTES, writeInteger, writeInteger64 } from "../../../src/base/decimal.ts"

const target = Buffer.alloc(INTEGER_BYTES + 1)
const view = new DataView(target.buffer, target.byteOffset, target.length)

function digits(value: number): string {
  return target.toString("latin1", 1, writeInteger(view, 1, value))
}

function digits64(value: bigint): string {
  const end = writeInteger64(view, 1, Number(value >> 32n), Number(BigInt.asUintN(32, value)))
  return target.toString("latin1", 1, end)
}

test("integers within 2^53, with all powers of ten, two and multiples of 10^9 on both sides", () => {
  const values = [0, -0]
  for (let power = 0; power < 16; power++) values.push(10 ** power)
  for (let power = 0; power < 53; power++) values.push(2 ** power)
  for (const multiple of [1, 2, 9, 8_388_608, 9_007_198, 9_007_199]) values.push(multiple * 1e9)
  for (const value of values) {
    for (const near of [value - 1, value, value + 1, -value, -value - 1, -value + 1]) {
      expect(digits(near)).toBe(BigInt(near).toString())
    }
  }
  expect(digits(2 ** 53)).toBe("9007199254740992")
})

test("any integer within 2^53", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(digits(value)).toBe(String(value))
    }),
    {
      numRuns: 2000,
    },
  )
})

test("any 64-bit integer, dense around multiples of 10^9 and of 2^16", () => {
  const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  const near = fc
    .tuple(fc.bigInt({ min: -9_223_372_036n, max: 9_223_372_036n }), fc.bigInt({ min: -2n, max: 2n }))
    .map(([billions, step]) => BigInt.asIntN(64, billions * 1_000_000_000n + step))
  const round = fc
    .tuple(fc.bigInt({ min: -(2n ** 47n), max: 2n ** 47n - 1n }), fc.bigInt({ min: -2n, max: 2n }))
    .map(([units, step]) => BigInt.asIntN(64, units * 65_536n + step))
  const edges = fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), -(2n ** 32n), 2n ** 53n, -(2n ** 53n) - 1n)
  fc.assert(
    fc.property(fc.oneof(any, near, round, edges), (value) => {
      expect(digits64(value)).toBe(value.toString())
    }),
    { numRuns: 5000 },
  )
})

test("any unsigned 64-bit integer", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const end = writeInteger64(view, 1, Number(value >> 32n), Number(value & 0xffff_ffffn))
      expect(target.toString("latin1", 1, end)).toBe(value.toString())
    }),
    { numRuns: 5000 },
  )
})
