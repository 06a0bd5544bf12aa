import { describe, expect, it } from "vitest"
import { chunk, file, templateRecord, u16, u32, u64, utf16, type Value, type Xml } from "./build-chunk.ts"
import { readEvtx } from "./read-evtx.ts"

/** XML of one record whose root `Event` holds what `build` makes. */
function xmlOf(build: (xml: Xml) => void, values: readonly Value[]): string {
  const whole = (xml: Xml): void => {
    xml.open("Event").body()
    build(xml)
    xml.close()
  }
  const { events, problems } = readEvtx(file([chunk([(at) => templateRecord(at, whole, values)])]))
  expect(problems).toEqual([])
  return (events[0]?.xml ?? "").replace(/^<Event\/>$|^<Event>|<\/Event>$/g, "")
}

const one = (type: number, bytes: Buffer): string =>
  xmlOf((xml) => xml.open("V").body().slot(0, type).close(), [{ type, bytes }])

const SID = Buffer.concat([Buffer.from([1, 2, 0, 0, 0, 0, 0, 5]), u32(32), u32(4_294_967_295)])
const GUID = Buffer.from("00112233445566778899aabbccddeeff", "hex")
const real32 = (value: number): Buffer => Buffer.from(Float32Array.of(value).buffer)
const real64 = (value: number): Buffer => Buffer.from(Float64Array.of(value).buffer)
const FILETIME = 132_012_345_678_901_234n
const UNIX_EPOCH_MS = 11_644_473_600_000
const LEAP_DAY = BigInt(Date.UTC(2000, 2, 1) + UNIX_EPOCH_MS) * 10_000n - 1n
/** By way of Date, for times of whole milliseconds and some digits more. */
const isoOf = (ticks: bigint): string =>
  new Date(Number(ticks / 10_000n) - UNIX_EPOCH_MS)
    .toISOString()
    .replace("Z", `${String(ticks % 10_000n).padStart(4, "0")}Z`)

describe("values", () => {
  it.each<[string, number, Buffer, string]>([
    ["a string", 0x01, utf16("grüße 😀"), "grüße 😀"],
    ["a string cut at its NUL", 0x01, utf16("abc\0def"), "abc"],
    ["half a pair", 0x01, Buffer.concat([utf16("a"), u16(0xd800), utf16("b")]), "a\ufffdb"],
    ["a lone low half", 0x01, u16(0xdc00), "\ufffd"],
    ["half a pair at the end", 0x01, Buffer.concat([utf16("a"), u16(0xdbff)]), "a\ufffd"],
    ["a string of odd size", 0x01, Buffer.concat([utf16("ab"), Buffer.from([0x63])]), "ab"],
    ["markup", 0x01, utf16(`<a href="x">&'`), `&lt;a href="x"&gt;&amp;'`],
    [
      "control characters",
      0x01,
      utf16("a\u0001\u001b[2J\t\r\n\u007f\uffff"),
      "a\ufffd\ufffd[2J\t\r\n\u007f\ufffd",
    ],
    ["ANSI", 0x02, Buffer.from([0x41, 0x80, 0xe9, 0]), "A€é"],
    ["Int8", 0x03, Buffer.from([0x80]), "-128"],
    ["UInt8", 0x04, Buffer.from([0xff]), "255"],
    ["Int16", 0x05, u16(0xfffe), "-2"],
    ["UInt16", 0x06, u16(65_535), "65535"],
    ["Int32", 0x07, u32(0x8004_0005), "-2147221499"],
    ["UInt32", 0x08, u32(4_294_967_295), "4294967295"],
    ["Int64", 0x09, u64(0x8000_0000_0000_0000n), "-9223372036854775808"],
    ["Int64 of -4294967296", 0x09, u64(0xffff_ffff_0000_0000n), "-4294967296"],
    ["Int64 of -1", 0x09, u64(0xffff_ffff_ffff_ffffn), "-1"],
    ["UInt64", 0x0a, u64(0xffff_ffff_ffff_ffffn), "18446744073709551615"],
    ["UInt64 beyond a double", 0x0a, u64(9_007_199_254_740_993n), "9007199254740993"],
    ["UInt64 of 2^53 - 1", 0x0a, u64(9_007_199_254_740_991n), "9007199254740991"],
    ["Real32", 0x0b, real32(3199.234), "3199.234"],
    ["a small Real32", 0x0b, real32(0.1), "0.1"],
    ["Real64", 0x0c, real64(-0.30000000000000004), "-0.30000000000000004"],
    ["Bool", 0x0d, u32(1), "true"],
    ["an irregular Bool", 0x0d, u32(0x4c00), "true"],
    ["a false Bool", 0x0d, u32(0), "false"],
    ["Binary", 0x0e, Buffer.from([0, 0xab, 0x1f]), "00AB1F"],
    ["GUID", 0x0f, GUID, "{33221100-5544-7766-8899-AABBCCDDEEFF}"],
    ["SizeT of 32 bits", 0x10, u32(0x1000), "0x1000"],
    ["SizeT of 64 bits", 0x10, u64(0x7ff6_0000_1000n), "0x7ff600001000"],
    ["FILETIME", 0x11, u64(FILETIME), isoOf(FILETIME)],
    ["FILETIME of a leap day", 0x11, u64(LEAP_DAY), "2000-02-29T23:59:59.9999999Z"],
    ["FILETIME of zero", 0x11, u64(0n), "1601-01-01T00:00:00.0000000Z"],
    [
      "SYSTEMTIME",
      0x12,
      Buffer.concat([2019, 4, 2, 30, 19, 30, 24, 66].map(u16)),
      "2019-04-30T19:30:24.066Z",
    ],
    ["SYSTEMTIME of zero", 0x12, Buffer.alloc(16), "1601-01-01T00:00:00.000Z"],
    ["SID", 0x13, SID, "S-1-5-32-4294967295"],
    ["HexInt32", 0x14, u32(0xc000_006d), "0xc000006d"],
    ["HexInt32 of zero", 0x14, u32(0), "0x0"],
    ["HexInt64", 0x15, u64(0x8020_0000_0000_0000n), "0x8020000000000000"],
    ["HexInt64 of one", 0x15, u64(0x1_0000_0000n), "0x100000000"],
  ])("prints %s", (_title, type, bytes, expected) => {
    expect(one(type, bytes)).toBe(`<V>${expected}</V>`)
  })

  it("prints a FILETIME of any day as Date does", () => {
    for (let day = 0; day < 300_000; day += 9700) {
      const ticks = BigInt(day) * 864_000_000_000n + BigInt((day * 7919) % 86_400_000) * 10_000n
      expect(one(0x11, u64(ticks))).toBe(`<V>${isoOf(ticks)}</V>`)
    }
  })

  it.each<[string, number, Buffer, readonly string[]]>([
    ["strings", 0x81, utf16("a\0\0bc\0"), ["a", "", "bc"]],
    ["strings without a last NUL", 0x81, utf16("a\0b"), ["a", "b"]],
    ["ANSI strings", 0x82, Buffer.from("x\0yz\0", "latin1"), ["x", "yz"]],
    ["Int8", 0x83, Buffer.from([1, 0xff]), ["1", "-1"]],
    ["UInt8", 0x84, Buffer.from([1, 2]), ["1", "2"]],
    ["Int16", 0x85, Buffer.concat([u16(1), u16(0xffff)]), ["1", "-1"]],
    ["UInt16", 0x86, Buffer.concat([u16(1), u16(2)]), ["1", "2"]],
    ["Int32", 0x87, u32(7), ["7"]],
    ["UInt32", 0x88, Buffer.concat([u32(1), u32(2), u32(3)]), ["1", "2", "3"]],
    ["Int64", 0x89, u64(3n), ["3"]],
    ["UInt64", 0x8a, Buffer.concat([u64(1n), u64(2n)]), ["1", "2"]],
    ["Real32", 0x8b, Buffer.concat([real32(0.5), real32(1.5)]), ["0.5", "1.5"]],
    ["Real64", 0x8c, real64(0.5), ["0.5"]],
    ["Bool", 0x8d, Buffer.concat([u32(1), u32(0)]), ["true", "false"]],
    ["GUID", 0x8f, Buffer.concat([GUID, GUID]), Array(2).fill("{33221100-5544-7766-8899-AABBCCDDEEFF}")],
    ["SizeT", 0x90, Buffer.concat([u64(1n), u64(2n)]), ["0x1", "0x2"]],
    ["FILETIME", 0x91, Buffer.concat([u64(0n), u64(0n)]), Array(2).fill("1601-01-01T00:00:00.0000000Z")],
    ["SYSTEMTIME", 0x92, Buffer.alloc(32), Array(2).fill("1601-01-01T00:00:00.000Z")],
    ["SID", 0x93, Buffer.concat([SID, SID]), Array(2).fill("S-1-5-32-4294967295")],
    ["HexInt32", 0x94, Buffer.concat([u32(10), u32(11)]), ["0xa", "0xb"]],
    ["HexInt64", 0x95, Buffer.concat([u64(10n), u64(11n)]), ["0xa", "0xb"]],
    ["nothing", 0x81, Buffer.alloc(0), [""]],
  ])("repeats the element for an array of %s", (_title, type, bytes, items) => {
    const element = (text: string): string => (text === "" ? '<V Name="x"/>' : `<V Name="x">${text}</V>`)
    const build = (xml: Xml): unknown =>
      xml
        .open("V", true)
        .attribute("Name")
        .text("x")
        .body()
        .slot(0, type & 0x7f)
        .close()
    expect(xmlOf(build, [{ type, bytes }])).toBe(items.map(element).join(""))
  })

  it("repeats inside a repetition when an element has two arrays", () => {
    const build = (xml: Xml): unknown =>
      xml.open("V", true).attribute("a").slot(0, 1).body().slot(1, 8).close()
    const values = [
      { type: 0x81, bytes: utf16("x\0y\0") },
      { type: 0x88, bytes: Buffer.concat([u32(1), u32(2)]) },
    ]
    expect(xmlOf(build, values)).toBe('<V a="x">1</V><V a="x">2</V><V a="y">1</V><V a="y">2</V>')
  })
})

describe("what has no value", () => {
  const NULL = { type: 0, bytes: Buffer.alloc(0) }

  it("takes an optional NULL and the element around it out, and keeps a normal one empty", () => {
    const element = (isOptional: boolean) => (xml: Xml) =>
      xml.open("D", true).attribute("Name").text("x").body().slot(0, 1, isOptional).close()
    expect(xmlOf(element(true), [NULL])).toBe("")
    expect(xmlOf(element(false), [NULL])).toBe('<D Name="x"/>')
    expect(xmlOf(element(true), [{ type: 1, bytes: Buffer.alloc(0) }])).toBe('<D Name="x"/>')
    expect(xmlOf(element(true), [])).toBe("")
  })

  it("takes an attribute with an optional NULL out, and keeps a normal one empty", () => {
    const element = (isOptional: boolean) => (xml: Xml) =>
      xml.open("D", true).attribute("a").slot(0, 1, isOptional).attribute("b").text("y").raw(0x03)
    expect(xmlOf(element(true), [NULL])).toBe('<D b="y"/>')
    expect(xmlOf(element(false), [NULL])).toBe('<D a="" b="y"/>')
  })

  it("keeps an element that has more than the NULL in it", () => {
    const build = (xml: Xml): unknown => xml.open("D").body().text("a").slot(0, 1).close()
    expect(xmlOf(build, [NULL])).toBe("<D>a</D>")
  })

  it("leaves out an element that depends on a NULL", () => {
    const build = (xml: Xml): unknown => xml.open("D", false, 0).body().text("a").close()
    expect(xmlOf(build, [NULL])).toBe("")
    expect(xmlOf(build, [{ type: 4, bytes: Buffer.from([1]) }])).toBe("<D>a</D>")
  })
})

describe("tokens that samples lack", () => {
  it.each<[string, (xml: Xml) => unknown, string]>([
    ["CDATA", (xml) => xml.open("D").body().text("a<b", 0x07).close(), "<D>a&lt;b</D>"],
    ["a character reference", (xml) => xml.open("D").body().raw(0x08, u16(0x20ac)).close(), "<D>€</D>"],
    [
      "an entity",
      (xml) => xml.open("D").body().text("a").raw(0x49).name("amp").text("b").close(),
      "<D>a&amp;b</D>",
    ],
    [
      "an entity of its own",
      (xml) => xml.open("D").body().raw(0x09).name("nbsp").close(),
      "<D>&amp;nbsp;</D>",
    ],
    [
      "an instruction",
      (xml) => xml.open("D").body().raw(0x0a).name("go").text("to x", 0x0b).close(),
      "<D><?go to x?></D>",
    ],
    [
      "an attribute in pieces",
      (xml) => xml.open("D", true).attribute("a").text("1").raw(0x48, u16(0x22)).text("2").raw(0x03),
      '<D a="1&quot;2"/>',
    ],
    ["an empty attribute", (xml) => xml.open("D", true).attribute("a").raw(0x03), '<D a=""/>'],
    [
      "text beside an element",
      (xml) => xml.open("D").body().text("a").open("E").raw(0x03).text("b").close(),
      "<D>a<E/>b</D>",
    ],
  ])("reads %s", (_title, build, expected) => {
    expect(xmlOf((xml) => void build(xml), [])).toBe(expected)
  })

  it("puts text and values of one element together", () => {
    const build = (xml: Xml): unknown => xml.open("D").body().text("a=").slot(0, 8).text(";").close()
    expect(xmlOf(build, [{ type: 8, bytes: u32(5) }])).toBe("<D>a=5;</D>")
  })

  it("writes no markup that a name brings along", () => {
    expect(xmlOf((xml) => xml.open("a").body().raw(0x09).name("amp").close(), [])).toBe("<a>&amp;</a>")
    const build = (xml: Xml): void => void xml.open("Event").body().open("x><y z='").raw(0x03).close()
    const { events, problems } = readEvtx(file([chunk([(at) => templateRecord(at, build, [])])]))
    expect(events[0]?.xml).toBe("<Event><x__y_z__/></Event>")
    expect(problems.map(({ code }) => code)).toEqual(["evtx/damaged-name"])
  })
})
