/** Each shape of JSON becomes the event that it was made of. */
import { describe, expect, it } from "vitest"
import { detectWindowsExport } from "../../../../../src/formats/windows/export/detect.ts"
import { readExport } from "./read-export.ts"

/** Reads one record in the shape that detection finds. */
function read(text: string): { shape: string; xml: string[]; codes: string[]; firstTimeMs: number } {
  const bytes = Buffer.from(text)
  const detection = detectWindowsExport(bytes, "events.json")
  const variant = detection?.variant ?? "none"
  const { events, problems } = readExport(bytes, { variant })
  const codes = problems.map(({ code }) => code)
  return {
    shape: variant,
    xml: events.map(({ xml }) => xml),
    codes,
    firstTimeMs: detection?.firstTimeMs ?? 0,
  }
}
const one = (value: unknown) => read(JSON.stringify(value))
/** Of an event without what it says of itself. */
const dataOf = (xml = ""): string => xml.slice(xml.indexOf("</System>") + 9)
const systemOf = (xml = ""): string => xml.slice(xml.indexOf("<System>"), xml.indexOf("</System>") + 9)

describe("evtx_dump", () => {
  const system = {
    Provider: { "#attributes": { Name: "Demo", Guid: "54849625-5478-4994-A5BA-3E3B0328C30D" } },
    EventID: { "#attributes": { Qualifiers: 16384 }, "#text": 1 },
    Keywords: "0x80000000000000",
    TimeCreated: { "#attributes": { SystemTime: "2021-03-31T23:51:45.018767Z" } },
    Correlation: null,
  }
  const expected =
    '<System><Provider Name="Demo" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/><EventID Qualifiers="16384">1</EventID><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime="2021-03-31T23:51:45.018767Z"/><Correlation/></System>'
  const event = (rest: object) => ({
    Event: { "#attributes": { xmlns: "urn:demo" }, System: system, ...rest },
  })

  it.each([
    [
      { EventData: { A: "x", B: 5, C: true, D: "", E: null } },
      '<EventData><Data Name="A">x</Data><Data Name="B">5</Data><Data Name="C">true</Data><Data Name="D"/><Data Name="E"/></EventData>',
    ],
    [
      { EventData: { Data: { "#text": ["a", ""] }, Binary: null } },
      "<EventData><Data>a</Data><Data/></EventData>",
    ],
    [
      { EventData: { Data: { "#text": "a" }, Binary: "00FF" } },
      "<EventData><Data>a</Data><Binary>00FF</Binary></EventData>",
    ],
    [
      { EventData: { LogonGuid: "00000000-0000-0000-0000-000000000000", LogonGuid_1: "x", Other_1: "y" } },
      '<EventData><Data Name="LogonGuid">{00000000-0000-0000-0000-000000000000}</Data><Data Name="LogonGuid_1">x</Data><Data Name="Other_1">y</Data></EventData>',
    ],
    [{ EventData: null }, "<EventData/>"],
    [
      { EventData: { "#attributes": { Name: "n" }, A: "1" } },
      '<EventData Name="n"><Data Name="A">1</Data></EventData>',
    ],
    [
      {
        UserData: {
          EventXML: { "#attributes": { xmlns: "Event_NS" }, Param1: "a", Sub: { B: [1, 2], B_1: 3 } },
        },
      },
      '<UserData><EventXML xmlns="Event_NS"><Param1>a</Param1><Sub><B>1</B><B>2</B><B>3</B></Sub></EventXML></UserData>',
    ],
  ])("%j", (rest, data) => {
    const { shape, xml, codes } = one(event(rest))
    expect(shape).toBe("evtx-dump-json")
    expect(xml).toEqual([`<Event xmlns="urn:demo">${expected}${data}</Event>`])
    expect(codes).toEqual([])
  })

  it("puts attributes beside the element, and leaves an element out that has nothing else", () => {
    const { shape, xml } = one({
      Event_attributes: { xmlns: "urn:demo" },
      Event: {
        System: {
          Provider_attributes: { Name: "Demo", Guid: "54849625-5478-4994-A5BA-3E3B0328C30D" },
          EventID: 1,
          EventID_attributes: { Qualifiers: 16384 },
          TimeCreated_attributes: { SystemTime: "2021-03-31T23:51:45.018767Z" },
          Execution_attributes: { ProcessID: 4, ThreadID: 8 },
        },
      },
    })
    expect(shape).toBe("evtx-dump-json")
    expect(xml).toEqual([
      '<Event xmlns="urn:demo"><System><Provider Name="Demo" Guid="{54849625-5478-4994-A5BA-3E3B0328C30D}"/><EventID Qualifiers="16384">1</EventID><TimeCreated SystemTime="2021-03-31T23:51:45.018767Z"/><Execution ProcessID="4" ThreadID="8"/></System></Event>',
    ])
  })

  it("with attributes beside the elements", () => {
    const value = {
      Event_attributes: { xmlns: "urn:demo" },
      Event: {
        System: {
          Provider_attributes: { Name: "Demo" },
          Provider: null,
          EventID: 1,
          EventID_attributes: { Qualifiers: 7 },
        },
        UserData: { X_attributes: { a: "1" }, X: { Y: "z" } },
      },
    }
    expect(one(value).xml).toEqual([
      '<Event xmlns="urn:demo"><System><Provider Name="Demo"/><EventID Qualifiers="7">1</EventID></System><UserData><X a="1"><Y>z</Y></X></UserData></Event>',
    ])
  })

  it("pretty printed, with the numbers of records between", () => {
    const text = [7, 9]
      .map((id) => `Record ${id}\n${JSON.stringify(event({ EventData: null }), null, 2)}\n`)
      .join("")
    const { events, problems } = readExport(Buffer.from(text), { variant: "evtx-dump-json", pieces: [5] })
    expect(problems).toEqual([])
    expect(events.map(({ headerId }) => headerId)).toEqual([7, 9])
    expect(events.map(({ offset }) => text[offset])).toEqual(["{", "{"])
  })

  it("as EvtxECmd writes the tree of an event", () => {
    const value = {
      Event: {
        "@xmlns": "urn:demo",
        System: {
          Provider: { "@Name": "Demo" },
          EventID: { "@Qualifiers": "", "#text": "1" },
          TimeCreated: { "@SystemTime": "2021-03-31 23:51:45.0187670" },
        },
        EventData: { Data: [{ "@Name": "A", "#text": "x" }, { "@Name": "B" }] },
      },
    }
    expect(one(value).xml).toEqual([
      '<Event xmlns="urn:demo"><System><Provider Name="Demo"/><EventID>1</EventID><TimeCreated SystemTime="2021-03-31T23:51:45.0187670Z"/></System><EventData><Data Name="A">x</Data><Data Name="B"/></EventData></Event>',
    ])
  })
})

describe("System in the order of Windows", () => {
  const order =
    /^<System><Provider Name="Demo" Guid="\{[^"]*\}"\/><EventID>4688<\/EventID>(<Version>2<\/Version>)?<Level>0<\/Level>(<Task>13312<\/Task>)?(<Opcode>0<\/Opcode>)?<Keywords>0x8020000000000000<\/Keywords><TimeCreated SystemTime="2020-10-13T04:24:53\.[0-9]{1,7}Z"\/><EventRecordID>9007199254740993<\/EventRecordID><Correlation[^>]*\/><Execution ProcessID="4" ThreadID="5"\/><Channel>Security<\/Channel><Computer>web-1<\/Computer><Security UserID="S-1-5-18"\/><\/System>$/
  const guid = "{54849625-5478-4994-a5ba-3e3b0328c30d}"

  it.each([
    [
      "velociraptor-json",
      `{"System":{"Provider":{"Name":"Demo","Guid":"${guid}"},"EventID":{"Value":4688},"Version":2,"Level":0,"Task":13312,"Opcode":0,"Keywords":9232379236109516800,"TimeCreated":{"SystemTime":1602563093.1234567},"EventRecordID":9007199254740993,"Correlation":{},"Execution":{"ProcessID":4,"ThreadID":5},"Channel":"Security","Computer":"web-1","Security":{"UserID":"S-1-5-18"}},"EventData":{"A":"x"},"Message":"m"}`,
    ],
    [
      "winlogbeat-json",
      `{"@timestamp":"2020-10-13T04:24:53.123Z","winlog":{"provider_name":"Demo","provider_guid":"${guid}","event_id":"4688","version":2,"record_id":9007199254740993,"keywords":["Audit Success"],"process":{"pid":4,"thread":{"id":5}},"channel":"Security","computer_name":"web-1","user":{"identifier":"S-1-5-18"},"event_data":{"A":"x"},"level":"log always"},"message":"m"}`,
    ],
    [
      "wazuh-json",
      `{"timestamp":"x","data":{"win":{"system":{"providerName":"Demo","providerGuid":"${guid}","eventID":"4688","version":"2","level":"0","task":"13312","opcode":"0","keywords":"0x8020000000000000","systemTime":"2020-10-13T04:24:53.1234567Z","eventRecordID":"9007199254740993","processID":"4","threadID":"5","channel":"Security","computer":"web-1","userID":"S-1-5-18","message":"m"},"eventdata":{"a":"x"}}}}`,
    ],
    [
      "nxlog-json",
      `{"EventTime":"2020-10-13 00:24:53","@timestamp":"2020-10-13T04:24:56.495Z","EventReceivedTime":"2020-10-13 00:24:56","SourceModuleType":"im_msvistalog","SourceName":"Demo","ProviderGuid":"${guid}","EventID":4688,"Version":2,"EventType":"AUDIT_SUCCESS","Task":13312,"OpcodeValue":0,"Keywords":-9214364837600034816,"RecordNumber":9007199254740993,"ExecutionProcessID":4,"ThreadID":5,"Channel":"Security","Hostname":"web-1","UserID":"S-1-5-18","Domain":"D","AccountName":"N","tags":["t"],"A":"x","Message":"m"}`,
    ],
    [
      "powershell-json",
      `[{"Id":4688,"Version":2,"Qualifiers":null,"Level":0,"Task":13312,"Opcode":0,"Keywords":-9214364837600034816,"RecordId":9007199254740993,"ProviderName":"Demo","ProviderId":"${guid.slice(1, -1)}","LogName":"Security","ProcessId":4,"ThreadId":5,"MachineName":"web-1","UserId":{"BinaryLength":12,"AccountDomainSid":null,"Value":"S-1-5-18"},"TimeCreated":"\\/Date(1602563093123)\\/","ActivityId":"${guid.slice(1, -1)}","Properties":[{"Value":"x"}],"Message":"m"}]`,
    ],
    [
      "flat-json",
      `{"SourceName":"Demo","ProviderGuid":"${guid}","Level":"0","Version":2,"Keywords":"0x8020000000000000","Channel":"Security","Hostname":"web-1","TimeCreated":"2020-10-13T04:24:53.123Z","EventID":4688,"Task":"13312","EventRecordID":9007199254740993,"ExecutionProcessID":4,"ExecutionThreadID":5,"UserID":"S-1-5-18","A":"x","Message":"m"}`,
    ],
  ])("%s", (name, text) => {
    const { shape, xml, codes, firstTimeMs } = read(text)
    expect(shape).toBe(name)
    expect(codes).toEqual([])
    expect(systemOf(xml[0])).toMatch(order)
    expect(dataOf(xml[0])).toContain(
      name === "powershell-json" ? "<Data>x</Data>" : '<Data Name="A">x</Data>',
    )
    expect(dataOf(xml[0])).toContain("<RenderingInfo><Message>m</Message>")
    expect(Math.floor(firstTimeMs / 1000)).toBe(1_602_563_093)
  })
})

describe("fields", () => {
  it("of NXLog leave out what is NXLog's own, but not a field of the same name", () => {
    const sysmon = {
      EventTime: "2020-10-13T00:24:53Z",
      SourceModuleName: "eventlog",
      SourceName: "Demo",
      EventID: 13,
      EventType: "SetValue",
      Severity: "INFO",
      SeverityValue: 2,
      AccountName: "kept",
      port: 1,
      host: "collector",
      ProcessId: "4",
    }
    const { xml } = one(sysmon)
    expect(dataOf(xml[0])).toBe(
      '<EventData><Data Name="EventType">SetValue</Data><Data Name="AccountName">kept</Data><Data Name="ProcessId">4</Data></EventData><RenderingInfo><Level>INFO</Level></RenderingInfo></Event>',
    )
  })

  it("of Sentinel come from XML, from JSON, or from columns", () => {
    const base = {
      TenantId: "t",
      TimeGenerated: "2022-05-13T08:54:05.21Z",
      Computer: "web-1",
      Channel: "Security",
      EventID: 1,
    }
    const xmlText = '<EventData xmlns="urn:demo">\r\n  <Data Name="A">x</Data>\r\n</EventData>'
    expect(dataOf(one({ ...base, EventData: xmlText }).xml[0])).toBe(
      '<EventData xmlns="urn:demo"><Data Name="A">x</Data></EventData></Event>',
    )
    expect(dataOf(one({ ...base, EventData: '{"A":"x"}' }).xml[0])).toBe(
      '<EventData><Data Name="A">x</Data></EventData></Event>',
    )
    const columns = { ...base, A: "x", B: "", C: null, Process: "cmd.exe", Type: "SecurityEvent" }
    expect(dataOf(one(columns).xml[0])).toBe('<EventData><Data Name="A">x</Data></EventData></Event>')
    const syslog = { TenantId: "t", SyslogMessage: "<Event><System><EventID>5</EventID></System></Event>" }
    expect(one(syslog)).toMatchObject({
      shape: "sentinel-json",
      xml: ["<Event><System><EventID>5</EventID></System></Event>"],
    })
  })

  it("of EvtxECmd come from the payload", () => {
    const payload = (value: object) => ({
      PayloadData1: "p",
      EventId: 1,
      EventRecordId: "12",
      Provider: "Demo",
      Channel: "System",
      Level: "Info",
      Keywords: "Classic",
      TimeCreated: "2021-03-31T23:51:45.0187670+00:00",
      RecordNumber: 7,
      HiddenRecord: false,
      Payload: JSON.stringify(value),
    })
    const { shape, xml } = one(
      payload({ EventData: { Data: [{ "@Name": "A", "#text": "x" }, { "@Name": "B" }], Binary: "00" } }),
    )
    expect(shape).toBe("evtxecmd-json")
    expect(xml[0]).toBe(
      '<Event><System><Provider Name="Demo"/><EventID>1</EventID><Level>4</Level><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime="2021-03-31T23:51:45.0187670Z"/><EventRecordID>12</EventRecordID><Correlation/><Channel>System</Channel><Security/></System><EventData><Data Name="A">x</Data><Data Name="B"/><Binary>00</Binary></EventData></Event>',
    )
    expect(dataOf(one(payload({ EventData: { Data: "a, b" } })).xml[0])).toBe(
      "<EventData><Data>a, b</Data></EventData></Event>",
    )
    expect(dataOf(one(payload({ UserData: { X: { "@xmlns": "u", Y: "z" } } })).xml[0])).toBe(
      '<UserData><X xmlns="u"><Y>z</Y></X></UserData></Event>',
    )
  })

  it("of osquery come from its data, also inside of a result log", () => {
    const row = (data: object) => ({
      datetime: "2021-03-31T23:51:45.0187670Z",
      source: "System",
      provider_name: "Demo",
      provider_guid: "",
      computer_name: "web-1",
      eventid: "1",
      task: "0",
      level: "4",
      keywords: "0x80",
      data: JSON.stringify(data),
      eid: "1",
    })
    const { shape, xml } = one({
      name: "pack_x",
      hostIdentifier: "web-1",
      columns: row({ EventData: { A: "C:/x" } }),
      action: "added",
    })
    expect(shape).toBe("osquery-json")
    expect(xml[0]).toBe(
      '<Event><System><Provider Name="Demo"/><EventID>1</EventID><Level>4</Level><Task>0</Task><Keywords>0x80</Keywords><TimeCreated SystemTime="2021-03-31T23:51:45.0187670Z"/><Correlation/><Channel>System</Channel><Computer>web-1</Computer><Security/></System><EventData><Data Name="A">C:/x</Data></EventData></Event>',
    )
    expect(dataOf(one(row({ EventData: ["a", "b"] })).xml[0])).toBe(
      "<EventData><Data>a</Data><Data>b</Data></EventData></Event>",
    )
    expect(dataOf(one(row({ EventData: "" })).xml[0])).toBe("<EventData/></Event>")
    expect(dataOf(one(row({ UserData: { X: { "<xmlattr>": { xmlns: "u" }, Y: "z" } } })).xml[0])).toBe(
      '<UserData><X xmlns="u"><Y>z</Y></X></UserData></Event>',
    )
  })

  it("of Wazuh have their names and backslashes back", () => {
    const win = {
      system: { eventID: "1", providerName: "Demo" },
      eventdata: { image: "C:\\\\Windows\\\\x.exe", param1: "p", data: "d" },
    }
    expect(dataOf(one({ win }).xml[0])).toBe(
      '<EventData><Data Name="Image">C:\\Windows\\x.exe</Data><Data Name="param1">p</Data><Data>d</Data></EventData></Event>',
    )
    const odd = { ...win, eventdata: { image: "C:\\x", path: "\\\\srv\\y" } }
    expect(dataOf(one({ win: odd }).xml[0])).toBe(
      '<EventData><Data Name="Image">C:\\x</Data><Data Name="Path">\\\\srv\\y</Data></EventData></Event>',
    )
  })

  it("of Winlogbeat's user data are elements", () => {
    const winlog = { event_id: 1102, user_data: { xml_name: "LogFileCleared", SubjectUserName: "alice" } }
    expect(dataOf(one({ "@timestamp": "2020-10-13T04:24:53Z", winlog }).xml[0])).toBe(
      "<UserData><LogFileCleared><SubjectUserName>alice</SubjectUserName></LogFileCleared></UserData></Event>",
    )
    const old = {
      "@timestamp": "2020-10-13T04:24:53Z",
      event_id: 1,
      log_name: "System",
      source_name: "Demo",
      event_data: { A: "x" },
      level: "Information",
    }
    expect(one(old)).toMatchObject({ shape: "winlogbeat-json" })
    expect(one(old).xml[0]).toContain(
      '<Level>4</Level><TimeCreated SystemTime="2020-10-13T04:24:53.0000000Z"/>',
    )
  })

  it("of Splunk come from the raw event", () => {
    const raw = "<Event xmlns='u'><System><EventID>1</EventID></System></Event>"
    expect(one({ preview: false, result: { _raw: raw, _time: "x" } })).toMatchObject({
      shape: "splunk-json",
      xml: ['<Event xmlns="u"><System><EventID>1</EventID></System></Event>'],
    })
    const lines =
      "10/13/2020 04:24:53 AM\nLogName=Security\nEventCode=4688\nType=Information\nComputerName=web-1\nMessage=A new\nprocess"
    const { xml } = one({ result: { _raw: lines, _time: "2020-10-13T04:24:53.000+00:00" } })
    expect(xml[0]).toContain(
      '<EventID>4688</EventID><Level>4</Level><TimeCreated SystemTime="2020-10-13T04:24:53.0000000Z"/>',
    )
    expect(xml[0]).toContain("<Message>A new\nprocess</Message>")
  })
})

describe("texts", () => {
  it.each([
    ['"\\u0041\\n\\t\\"\\\\\\/\\b\\f\\r"', 'A\n\t"\\/\b\f\r'],
    ['"\\ud83d\\ude00\\ud800x"', "😀\ufffdx"],
    ['"\\q\\u12"', "\\q\\u12"],
    ['"ä\u0001\u007f"', "ä\u0001\u007f"],
    ["18446744073709551615", "18446744073709551615"],
    ["1.50e3", "1.50e3"],
    ["false", "false"],
  ])("%s", (json, text) => {
    const { xml } = read(
      `{"TimeCreated":"2020-10-13T04:24:53.1Z","Channel":"x","EventID":1,"\\u0041":${json}}`,
    )
    expect(dataOf(xml[0])).toBe(`<EventData><Data Name="A">${text}</Data></EventData></Event>`)
  })

  it("that are not UTF-8 are windows-1252", () => {
    const bytes = Buffer.from(
      '{"TimeCreated":"2020-10-13T04:24:53.1Z","Channel":"x","EventID":1,"A":"\xfc"}',
      "latin1",
    )
    const { events, problems } = readExport(bytes, { variant: "flat-json" })
    expect(dataOf(events[0]?.xml)).toContain('<Data Name="A">ü</Data>')
    expect(problems).toMatchObject([{ code: "windows-export/not-utf8" }])
  })
})

describe("local times", () => {
  const record = (time: string, rest = {}) => ({
    EventTime: time,
    SourceModuleName: "x",
    SourceName: "Demo",
    EventID: 1,
    ...rest,
  })
  const times = (text: string): string[] =>
    read(text).xml.map((xml) => /SystemTime="([^"]*)"/.exec(xml)?.[1] ?? "")
  const lines = (...records: readonly object[]): string =>
    records.map((value) => JSON.stringify(value)).join("\n")

  it("wait for the first record that tells the zone", () => {
    const text = lines(
      record("2020-10-13 00:00:01"),
      record("2020-10-13 00:00:02"),
      record("2020-10-13 00:00:03", { UtcTime: "2020-10-13 04:00:02.9" }),
      record("2020-10-13 00:00:04.5"),
    )
    expect(times(text)).toEqual(
      ["01.0000000", "02.0000000", "03.0000000", "04.5000000"].map((second) => `2020-10-13T04:00:${second}Z`),
    )
    expect(read(text).codes).toEqual([])
  })

  it("are UTC when nothing tells, which is told once", () => {
    const text = lines(record("2020-10-13 00:00:01"), record("2020-10-13 00:00:02"))
    expect(times(text)).toEqual(["2020-10-13T00:00:01.0000000Z", "2020-10-13T00:00:02.0000000Z"])
    expect(read(text).codes).toEqual(["windows-export/no-time-zone"])
  })

  it("do not follow a record that arrived late", () => {
    const late = record("2020-10-13 00:00:01", { "@timestamp": "2020-10-13T05:07:00Z" })
    expect(times(lines(late))).toEqual(["2020-10-13T00:00:01.0000000Z"])
  })
})
