/** Bytes and text of values, against pairs that are known from elsewhere. */
import { expect, it } from "vitest"
import {
  ansi,
  bool,
  filetime,
  guid,
  int8,
  list,
  type PlainValue,
  real32,
  sid,
  sizeT,
  systemtime,
  ticksOf,
  typeOf,
  unicode,
} from "../../evtx-writer/value.ts"

const CASES: readonly (readonly [string, PlainValue, string, string])[] = [
  [
    "guid",
    guid("{54849625-5478-4994-A5BA-3E3B0328C30D}"),
    "25968454785494 49a5ba3e3b0328c30d",
    "{54849625-5478-4994-A5BA-3E3B0328C30D}",
  ],
  ["sid", sid("S-1-5-32-544"), "0102 000000000005 20000000 20020000", "S-1-5-32-544"],
  ["large authority", sid("S-1-65536"), "0100 000000010000", "S-1-65536"],
  ["filetime", filetime("1970-01-01T00:00:00.0000000Z"), "00803ed5deb19d01", "1970-01-01T00:00:00.0000000Z"],
  [
    "systemtime",
    systemtime("2026-01-02T03:04:05.678Z"),
    "ea07 0100 0500 0200 0300 0400 0500 a602",
    "2026-01-02T03:04:05.678Z",
  ],
  ["no systemtime", systemtime(""), "00".repeat(16), "1601-01-01T00:00:00.000Z"],
  ["negative", int8(-2), "fe", "-2"],
  ["short sizeT", sizeT(0x1000n, 4), "00100000", "0x1000"],
  ["odd bool", bool(true, 0xff00), "00ff0000", "true"],
  ["real32", real32(3199.234), "bef34745", "3199.234"],
  ["ansi", ansi(Buffer.from("80e40041", "hex")), "80e40041", "€äA"],
  ["half of a pair", unicode("a\ud800"), "610000d8", "a\ufffd"],
]

it.each(CASES)("%s", (_, value, bytes, text) => {
  expect(value.bytes.toString("hex")).toBe(bytes.replaceAll(" ", ""))
  expect(value.text).toBe(text)
})

it("counts ticks beyond what a double holds", () => {
  expect(ticksOf("2026-01-02T03:04:05.1234567Z")).toBe(134_117_966_451_234_567n)
})

it("makes a list of one type only", () => {
  expect(typeOf(list([unicode("a")]))).toBe(0x81)
  expect(() => list([unicode("a"), int8(1)])).toThrow("one type")
})
