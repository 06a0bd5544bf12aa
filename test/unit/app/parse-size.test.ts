import { describe, expect, it } from "vitest"
import { UsageError } from "../../../src/app/errors.ts"
import { parseSize } from "../../../src/app/parse-size.ts"

describe("a size", () => {
  it.each([
    ["0", 0],
    ["1", 1],
    ["12b", 12],
    ["8MiB", 8_388_608],
    ["64KiB", 65_536],
    ["1GiB", 1_073_741_824],
    ["100MB", 100_000_000],
    ["2kB", 2000],
    ["3k", 3072],
    ["1.5m", 1_572_864],
    [" 4 GB ", 4_000_000_000],
  ])("%s is %i bytes", (text, bytes) => {
    expect(parseSize(text, "--raw-size")).toBe(bytes)
  })

  it.each(["", "MiB", "-1", "1e3", "1TiB", "0x10", "1..5k", "1,5k", "9999999999GiB", "8 M i B"])(
    "%j is none",
    (text) => {
      expect(() => parseSize(text, "--raw-size")).toThrow(UsageError)
      expect(() => parseSize(text, "--raw-size")).toThrow(`--raw-size ${text} is no size`)
    },
  )
})
