/** What values can hold: every type, arrays of every type, a script in parts. */
import { eventData, payload } from "../event.ts"
import { demoEvent, powershellEvent, timeAt } from "../events.ts"
import { evtxFile } from "../file.ts"
import * as value from "../value.ts"
import { list, type PlainValue, TYPE, type Value } from "../value.ts"
import { element, slot } from "../xml-model.ts"
import { type EvtxCase, row } from "./case.ts"

const ID = "{01234567-89AB-CDEF-0123-456789ABCDEF}"
const HOW = "written by test/evtx-writer"

/** Two values of every type that text can be made of. */
const SAMPLES: Readonly<Record<string, readonly [PlainValue, PlainValue]>> = {
  UnicodeString: [value.unicode("Grüße & <\u20ac> \u{1f600}"), value.unicode("tab\tand line\r\nend")],
  AnsiString: [value.ansi(Buffer.from("plain")), value.ansi(Buffer.from("80e4f6fc", "hex"))],
  Int8: [value.int8(-128), value.int8(127)],
  UInt8: [value.uint8(0), value.uint8(255)],
  Int16: [value.int16(-32_768), value.int16(32_767)],
  UInt16: [value.uint16(1), value.uint16(65_535)],
  Int32: [value.int32(-2_147_188_641), value.int32(2_147_483_647)],
  UInt32: [value.uint32(0), value.uint32(4_294_967_295)],
  Int64: [value.int64(-(2n ** 63n)), value.int64(2n ** 63n - 1n)],
  UInt64: [value.uint64(2n ** 53n + 1n), value.uint64(2n ** 64n - 1n)],
  Real32: [value.real32(3199.234), value.real32(-0.5)],
  Real64: [value.real64(0.1), value.real64(-12_345.678)],
  Boolean: [value.bool(true), value.bool(false)],
  OddBoolean: [value.bool(true, 0x100), value.bool(true, 0xffffffff)],
  GUID: [value.guid(ID), value.guid("{00000000-0000-0000-0000-000000000000}")],
  SizeT: [value.sizeT(0x7ff6_0000_1000n), value.sizeT(0n)],
  SizeT32: [value.sizeT(0x40_1000n, 4), value.sizeT(0xffff_ffffn, 4)],
  FILETIME: [value.filetime(timeAt(1.1234567)), value.filetime("1601-01-01T00:00:00.0000000Z")],
  SYSTEMTIME: [value.systemtime("2026-03-04T05:06:07.089Z"), value.systemtime("")],
  SID: [value.sid("S-1-5-18"), value.sid("S-1-5-21-4294967295-2222-3333-1001")],
  HexInt32: [value.hex32(0x3e7), value.hex32(0xc000006d)],
  HexInt64: [value.hex64(0), value.hex64(0x8020000000000000n)],
}

const NAMES = Object.keys(SAMPLES)
const pick = (names: readonly string[], make: (pair: readonly [PlainValue, PlainValue]) => Value) =>
  Object.fromEntries(names.map((name) => [name, make(SAMPLES[name] ?? NO_SAMPLE)]))
/** How wide the items are, an array of pointers does not say. */
const LISTED = NAMES.filter((name) => name !== "SizeT32")
const NO_SAMPLE = [value.unicode(""), value.unicode("")] as const

const singles: Readonly<Record<string, Value>> = {
  Binary: value.binary(Buffer.from("00ff10abcdef", "hex")),
  EmptyBinary: value.binary(Buffer.alloc(0)),
  EmptyString: value.unicode(""),
  Terminated: value.unicode("ends here", Buffer.from("\0left over", "utf16le")),
  HalfPair: value.unicode("a\ud800b"),
  Control: value.unicode("bell \u0007 escape \u001b[31m"),
  Nothing: value.nothing,
  NothingWithRoom: value.absent(Buffer.from("deadbeef", "hex")),
}

/** Two arrays in one element: the first is spread, then the second in each. */
const twoArrays = payload(element("EventData", {}, element("Pair", {}, slot(0, 0x81), "=", slot(1, 0x88))), [
  list([value.unicode("a"), value.unicode("b")]),
  list([value.uint32(1), value.uint32(2)]),
])

const SCRIPT = ["function Show-Demo {\r\n  Write-Output 'one'\r\n", "  Write-Output 'zwei äöü'\r\n", "}\r\n"]
const scriptPart = (text: string, at: number) =>
  powershellEvent(
    4104,
    { recordId: 900 + at, second: 20 + at, version: 1 },
    {
      MessageNumber: value.int32(at + 1),
      MessageTotal: value.int32(SCRIPT.length),
      ScriptBlockText: value.unicode(text),
      ScriptBlockId: value.unicode("11111111-2222-3333-4444-555555555555"),
      Path: value.unicode("C:\\Demo\\demo.ps1"),
    },
  )

export const CONTENT_CASES: readonly EvtxCase[] = [
  {
    folder: "windows-10/value-types",
    shows: "A value of every type, at both of its ends, and texts that hold more than text.",
    how: HOW,
    file: evtxFile({
      records: [
        demoEvent({ recordId: 1, second: 1 }, eventData(pick(NAMES, ([first]) => first))),
        demoEvent({ recordId: 2, second: 2 }, eventData(pick(NAMES, ([, second]) => second))),
        demoEvent({ recordId: 3, second: 3 }, eventData(singles)),
      ],
    }),
    records: 3,
    rows: [1, 2, 3].map((id) => row("windows_events", { eventid: 100, record_id: id })),
  },
  {
    folder: "windows-10/arrays",
    shows:
      "An array of every type repeats its element; empty items and empty arrays leave one that is empty.",
    how: HOW,
    file: evtxFile({
      records: [
        demoEvent({ recordId: 1, second: 1 }, eventData(pick(LISTED, (pair) => list(pair)))),
        demoEvent(
          { recordId: 2, second: 2 },
          eventData({
            Texts: list([value.unicode("a"), value.unicode(""), value.unicode("c")]),
            OneText: list([value.unicode("alone")]),
            NoText: list([]),
            NoNumber: list([], TYPE.uint32),
          }),
        ),
        demoEvent({ recordId: 3, second: 3 }, twoArrays),
      ],
    }),
    records: 3,
    rows: [1, 2, 3].map((id) => row("windows_events", { record_id: id })),
  },
  {
    folder: "windows-10/powershell-parts",
    shows: "4104: a script block in three parts.",
    how: HOW,
    file: evtxFile({ records: SCRIPT.map(scriptPart) }),
    records: 3,
    rows: [row("powershell_events", { script_text: SCRIPT.join(""), script_name: "demo.ps1" })],
  },
]
