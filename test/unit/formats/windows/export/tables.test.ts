/** Events in CSV and in PowerShell's Clixml. */
import { describe, expect, it } from "vitest"
import { detectWindowsExport } from "../../../../../src/formats/windows/export/detect.ts"
import { readExport } from "./read-export.ts"

const HEADER =
  "RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,UserId,MapDescription,UserName,RemoteHost,PayloadData1,ExecutableInfo,HiddenRecord,SourceFile,Keywords,Payload"
const row = (record: number, data: string, hidden = "False"): string =>
  `${record},426,2021-03-31 23:51:45.0187670,1,Info,Demo,System,4,5,web-1,S-1-5-18,"A, b",,,x,,${hidden},C:\\x.evtx,Classic,"${JSON.stringify({ EventData: { Data: [{ "@Name": "A", "#text": data }] } }).replaceAll('"', '""')}"`
const eventOf = (data: string): string =>
  `<Event><System><Provider Name="Demo"/><EventID>1</EventID><Level>4</Level><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime="2021-03-31T23:51:45.0187670Z"/><EventRecordID>426</EventRecordID><Correlation/><Execution ProcessID="4" ThreadID="5"/><Channel>System</Channel><Computer>web-1</Computer><Security UserID="S-1-5-18"/></System><EventData><Data Name="A">${data}</Data></EventData></Event>`

describe("CSV of EvtxECmd", () => {
  const text = `\ufeff${[HEADER, row(1, 'x "y",\\z'), row(2, "a\nb", "True"), row(3, "ä")].join("\r\n")}\r\n`

  it("is recognised, with the time of its first event", () => {
    expect(detectWindowsExport(Buffer.from(text), "a.csv")).toMatchObject({
      variant: "evtxecmd-csv",
      confidence: "certain",
      firstTimeMs: Date.parse("2021-03-31T23:51:45.018Z"),
    })
  })

  it.each([[[1]], [[7, 100]], [[65_536]]])("in pieces of %j", (pieces) => {
    const { events, problems, records } = readExport(Buffer.from(text), { variant: "evtxecmd-csv", pieces })
    expect(problems).toEqual([])
    expect(records).toBe(3)
    expect(events.map(({ xml }) => xml)).toEqual(['x "y",\\z', "a\nb", "ä"].map(eventOf))
    expect(events.map(({ headerId, recovered }) => [headerId, recovered])).toEqual([
      [1, ""],
      [2, "hidden"],
      [3, ""],
    ])
    const bytes = Buffer.from(text)
    expect(events.map(({ offset }) => bytes.toString("utf8", offset, offset + 6))).toEqual([
      "1,426,",
      "2,426,",
      "3,426,",
    ])
  })

  it("tells rows that are damaged, and reads those around them", () => {
    const damaged = [
      HEADER,
      row(1, "a"),
      row(2, "b").slice(0, -5),
      row(3, "c"),
      "1,2,3",
      row(4, "d"),
      '5,"never closed',
    ].join("\n")
    const { events, problems } = readExport(Buffer.from(damaged), { variant: "evtxecmd-csv", pieces: [50] })
    expect(events.map(({ headerId }) => headerId)).toEqual([1, 3, 4])
    expect(problems.map(({ code, offset }) => [code, offset])).toEqual([
      ["windows-export/bad-row", damaged.indexOf("\n2,") + 1],
      ["windows-export/bad-row", damaged.indexOf("\n1,2,3") + 1],
      ["windows-export/bad-row", damaged.indexOf("\n5,") + 1],
    ])
  })
})

describe("CSV of other tools", () => {
  it("is read by its columns", () => {
    const text =
      '#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n"Message","Id","ProviderName","LogName","MachineName","TimeCreated","Properties"\n"m",1,"Demo","System","web-1","3/31/2021 11:51:45 PM","System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]"\n'
    const variant = detectWindowsExport(Buffer.from(text), "a.csv")?.variant ?? ""
    const { events, problems } = readExport(Buffer.from(text), { variant })
    expect(variant).toBe("csv")
    expect(events[0]?.xml).toBe(
      '<Event><System><Provider Name="Demo"/><EventID>1</EventID><TimeCreated SystemTime="2021-03-31T23:51:45.0000000Z"/><Correlation/><Channel>System</Channel><Computer>web-1</Computer><Security/></System><RenderingInfo><Message>m</Message></RenderingInfo></Event>',
    )
    expect(problems.map(({ code }) => code)).toEqual(["windows-export/no-time-zone"])
  })
})

describe("Clixml", () => {
  const object = (id: number, record = 1): string => `  <Obj RefId="${record}">
    <TN RefId="0"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T><T>System.Object</T></TN>
    <ToString>System.Diagnostics.Eventing.Reader.EventLogRecord</ToString>
    <Props>
      <I32 N="Id">${id}</I32><By N="Version">2</By><Nil N="Qualifiers" /><By N="Level">0</By><I32 N="Task">13312</I32>
      <I64 N="Keywords">-9214364837600034816</I64><I64 N="RecordId">9007199254740993</I64>
      <S N="ProviderName">Demo</S><G N="ProviderId">54849625-5478-4994-a5ba-3e3b0328c30d</G><S N="LogName">Security</S>
      <I32 N="ProcessId">4</I32><I32 N="ThreadId">5</I32><S N="MachineName">web-1</S>
      <Obj N="UserId" RefId="9"><Props><I32 N="BinaryLength">12</I32><S N="Value">S-1-5-18</S></Props></Obj>
      <DT N="TimeCreated">2021-04-01T01:51:45.018767+02:00</DT><Nil N="ActivityId" />
      <Obj N="Properties" RefId="10"><TN RefId="2"><T>System.Collections.Generic.List</T></TN><LST>
        <Obj RefId="11"><Props><S N="Value">a_x000D__x000A_b &amp; c</S></Props></Obj>
        <Obj RefId="12"><Props><U32 N="Value">7</U32></Props></Obj>
      </LST></Obj>
    </Props>
    <MS><S N="Message">m</S></MS>
  </Obj>\n`
  const expected = (id: number): string =>
    `<Event><System><Provider Name="Demo" Guid="{54849625-5478-4994-a5ba-3e3b0328c30d}"/><EventID>${id}</EventID><Version>2</Version><Level>0</Level><Task>13312</Task><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime="2021-03-31T23:51:45.0187670Z"/><EventRecordID>9007199254740993</EventRecordID><Correlation/><Execution ProcessID="4" ThreadID="5"/><Channel>Security</Channel><Computer>web-1</Computer><Security UserID="S-1-5-18"/></System><EventData><Data>a\r\nb &amp; c</Data><Data>7</Data></EventData><RenderingInfo><Message>m</Message></RenderingInfo></Event>`
  const wrap = (objects: string): Buffer =>
    Buffer.from(
      `\ufeff<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\r\n${objects}</Objs>`,
      "utf16le",
    )

  it("is recognised and read in any pieces, with offsets in UTF-16", () => {
    const bytes = wrap(object(1) + object(2))
    expect(detectWindowsExport(bytes.subarray(0, 3000), "a.xml")).toMatchObject({
      variant: "clixml",
      firstTimeMs: Date.parse("2021-03-31T23:51:45.018Z"),
    })
    for (const pieces of [[1], [999], [65_536]]) {
      const { events, problems } = readExport(bytes, { variant: "clixml", pieces })
      expect(problems).toEqual([])
      expect(events.map(({ xml }) => xml)).toEqual([expected(1), expected(2)])
      const found = events.map(({ offset }) => bytes.toString("utf16le", offset, offset + 22))
      expect(found).toEqual(["<Obj RefId=", "<Obj RefId="])
    }
  })

  it("tells a damaged object and goes on at the next", () => {
    const bytes = wrap(object(1) + object(2).slice(0, 900) + object(3))
    const { events, problems } = readExport(bytes, { variant: "clixml" })
    expect(events.map(({ xml }) => xml)).toEqual([expected(1), expected(3)])
    expect(problems.map(({ code }) => code)).toEqual(["windows-export/bad-xml"])
  })
})
