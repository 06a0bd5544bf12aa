/**
 * What the writer writes, libevtx reads with the values that were meant. Where libevtx 20181227 is known to be wrong, or
 * gives up, the case says so and holds it to that.
 */
import { describe, expect, it } from "vitest"
import { event, eventData, payload, record } from "../../evtx-writer/event.ts"
import { evtxFile } from "../../evtx-writer/file.ts"
import { showRecord } from "../../evtx-writer/intended.ts"
import {
  ansi,
  binary,
  bool,
  filetime,
  guid,
  hex32,
  hex64,
  int8,
  int32,
  int64,
  list,
  nothing,
  real32,
  real64,
  sid,
  sizeT,
  systemtime,
  uint8,
  uint16,
  uint32,
  uint64,
  unicode,
  type Value,
} from "../../evtx-writer/value.ts"
import { cdata, character, type Element, element, entity, instruction } from "../../evtx-writer/xml-model.ts"
import { asWindows, HAS_EVTXEXPORT, runEvtxexport } from "./run-evtxexport.ts"

const COMMON = {
  provider: "Demo-Provider",
  providerGuid: "{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}",
  eventId: 7,
  time: "2026-03-04T05:06:07.1234567Z",
  channel: "Demo/Operational",
  computer: "web-1",
}
const TIME = "2026-02-03T04:05:06.7654321Z"
const ID = "{01234567-89AB-CDEF-0123-456789ABCDEF}"

const withValue = (value: Value) => event({ ...COMMON, recordId: 1n, payload: eventData({ Demo: value }) })
const withElement = (...content: Parameters<typeof element>[2][]) => {
  return event({ ...COMMON, recordId: 1n, payload: payload(element("EventData", {}, ...content), []) })
}

const UNDERSTOOD: Readonly<Record<string, Value>> = {
  string: unicode("Grüße & <Zeichen> \u20ac"),
  "empty string": unicode(""),
  ansi: ansi(Buffer.from("plain text\0")),
  int8: int8(127),
  uint8: uint8(255),
  uint16: uint16(65_535),
  int32: int32(2_147_483_647),
  uint32: uint32(4_294_967_295),
  int64: int64(9_223_372_036_854_775_807n),
  uint64: uint64(18_446_744_073_709_551_615n),
  bool: bool(true),
  binary: binary(Buffer.from("00ff10ab", "hex")),
  guid: guid(ID),
  filetime: filetime(TIME),
  systemtime: systemtime("2026-02-03T04:05:06.007Z"),
  sid: sid("S-1-5-21-1111-2222-3333-1001"),
  hex32: hex32(0x5dc),
  hex64: hex64(0x8020000000000000n),
  "array of strings": list([unicode("a"), unicode(""), unicode("c")]),
  "array without items": list([]),
  "array of ansi": list([ansi(Buffer.from("a")), ansi(Buffer.from("b"))]),
  "array of uint8": list([uint8(1), uint8(2)]),
  "array of uint16": list([uint16(1), uint16(2)]),
  "array of uint32": list([uint32(1), uint32(2)]),
  "array of uint64": list([uint64(1n), uint64(2n)]),
  "array of hex32": list([hex32(1), hex32(2)]),
  "array of hex64": list([hex64(1), hex64(2)]),
  "array of guid": list([guid(ID), guid(ID)]),
  "array of filetime": list([filetime(TIME), filetime(TIME)]),
  "array of systemtime": list([
    systemtime("2026-02-03T04:05:06.007Z"),
    systemtime("2026-02-03T04:05:06.008Z"),
  ]),
}

const PRINTED_OTHERWISE: Readonly<Record<string, readonly [Value, string]>> = {
  "negative int32": [int32(-5), "-2147483643"],
  "negative int64": [int64(-7n), "-9223372036854775801"],
  real32: [real32(0.1), "1.000000e-001"],
  real64: [real64(1.5), "1.500000e+000"],
  sizeT: [sizeT(4096n), "4096"],
  "pair of surrogates": [unicode("\u{1f600}"), "\u{1f201}"],
}

const GIVES_UP: Readonly<Record<string, Value>> = {
  "NULL in a normal substitution": nothing,
  "array of sid": list([sid("S-1-5-18"), sid("S-1-5-19")]),
  "array of bool": list([bool(true), bool(false)]),
  "array of sizeT": list([sizeT(5n), sizeT(6n)]),
}

const firstText = (node: Awaited<ReturnType<typeof runEvtxexport>>[number] | undefined): unknown => {
  const [, data] = node?.content ?? []
  const [field] = typeof data === "object" && "content" in data ? data.content : []
  return typeof field === "object" && "content" in field ? field.content[0] : undefined
}

const title = HAS_EVTXEXPORT ? "evtxexport" : "evtxexport (skipped: needs libevtx-utils)"

describe.skipIf(!HAS_EVTXEXPORT)(title, () => {
  it.each(Object.entries(UNDERSTOOD))("reads %s", async (_, value) => {
    const written = withValue(value)
    const [read] = await runEvtxexport(evtxFile({ records: [written] }).bytes)
    expect(read && asWindows(read)).toEqual(showRecord(written.content))
  })

  it.each(Object.entries(PRINTED_OTHERWISE))("prints %s otherwise", async (_, [value, printed]) => {
    const [read] = await runEvtxexport(evtxFile({ records: [withValue(value)] }).bytes)
    expect(firstText(read && asWindows(read))).toBe(printed)
  })

  it.each(Object.entries(GIVES_UP))("does not know %s", async (_, value) => {
    await expect(runEvtxexport(evtxFile({ records: [withValue(value)] }).bytes)).rejects.toThrow("Unable")
  })

  it("reads many records in many chunks, each by its own template", async () => {
    const records = Array.from({ length: 800 }, (_, at) => {
      const fields = { [`Field${at % 17}`]: unicode(`value ${at}`), Number: uint32(at) }
      return event({ ...COMMON, eventId: at, recordId: BigInt(at + 1), payload: eventData(fields) })
    })
    const file = evtxFile({ records })
    expect(new Set(file.records.map((place) => place.chunk)).size).toBeGreaterThan(2)
    const read = await runEvtxexport(file.bytes)
    expect(read.map(asWindows)).toEqual(records.map(({ content }) => showRecord(content)))
  })

  it("reads entities", async () => {
    const written = withElement(element("Data", { Name: "a" }, "x ", entity("lt"), entity("amp"), " y"))
    const [read] = await runEvtxexport(evtxFile({ records: [written] }).bytes)
    expect(read && asWindows(read)).toEqual(showRecord(written.content))
  })

  it("passes over instructions", async () => {
    const written = withElement(instruction("demo", "text"), element("Data", { Name: "a" }, "x"))
    const [read] = await runEvtxexport(evtxFile({ records: [written] }).bytes)
    expect(firstText(read && asWindows(read))).toBe("x")
  })

  it("puts CDATA in the place of its element", async () => {
    const written = withElement(element("Data", { Name: "a" }, cdata("x<y")))
    const [read] = await runEvtxexport(evtxFile({ records: [written] }).bytes)
    expect(read?.content.at(-1)).toMatchObject({ name: "EventData", content: [/x<y/] })
  })

  it.each<[string, Element]>([
    ["character references", element("Data", { Name: "a" }, "x", character(0xe4))],
    ["several texts in one attribute", element("Data", { Name: [cdata("a"), cdata("b")] }, "x")],
  ])("does not know %s", async (_, node) => {
    const written = withElement(node)
    await expect(runEvtxexport(evtxFile({ records: [written] }).bytes)).rejects.toThrow("Unable")
  })

  it("does not know elements outside of a template", async () => {
    const forwarded = record(1n, COMMON.time, [element("Event", { xmlns: "urn:demo" }, element("System"))])
    await expect(runEvtxexport(evtxFile({ records: [forwarded] }).bytes)).rejects.toThrow("Unable")
  })
})
