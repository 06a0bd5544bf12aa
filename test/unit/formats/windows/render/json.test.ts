/** The JSON of one event against an XML reader's view of it, and the shapes that docs/windows-json.md promises. */
import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import { EventTape } from "../../../../../src/formats/windows/event-tape.ts"
import { JsonRenderer } from "../../../../../src/formats/windows/render/json.ts"
import { ShapeTable } from "../../../../../src/formats/windows/shape.ts"
import { hasShared, oracleRecords } from "../oracles.ts"
import { tapeOfXml } from "../tape-of-xml.ts"

interface EventJson {
  readonly System: Record<string, unknown> & {
    readonly Provider?: Record<string, string>
    readonly Execution?: Record<string, number>
  }
  readonly EventData?: Record<string, unknown>
}

const tape = new EventTape()
const out = new GrowingBytes(1024)
const shapes = new ShapeTable()
const renderer = new JsonRenderer()

/** As a new renderer writes it, and as one does that has met many shapes. */
function text(xml: string): string {
  const event = tapeOfXml(xml, tape)
  out.clear()
  new JsonRenderer().render(event, null, out)
  const alone = out.bytes.utf8Slice(0, out.used)
  out.clear()
  renderer.render(event, shapes.find(event), out)
  expect(out.bytes.utf8Slice(0, out.used)).toBe(alone)
  return alone
}

const parse = (xml: string): EventJson => JSON.parse(text(xml)) as EventJson
const event = (content: string): unknown => parse(`<Event xmlns="u">${content}</Event>`)

const FULL = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
  <Computer>web-1</Computer><Provider Name="P" Guid="{G}"/><EventID Qualifiers="16384">7036</EventID>
  <Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords>
  <TimeCreated SystemTime="2024-01-02T03:04:05.1234567Z"/><EventRecordID>9007199254740993</EventRecordID>
  <Correlation ActivityID="{A}"/><Execution ProcessID="4" ThreadID="8"/><Channel>System</Channel>
  <Security UserID="S-1-5-18"/></System><EventData><Data Name="a">1</Data></EventData></Event>`

describe("System", () => {
  it("has its members in one order, and exact numbers", () => {
    expect(text(FULL)).toBe(
      '{"System":{"Provider":{"Name":"P","Guid":"{G}"},"EventID":7036,"Qualifiers":16384,"Version":0,"Level":4,' +
        '"Task":0,"Opcode":0,"Keywords":"0x8080000000000000","TimeCreated":"2024-01-02T03:04:05.1234567Z",' +
        '"EventRecordID":"9007199254740993","Correlation":{"ActivityID":"{A}"},' +
        '"Execution":{"ProcessID":4,"ThreadID":8},"Channel":"System","Computer":"web-1",' +
        '"Security":{"UserID":"S-1-5-18"}},"EventData":{"a":"1"}}',
    )
  })

  it.each([
    ["<EventID>007</EventID>", { EventID: "007" }],
    ["<EventID>-1</EventID>", { EventID: "-1" }],
    ["<EventID>1e3</EventID>", { EventID: "1e3" }],
    ["<EventRecordID>9007199254740991</EventRecordID>", { EventRecordID: 9007199254740991 }],
    ["<EventRecordID>9007199254740992</EventRecordID>", { EventRecordID: "9007199254740992" }],
    ["<EventID/><Correlation/><Security/>", {}],
    ["<Execution ThreadID='1'/><Channel>a&amp;b</Channel>", { Execution: { ThreadID: 1 }, Channel: "a&b" }],
    ["<EventID>1</EventID><EventID>2</EventID>", { EventID: 1 }],
    ["", {}],
  ])("of %s", (content, expected) => {
    expect(event(`<System>${content}</System>`)).toEqual({ System: expected })
  })
})

describe("the rest", () => {
  it.each([
    ["<EventData/>", { EventData: {} }],
    ["<UserData>\n</UserData>", { UserData: {} }],
    ["<EventData><Data Name='a'/><Data Name='b'> x </Data></EventData>", { EventData: { a: "", b: " x " } }],
    ["<EventData><Data>1</Data></EventData>", { EventData: { Data: ["1"] } }],
    [
      "<EventData><Data>1</Data><Data>2</Data><Binary>00</Binary></EventData>",
      { EventData: { Data: ["1", "2"], Binary: "00" } },
    ],
    [
      "<EventData><Data>1</Data><Data Name='x'>2</Data><Data>3</Data></EventData>",
      { EventData: { Data: ["1", "3"], x: "2" } },
    ],
    [
      "<EventData><Data Name='x'>1</Data><Data Name='y'>2</Data><Data Name='x'>3</Data></EventData>",
      { EventData: { x: ["1", "3"], y: "2" } },
    ],
    ["<EventData Name='n'><Data Name='x'>1</Data></EventData>", { EventData: { "@Name": "n", x: "1" } }],
    [
      "<EventData><Data Name='x' Type='t'>1</Data></EventData>",
      { EventData: { x: { "@Type": "t", "#text": "1" } } },
    ],
    [
      "<UserData><X xmlns='u'><a>1</a><a>2</a><b c='d'>t</b><e><f/></e></X></UserData>",
      { UserData: { X: { "@xmlns": "u", a: ["1", "2"], b: { "@c": "d", "#text": "t" }, e: { f: "" } } } },
    ],
    [
      "<RenderingInfo Culture='en-US'><Message>m</Message></RenderingInfo>",
      { RenderingInfo: { "@Culture": "en-US", Message: "m" } },
    ],
    ["<EventData><Data Name='__proto__'>1</Data></EventData>", JSON.parse('{"EventData":{"__proto__":"1"}}')],
    ["<UserData><a/><X><a/></X><a>1</a></UserData>", { UserData: { a: ["", "1"], X: { a: "" } } }],
    ["<UserData><X><a/></X><a/><X/></UserData>", { UserData: { X: [{ a: "" }, ""], a: "" } }],
    ["<EventData>t</EventData>", { EventData: { "#text": "t" } }],
  ])("%s", (content, expected) => {
    expect(event(content)).toEqual(expected)
  })

  it("escapes controls, quotes and backslashes only", () => {
    const value = '"\\/&#x1;&#x7f;é😀'
    expect(text(`<Event><EventData><Data Name="a">${value}</Data></EventData></Event>`)).toBe(
      '{"EventData":{"a":"\\"\\\\/\\u0001\x7fé😀"}}',
    )
  })

  it("ends for any depth", () => {
    const depth = 5000
    const xml = `<Event><UserData>${"<a>".repeat(depth)}1${"</a>".repeat(depth)}</UserData></Event>`
    expect(text(xml).match(/"a"/g)?.length).toBeLessThanOrEqual(256)
    JSON.parse(text(xml))
  })
})

describe.skipIf(!hasShared)("records of other parsers (needs ../shared)", () => {
  it("say the same as their rows", () => {
    let named = 0
    for (const { file, xml, row } of oracleRecords()) {
      const { System, EventData } = parse(xml)
      const ours = {
        datetime: System.TimeCreated,
        source: System.Channel,
        provider_name: System.Provider?.Name,
        provider_guid: System.Provider?.Guid ?? "",
        computer_name: System.Computer,
        eventid: System.EventID,
        task: System.Task,
        level: System.Level,
        keywords: System.Keywords,
        pid: System.Execution?.ProcessID ?? -1,
        tid: System.Execution?.ThreadID ?? -1,
      }
      const { data, ...expected } = row
      expect(ours, file).toEqual(expected)
      const fields = (JSON.parse(data) as { EventData?: Record<string, unknown> }).EventData
      if (fields === undefined || typeof fields !== "object" || Array.isArray(fields)) continue
      for (const [name, value] of Object.entries(fields)) {
        if (name === "" || name === "<xmlattr>" || typeof value !== "string") continue
        const found = EventData?.[name]
        // Of a repeated name osquery keeps the last.
        expect(Array.isArray(found) ? found.at(-1) : found, `${file} ${name}`).toBe(value)
        named++
      }
    }
    expect(named).toBeGreaterThan(50_000)
  }, 120_000)
})
