/** `data` of windows_events against osquery's golden pairs, the rows of other parsers, and the shapes that neither shows. */
import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import { EventTape } from "../../../../../src/formats/windows/event-tape.ts"
import { renderOsqueryData } from "../../../../../src/formats/windows/render/osquery-data.ts"
import { goldenPairs, hasShared, oracleRecords } from "../oracles.ts"
import { tapeOfXml } from "../tape-of-xml.ts"

const tape = new EventTape()
const out = new GrowingBytes(1024)

function render(xml: string): string {
  out.clear()
  renderOsqueryData(tapeOfXml(xml, tape), out)
  return out.bytes.utf8Slice(0, out.used)
}

const event = (content: string): string => render(`<Event><System/>${content}</Event>`)

describe.skipIf(!hasShared)("osquery's golden pairs (needs ../shared)", () => {
  it("give the same bytes", () => {
    const pairs = goldenPairs()
    expect(pairs.length).toBeGreaterThan(40)
    for (const { name, xml, row } of pairs) expect(render(xml), name).toBe(row.data)
  })

  it("and so do the rows of other parsers", () => {
    let records = 0
    for (const { file, xml, row } of oracleRecords()) {
      records++
      const data = render(xml)
      if (data !== row.data) expect(data, `${file} record ${records}`).toBe(row.data)
    }
    expect(records).toBeGreaterThan(10_000)
  }, 120_000)
})

describe("shapes", () => {
  it.each([
    ["", "{}"],
    ["<EventData/>", '{"EventData":""}'],
    ["<EventData>\n  </EventData>", '{"EventData":""}'],
    ["<UserData/><EventData/>", '{"EventData":"","UserData":""}'],
    ['<EventData><Data Name="a">1</Data><Data Name="b"/></EventData>', '{"EventData":{"a":"1","b":""}}'],
    ["<EventData><Data>1</Data><Data/></EventData>", '{"EventData":["1",""]}'],
    [
      "<EventData><Data>1</Data><Data>2</Data><Binary>00</Binary></EventData>",
      '{"EventData":{"":"1","":"2","Binary":"00"}}',
    ],
    ['<EventData Name="x"><Data>1</Data></EventData>', '{"EventData":{"<xmlattr>":{"Name":"x"},"":"1"}}'],
    ['<EventData Name="x"/>', '{"EventData":{"<xmlattr>":{"Name":"x"}}}'],
    [
      '<EventData><Data Name="a">1</Data><Data Name="b">2</Data><Data Name="a">3</Data></EventData>',
      '{"EventData":{"a":"3","b":"2"}}',
    ],
    [
      '<EventData><Data Name="a.b">1</Data><Data Name="a.c">2</Data></EventData>',
      '{"EventData":{"a":{"b":"1","c":"2"}}}',
    ],
    ['<EventData><Data>1</Data><Data Name="a">2</Data></EventData>', '{"EventData":["1","2"]}'],
    ['<EventData><a/><Data Name="a">2</Data></EventData>', '{"EventData":{"a":"2"}}'],
    [
      '<EventData><Data Name="a">1</Data><b><Data Name="a">2</Data></b><Data Name="a">3</Data></EventData>',
      '{"EventData":{"a":"3","b":{"a":"2"}}}',
    ],
    [
      '<UserData><X xmlns="u/v">lost<a>1</a><a>2</a><b c="d">lost</b></X></UserData>',
      '{"UserData":{"X":{"<xmlattr>":{"xmlns":"u\\/v"},"a":"1","a":"2","b":{"<xmlattr>":{"c":"d"}}}}}',
    ],
    ["<RenderingInfo><Message>m</Message></RenderingInfo>", "{}"],
  ])("%s", (content, expected) => {
    expect(event(content)).toBe(expected)
  })

  it("escape what boost escapes, and nothing else", () => {
    const text = `"\\/&#x8;&#xc;&#xa;&#xd;&#x9;&#x1f;&#x7f;é😀&lt;`
    expect(event(`<EventData><Data Name="a/b">${text}</Data></EventData>`)).toBe(
      '{"EventData":{"a\\/b":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u001F\x7fé😀<"}}',
    )
  })

  it("keep texts of all lengths whole, escaped or not", () => {
    for (const length of [0, 1, 39, 40, 41, 5000]) {
      for (const character of ["a", "\\", "é"]) {
        const text = character.repeat(length)
        const data = event(`<EventData><Data Name="a">${text}</Data></EventData>`)
        expect(JSON.parse(data)).toEqual({ EventData: { a: text } })
      }
    }
  })

  it("end for any depth", () => {
    const depth = 5000
    const data = event(`<UserData>${"<a>".repeat(depth)}1${"</a>".repeat(depth)}</UserData>`)
    expect(data.match(/"a"/g)).toHaveLength(256)
    expect(data.endsWith("}}")).toBe(true)
  })
})
