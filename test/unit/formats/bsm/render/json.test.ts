/** Tokens of every layout with any values, written to bytes here and read back from the JSON that they become. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import { formatIpv4, formatIpv6 } from "../../../../../src/base/ip-text.ts"
import {
  type FieldType,
  TOKEN,
  TOKEN_LAYOUTS,
  type TokenLayout,
} from "../../../../../src/formats/bsm/layout.ts"
import { BsmRecord } from "../../../../../src/formats/bsm/record.ts"
import { TokensJson } from "../../../../../src/formats/bsm/render/json.ts"
import type { BsmPlatform } from "../../../../../src/formats/bsm/tables/events.ts"
import { errnoName } from "../../../../../src/formats/bsm/tables/names.ts"
import { swapPort } from "../../../../../src/formats/bsm/tokens/socket.ts"

type Entry = readonly [key: string, value: unknown]

/** A token's bytes behind its id, and the members of its object. */
interface Sample {
  readonly bytes: Buffer
  readonly entries: readonly Entry[]
}

const uint = (bits: number) =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }),
    fc.constantFrom(0n, 1n, 2n ** BigInt(bits) - 1n),
  )
// No backslash: how one is told from an escape is tested with the text form.
const words = fc.string({ unit: fc.constantFrom(...'abcdefg/.-_ "{}é€😀\n\t'), maxLength: 40 })
const raw = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((all) => Buffer.from(all))
const addressBytes = (length: number) =>
  fc
    .array(fc.constantFrom(0, 0, 1, 10, 99, 100, 255), { minLength: length, maxLength: length })
    .map(Buffer.from)

function number(bits: number, value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(bits / 4, "0"), "hex")
}

function addressText(bytes: Buffer): string {
  return bytes.length === 4 ? formatIpv4(bytes, 0) : bytes.length === 16 ? formatIpv6(bytes, 0) : ""
}

function str16(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`)
  return Buffer.concat([number(16, BigInt(bytes.length)), bytes])
}

function sizedList(bits: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([number(bits, BigInt(items.length)), ...items])
}

function fieldOf(name: string, type: FieldType, width: number): fc.Arbitrary<Sample> {
  const one = (bytes: Buffer, value: unknown): Sample => ({ bytes, entries: [[name, value]] })
  const address = (length: number) => addressBytes(length).map((bytes) => one(bytes, addressText(bytes)))
  switch (type) {
    case "u8":
    case "u16":
    case "u32":
    case "u64": {
      const bits = Number(type.slice(1))
      return uint(bits).map((value) =>
        one(number(bits, value), value < 2n ** 53n ? Number(value) : String(value)),
      )
    }
    case "ip4":
      return address(4)
    case "ip6":
      return address(16)
    case "addr":
    case "host":
      return address(width)
    case "uuid":
      return raw(16).map((bytes) =>
        one(bytes, bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")),
      )
    case "str16":
      return words.map((text) => one(str16(text), text))
    case "blob16":
      return fc.uint8Array({ maxLength: 40 }).map((bytes) =>
        one(
          sizedList(
            16,
            Array.from(bytes, (byte) => Buffer.of(byte)),
          ),
          Buffer.from(bytes).toString("hex"),
        ),
      )
    default:
      return listOf(name, type)
  }
}

function listOf(name: string, type: FieldType): fc.Arbitrary<Sample> {
  const ids = (items: readonly bigint[]) => items.map((id) => number(32, id))
  switch (type) {
    case "strings":
      return fc.array(words, { maxLength: 4 }).map((texts) => ({
        bytes: sizedList(
          32,
          texts.map((text) => Buffer.from(`${text}\0`)),
        ),
        entries: [
          ["count", texts.length],
          ["strings", texts],
        ],
      }))
    case "texts16":
      return fc
        .array(words, { maxLength: 4 })
        .map((texts) => ({ bytes: sizedList(16, texts.map(str16)), entries: [[name, texts]] }))
    case "ids16":
      return fc
        .array(uint(32), { maxLength: 4 })
        .map((items) => ({ bytes: sizedList(16, ids(items)), entries: [[name, items.map(Number)]] }))
    case "ids":
      return fc
        .array(uint(32), { minLength: 16, maxLength: 16 })
        .map((items) => ({ bytes: Buffer.concat(ids(items)), entries: [[name, items.map(Number)]] }))
    case "path108":
      return words.map((text) => ({ bytes: Buffer.from(`${text}\0`), entries: [[name, text]] }))
    default:
      return fc.tuple(uint(8), fc.uint8Array({ maxLength: 20 })).map(([print, bytes]) => ({
        bytes: Buffer.concat([number(8, print), Buffer.of(0, bytes.length), bytes]),
        entries: [
          ["print", Number(print)],
          ["unit", 0],
          ["count", bytes.length],
          ["hex", Buffer.from(bytes).toString("hex")],
        ],
      }))
  }
}

/** The addresses of a token are as wide as the field before them says. */
function sampleOf({ id, name, fields }: TokenLayout, width: 4 | 16): fc.Arbitrary<Sample> {
  const hasAddress = fields.some(({ type }) => type === "addr" || type === "host")
  const typeName = fields.findLast(({ name: of }) => of.endsWith("type"))?.name
  const parts = fields.map(({ name: of, type }) => {
    if (!hasAddress || of !== typeName) return fieldOf(of, type, width)
    const bits = Number(type.slice(1))
    return fc.constant<Sample>({ bytes: number(bits, BigInt(width)), entries: [[of, width]] })
  })
  return fc.tuple(...parts).map((all) => ({
    bytes: Buffer.concat([Buffer.of(id), ...all.map(({ bytes }) => bytes)]),
    entries: [["token", name] as const, ...all.flatMap(({ entries }) => entries)],
  }))
}

function expectedOf({ bytes, entries }: Sample, platform: BsmPlatform): string {
  const members = Object.fromEntries(entries)
  const { status, port } = members
  const id = bytes[0]
  const error = typeof status === "number" && status > 0 ? errnoName(status) : undefined
  if ((id === TOKEN.return32 || id === TOKEN.return64) && error !== undefined) members.error = error
  if (id === TOKEN.sockinet128 && platform === "macos" && typeof port === "number") {
    members.port = swapPort(port)
    members.port_stored = port
  }
  return JSON.stringify(members)
}

function render(json: TokensJson, samples: readonly Sample[], platform: BsmPlatform): string {
  const record = new BsmRecord()
  const bytes = Buffer.concat(samples.map((sample) => sample.bytes))
  record.begin(bytes, 0, bytes.length, 0)
  let at = 0
  for (const { bytes: token } of samples) {
    record.add(token[0] as number, at + 1, at + token.length)
    at += token.length
  }
  const out = new GrowingBytes(0)
  json.render(record, platform, out)
  return out.bytes.utf8Slice(0, out.used)
}

const sample = fc
  .tuple(fc.constantFrom(...TOKEN_LAYOUTS), fc.constantFrom(4 as const, 16 as const))
  .chain(([layout, width]) => sampleOf(layout, width))
const platforms = fc.constantFrom<BsmPlatform>("macos", "freebsd", "solaris", "unknown")

describe("the JSON of tokens", () => {
  it.each(TOKEN_LAYOUTS.map((layout) => [layout.name, layout] as const))("%s", (_name, layout) => {
    const json = new TokensJson()
    const any = fc.constantFrom(4 as const, 16 as const).chain((width) => sampleOf(layout, width))
    fc.assert(
      fc.property(any, platforms, (one, platform) => {
        const text = render(json, [one], platform)
        expect(JSON.stringify(JSON.parse(text))).toBe(`[${expectedOf(one, platform)}]`)
      }),
      { numRuns: 200 },
    )
  })

  it("is the same again, whatever was written meanwhile", () => {
    const json = new TokensJson()
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 8 }), platforms, (samples, platform) => {
        const expected = `[${samples.map((one) => expectedOf(one, platform)).join(",")}]`
        const twice = [render(json, samples, platform), render(json, samples, platform)]
        for (const text of twice) expect(JSON.stringify(JSON.parse(text))).toBe(expected)
        expect(twice[1]).toBe(twice[0])
        expect(render(new TokensJson(), samples, platform)).toBe(twice[0])
      }),
    )
  })
})
