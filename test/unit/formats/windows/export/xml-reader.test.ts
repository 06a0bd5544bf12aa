/** Events in XML: what stands around them, how their text is read, and how damage is passed over. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readExport } from "./read-export.ts"

const SYSTEM = '<System><Provider Name="Demo"/><EventID>1</EventID></System>'
const event = (data: string, id = 1): string =>
  `<Event xmlns='urn:demo'><System><Provider Name='Demo'/><EventID>${id}</EventID></System>${data}</Event>`
const canonical = (data: string, id = 1): string =>
  `<Event xmlns="urn:demo"><System><Provider Name="Demo"/><EventID>${id}</EventID></System>${data}</Event>`
const read = (text: string | Buffer, pieces?: readonly number[]) =>
  readExport(
    Buffer.from(text as string),
    pieces === undefined ? { variant: "xml" } : { variant: "xml", pieces },
  )
const xmlOf = (text: string | Buffer): string[] => read(text).events.map(({ xml }) => xml)

describe("what stands around events", () => {
  it.each([
    ["nothing", event("") + event("", 2)],
    ["a root", `<?xml version="1.0"?>\r\n<Events>${event("")}\r\n${event("", 2)}</Events>`],
    ["the old viewer", `- ${event("")}\n- ${event("", 2)}\n`],
    [
      "evtx_dump",
      `Record 7\n<?xml version="1.0" encoding="utf-8"?>\n${event("")}\n\nRecord 9\n${event("", 2)}\n`,
    ],
    ["comments", `<!-- a > b -->${event("")}<!DOCTYPE x>\n${event("", 2)}`],
    ["a root of another name", `<Log day="1">${event("")}${event("", 2)}</Log>`],
  ])("%s says nothing", (_name, text) => {
    const { events, problems } = read(text)
    expect(events.map(({ xml }) => xml)).toEqual([canonical(""), canonical("", 2)])
    expect(problems).toEqual([])
  })

  it("tells the place and the record number of each event", () => {
    const text = `Record 7\n<?xml version="1.0"?>\n${event("<EventData>ä</EventData>")}\nRecord 9\n${event("")}`
    const [first, second] = read(text, [1]).events
    const bytes = Buffer.from(text)
    expect(first).toMatchObject({ offset: bytes.indexOf("<Event "), headerId: 7, recovered: "" })
    expect(second).toMatchObject({
      offset: bytes.lastIndexOf("<Event "),
      headerId: 9,
      length: event("").length,
    })
  })

  it("tells text of another kind once", () => {
    const { events, problems } = read(`sysmon: ${event("")}\nsysmon: ${event("", 2)}\n`)
    expect(events).toHaveLength(2)
    expect(problems).toMatchObject([{ code: "windows-export/foreign-text", severity: "info", offset: 0 }])
  })
})

describe("text", () => {
  it.each([
    ["<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</a>", "<a>&lt;&amp;&gt;\"'A😀</a>"],
    ["<a>b & c &unknown; &#; &#xzz;</a>", "<a>b &amp; c &amp;unknown; &amp;#; &amp;#xzz;</a>"],
    ["<a><![CDATA[<b>]]>]]&gt;</a>", "<a>&lt;b&gt;]]&gt;</a>"],
    ["<a>x<!-- no -->y</a>", "<a>xy</a>"],
    ["<a b='\"' c=\"'\" />", '<a b="&quot;" c="&apos;"/>'],
    ["<a>  </a>", "<a>  </a>"],
    ["<a> \n <b/> \n </a>", "<a><b/></a>"],
    ["<a>\u0001\u001b[31m\r\n\t</a>", "<a>\u0001\u001b[31m\r\n\t</a>"],
    ["<a>&#xD800;</a>", "<a>\ufffd</a>"],
    ["<n:a xmlns:n='u'><n:b/></n:a>", '<n:a xmlns:n="u"><n:b/></n:a>'],
    ["<a></a>", "<a/>"],
    ["<a\n  b = 'c'\n>d</a >", '<a b="c">d</a>'],
    ["<a><?go on?></a>", "<a><?go on?></a>"],
    ["\n  <a>\n  </a>\n", "<a/>"],
    ["\n  <a>\n</a>\n", "<a>\n</a>"],
    ["\n  - <a>\n  <b/>\n  </a>", "<a><b/></a>"],
  ])("%j", (data, expected) => {
    const { events, problems } = read(event(data))
    expect(events.map(({ xml }) => xml)).toEqual([canonical(expected)])
    expect(problems).toEqual([])
  })

  it("reads bytes that are not UTF-8 as windows-1252, and says so once", () => {
    const bytes = Buffer.from(event("<a b='\x80\xfc'>\xdc\xe9</a>").replace("1</", "1</"), "latin1")
    const { events, problems } = read(Buffer.concat([bytes, bytes]))
    expect(events.map(({ xml }) => xml)).toEqual(Array(2).fill(canonical('<a b="€ü">Üé</a>')))
    expect(problems).toMatchObject([{ code: "windows-export/not-utf8", severity: "info", offset: 0 }])
  })
})

describe("encodings", () => {
  const text = `${event("<a>Zürich 😀</a>")}\r\n${event("<a>東京</a>", 2)}`
  const expected = [canonical("<a>Zürich 😀</a>"), canonical("<a>東京</a>", 2)]

  it.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16LE", Buffer.from(text, "utf16le")],
    ["UTF-16LE with a mark", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16BE", Buffer.from(text, "utf16le").swap16()],
    ["UTF-16BE with a mark", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ])("%s, in any pieces, with offsets of the source", (name, bytes) => {
    const encode = (part: string): Buffer => {
      const units = Buffer.from(part, "utf16le")
      return name.startsWith("UTF-8")
        ? Buffer.from(part)
        : name.startsWith("UTF-16BE")
          ? units.swap16()
          : units
    }
    for (const pieces of [[1], [3], [1000]]) {
      const { events, problems } = readExport(bytes, { variant: "xml", pieces })
      expect(events.map(({ xml }) => xml)).toEqual(expected)
      expect(events.map(({ offset }) => offset)).toEqual([
        bytes.indexOf(encode("<Event ")),
        bytes.lastIndexOf(encode("<Event ")),
      ])
      expect(events[1]?.length).toBe(encode(event("<a>東京</a>", 2)).length)
      expect(problems).toEqual([])
    }
  })

  it("makes of a lone surrogate the replacement character", () => {
    const bytes = Buffer.from(event("<a>x\ud800y\udc00</a>"), "utf16le")
    expect(xmlOf(bytes)).toEqual([canonical("<a>x\ufffdy\ufffd</a>")])
  })
})

describe("damage", () => {
  it("tells an event that is cut off and goes on at the next", () => {
    const torn = event("<EventData><Data>long</Data></EventData>").slice(0, 120)
    const { events, problems, records } = read(`${event("")}${torn}${event("", 3)}`)
    expect(events.map(({ xml }) => xml)).toEqual([canonical(""), canonical("", 3)])
    const offset = event("").length
    expect(problems).toMatchObject([
      { code: "windows-export/bad-xml", severity: "error", offset, length: 120 },
    ])
    expect(records).toBe(3)
  })

  it("tells a last event without an end, and remains of a first without a start", () => {
    const text = `me="x">y</Data></EventData></Event>\n${event("")}\n${event("", 2).slice(0, -3)}`
    const { events, problems } = read(text)
    expect(events.map(({ xml }) => xml)).toEqual([canonical("")])
    expect(problems.map(({ code, offset }) => [code, offset])).toEqual([
      ["windows-export/bad-xml", 0],
      ["windows-export/bad-xml", text.lastIndexOf("<Event ")],
    ])
  })

  it("does not take text or an element of the event for its end", () => {
    const data = "<UserData><Event>x</Event><y><![CDATA[</Event>]]></y></UserData>"
    expect(xmlOf(event(data) + event("", 2))).toEqual([
      canonical("<UserData><Event>x</Event><y>&lt;/Event&gt;</y></UserData>"),
      canonical("", 2),
    ])
  })

  it("tells an element of that name that is no event", () => {
    const { events, problems } = read(`<Event><Other/></Event>${event("")}`)
    expect(events).toHaveLength(1)
    expect(problems).toMatchObject([{ code: "windows-export/not-an-event", offset: 0, length: 23 }])
  })

  // What costs the square of its length does not come to an end here.
  it.each(["<Event><System/>", "<Event><System/><!--", "<Event><x><![CDATA[</Event>", "<?<?", "&", "<a "])(
    "reads %j without end",
    (piece) => {
      expect(read(piece.repeat(400_000 / piece.length)).events).toEqual([])
    },
  )

  it("reads every event around damage of any kind, in any pieces", () => {
    const bytes = Buffer.from(
      [1, 2, 3, 4, 5].map((id) => event("<EventData><Data Name='a'>b</Data></EventData>", id)).join("\n"),
    )
    const size = bytes.length / 5
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
        (at, noise, pieces) => {
          const damaged = Buffer.from(bytes)
          damaged.set(noise.subarray(0, damaged.length - at), at)
          const { events } = readExport(damaged, { variant: "xml", pieces })
          expect(events).toEqual(read(damaged).events)
          // The noise lies in one event, or in two neighbours.
          expect(events.length).toBeGreaterThanOrEqual(3)
          expect(events.every(({ offset, length }) => offset + length <= 5 * size + 5)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe("the XML of python-evtx", () => {
  it("becomes what Windows prints", () => {
    const text = `<?xml version="1.1" encoding="utf-8" standalone="yes" ?>\n\n<Events>\n<Event xmlns="urn:demo"><System><Provider Name="Demo" Guid="{54849625-5478-4994-a5ba-3e3b0328c30d}"></Provider>
<EventID Qualifiers="">4688</EventID>
<Keywords>0x0080000000000000</Keywords>
<TimeCreated SystemTime="2013-10-23 16:22:39.973499"></TimeCreated>
<Correlation ActivityID="" RelatedActivityID=""></Correlation>
</System>
<EventData><Data Name="SubjectLogonId">0x00000000000003e7</Data>
<Data Name="Empty"></Data>
</EventData>
</Event>
</Events>`
    const { events, problems } = read(text)
    expect(problems).toEqual([])
    expect(events.map(({ xml }) => xml)).toEqual([
      '<Event xmlns="urn:demo"><System><Provider Name="Demo" Guid="{54849625-5478-4994-a5ba-3e3b0328c30d}"/>' +
        "<EventID>4688</EventID><Keywords>0x80000000000000</Keywords>" +
        '<TimeCreated SystemTime="2013-10-23T16:22:39.9734990Z"/><Correlation/></System>' +
        '<EventData><Data Name="SubjectLogonId">0x3e7</Data><Data Name="Empty"/></EventData></Event>',
    ])
  })

  it("leaves other XML as it is", () => {
    const data = `<EventData><Data Name="a">0x00000000000003e7</Data><Data Name="">x</Data></EventData>`
    expect(xmlOf(`<Event>${SYSTEM}${data}</Event>`)).toEqual([`<Event>${SYSTEM}${data}</Event>`])
  })
})
