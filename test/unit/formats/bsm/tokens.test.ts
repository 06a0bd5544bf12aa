/** Every token in every width, from bytes to JSON, alone and with neighbours; and every header. */
import { describe, expect, it } from "vitest"
import { TOKEN_LAYOUTS } from "../../../../src/formats/bsm/layout.ts"
import { EVERY_TOKEN, RAW_TOKENS } from "../../../bsm-writer/every-token.ts"
import { record, SECOND } from "../../../bsm-writer/record.ts"
import { returns32, sequence, sockinet128, text } from "../../../bsm-writer/tokens.ts"
import { readTrail, type TokenJson } from "./read-trail.ts"

function tokensOf(bytes: Buffer): readonly TokenJson[] {
  const { records, problems } = readTrail(bytes)
  expect(problems.filter(({ severity }) => severity !== "info")).toEqual([])
  expect(records).toHaveLength(1)
  return records[0]?.tokens ?? []
}

describe("tokens", () => {
  it.each(EVERY_TOKEN.map(({ bytes, json }) => [json.token, bytes, json] as const))(
    "%s",
    (_, bytes, json) => {
      const tokens = tokensOf(record(0, [text("before"), bytes, text("after")]))
      expect(tokens.slice(1, -1)).toEqual([
        { token: "text", text: "before" },
        json,
        { token: "text", text: "after" },
      ])
      // Fields come in the order of the record.
      expect(Object.keys(tokens[2] ?? {})).toEqual(Object.keys(json))
    },
  )

  it("has a sample of every layout", () => {
    const sampled = new Set(EVERY_TOKEN.map(({ json }) => json.token))
    const frame = /^(?:header|trailer)/
    const missing = TOKEN_LAYOUTS.map(({ name }) => name).filter(
      (name) => !sampled.has(name) && !frame.test(name),
    )
    expect(missing).toEqual([])
  })

  it.each(RAW_TOKENS.map(({ bytes, json }) => [bytes.toString("hex", 0, 1), bytes, json] as const))(
    "keeps token 0x%s raw, up to the trailer",
    (_, bytes, json) => {
      const behind = text("behind")
      const tokens = tokensOf(record(0, [text("before"), bytes, behind]))
      const hex = `${String(json.hex)}${behind.toString("hex")}`
      expect(tokens.map(({ token }) => token)).toEqual(["header32", "text", "raw", "trailer"])
      expect(tokens[2]).toEqual({ ...json, hex })
    },
  )

  it("reads all of them in one record", () => {
    const bytes = record(
      0,
      EVERY_TOKEN.map((one) => one.bytes),
    )
    expect(tokensOf(bytes).slice(1, -1)).toEqual(EVERY_TOKEN.map(({ json }) => json))
  })
})

describe("headers", () => {
  const start = { version: 11, event: 23, modifier: 0x8000 }
  const time = { sec: SECOND, msec: 37 }
  it.each([
    ["header32", {}, { size: 31, ...start, ...time }],
    ["header32_ex", { host: "192.0.2.7" }, { size: 39, ...start, addr_type: 4, host: "192.0.2.7", ...time }],
    [
      "header32_ex",
      { host: "2001:db8::7" },
      { size: 51, ...start, addr_type: 16, host: "2001:db8::7", ...time },
    ],
    ["header64", { isWide: true }, { size: 39, ...start, ...time }],
    [
      "header64_ex",
      { isWide: true, host: "192.0.2.7" },
      { size: 47, ...start, addr_type: 4, host: "192.0.2.7", ...time },
    ],
    [
      "header64_ex",
      { isWide: true, host: "2001:db8::7" },
      { size: 59, ...start, addr_type: 16, host: "2001:db8::7", ...time },
    ],
  ])("%s %o", (token, head, fields) => {
    const bytes = record(23, [returns32()], { ...head, modifier: 0x8000 })
    const { records, problems } = readTrail(bytes)
    expect(problems).toEqual([])
    expect(records[0]?.tokens[0]).toEqual({ token, ...fields })
    expect(records[0]?.time).toBe("2023-11-14T22:13:20.037Z")
    expect(records[0]?.tokens.at(-1)).toEqual({ token: "trailer", magic: 0xb105, count: bytes.length })
  })

  it("reads an address of no known type as none", () => {
    const bytes = record(23, [], { host: "192.0.2.7" })
    bytes.writeUInt32BE(5, 10)
    const tokens = readTrail(bytes).records[0]?.tokens
    expect(tokens?.[0]).toMatchObject({ token: "header32_ex", addr_type: 5, host: "" })
  })

  it.each([
    [{ second: 2n ** 33n, isWide: true }, "2242-03-16T12:56:32.037Z"],
    [{ second: 2n ** 60n, isWide: true }, null],
    [{ second: 0, msec: 0 }, "1970-01-01T00:00:00.000Z"],
    [{ version: 2, msec: 123_456_789 }, "2023-11-14T22:13:20.123456789Z"],
    [{ msec: 4_000_000_000 }, "2023-11-14T22:13:20Z"],
  ])("gives the time of %o", (head, time) => {
    expect(readTrail(record(23, [], head)).records[0]?.time).toBe(time)
  })
})

describe("what is not of the bytes alone", () => {
  it("puts right the ports of IPv6 addresses that macOS swaps, and shows what is stored", () => {
    const bytes = record(32, [sockinet128("2001:db8::1", 0xbb01)])
    const macos = readTrail(bytes, { platform: "macos" }).records[0]?.tokens[1]
    expect(macos).toEqual({
      token: "sockinet128",
      family: 26,
      port: 443,
      addr: "2001:db8::1",
      port_stored: 0xbb01,
    })
    const freebsd = readTrail(bytes, { platform: "freebsd" }).records[0]?.tokens[1]
    expect(freebsd).toEqual({ token: "sockinet128", family: 26, port: 0xbb01, addr: "2001:db8::1" })
  })

  it.each([
    ["macos", "AUE_CLONEFILEAT"],
    ["freebsd", "AUE_PREADV"],
    ["unknown", "AUE_PREADV|AUE_CLONEFILEAT"],
  ] as const)("names event 43210 of %s %s", (platform, type) => {
    expect(readTrail(record(43_210, []), { platform }).records[0]?.type).toBe(type)
  })

  it("gives the number of an event without a name, and of a sequence token", () => {
    expect(readTrail(record(65_535, [sequence(7)])).records[0]).toMatchObject({ type: "65535", id: 7 })
  })
})
