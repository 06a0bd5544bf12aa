import { expect, test } from "vitest"
import { RawBytes, StringBytes } from "../../../src/rows/text-source.ts"

test("the view is always that of the bytes, however buffers alternate", () => {
  const buffers = ["first", "second", "third"].map((text) => Buffer.from(text))
  const source = new RawBytes()
  for (const index of [0, 1, 0, 1, 2, 1, 2, 0, 0, 2]) {
    const bytes = buffers[index] as Buffer
    source.load(bytes)
    expect(source.bytes).toBe(bytes)
    expect(source.view.byteLength).toBe(bytes.length)
    expect(source.view.getUint8(0)).toBe(bytes[0])
  }
  source.clear()
  source.load(Buffer.from("x"))
  expect(source.view.getUint8(0)).toBe(0x78)
})

test("strings of every length around the short cut, ASCII and not, become their UTF-8", () => {
  const source = new StringBytes()
  for (const unit of ["a", "é", "😀", "aé"]) {
    for (const count of [0, 1, 12, 24, 47, 48, 49, 200, 500_000, 3]) {
      const text = unit.repeat(count)
      source.load(text)
      expect(Buffer.from(source.bytes.subarray(0, source.length)).toString("utf8")).toBe(text)
      if (count === 500_000) source.clear()
    }
  }
  expect(source.bytes.length).toBeLessThan(10_000)
})
