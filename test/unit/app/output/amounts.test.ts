import { describe, expect, it } from "vitest"
import { countOf, countText, sizeText, timeText } from "../../../../src/app/output/amounts.ts"

describe("amounts", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1 000"],
    [1234567n, "1 234 567"],
  ])("count %s", (count, text) => {
    expect(countText(count)).toBe(text)
  })

  it("agree with their noun", () => {
    expect([countOf(0, "record"), countOf(1, "record"), countOf(1n, "row"), countOf(2000, "row")]).toEqual([
      "0 records",
      "1 record",
      "1 row",
      "2 000 rows",
    ])
  })

  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1023 bytes"],
    [1024, "1.0 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [7.3 * 1024 ** 3, "7.3 GiB"],
    [2 ** 60, "1024.0 PiB"],
  ])("size %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text)
  })

  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [1772338269n, "2026-03-01T04:11:09Z"],
    [-1, "1969-12-31T23:59:59Z"],
    [253402300799, "9999-12-31T23:59:59Z"],
    [253402300800, "@253402300800"],
    [-62167219201, "@-62167219201"],
    [9223372036854775807n, "@9223372036854775807"],
    [Number.NaN, "@NaN"],
  ])("time %s", (seconds, text) => {
    expect(timeText(seconds)).toBe(text)
  })
})
