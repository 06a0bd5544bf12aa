/** More names than the table of names takes, made up by an input: what makes an event is found all the same. */
import { describe, expect, it } from "vitest"
import { NAMES } from "../../../../../src/formats/windows/names.ts"
import { readExport } from "./read-export.ts"

describe("a full table of names", () => {
  it("keeps System and values, and tells that names were lost", () => {
    const members = Array.from({ length: 66_000 }, (_, at) => `"n${at}":1`).join(",")
    const flood = `{"Event":{"System":{"EventID":1},"EventData":{${members}}}}`
    const wazuh =
      '{"win":{"system":{"eventID":"2","providerName":"Demo","systemTime":"2020-10-13T04:24:53.1Z"},"eventdata":{"brandNew":"x"}}}'
    const beat =
      '{"@timestamp":"2020-10-13T04:24:53Z","winlog":{"event_id":3,"activity_id":"a","user_data":{"xml_name":"New","Fresh":"y"}}}'
    const { events, problems } = readExport(Buffer.from([flood, wazuh, beat].join("\n")), {
      variant: "evtx-dump-json",
    })
    expect(NAMES.intern("one more")).toBe(-1)
    expect(events).toHaveLength(3)
    expect(events[0]?.xml).toContain('<Data Name="n65999">1</Data>')
    expect(events[1]?.xml).toContain(
      '<Provider Name="Demo"/><EventID>2</EventID><TimeCreated SystemTime="2020-10-13T04:24:53.1Z"/>',
    )
    expect(events[2]?.xml).toContain("<UserData><unnamed><unnamed>y</unnamed></unnamed></UserData>")
    expect(problems).toMatchObject([{ code: "windows-export/names-overflow" }])
    const xml = readExport(
      Buffer.from("<Event><System/><UserData><never-seen>z</never-seen></UserData></Event>"),
      { variant: "xml" },
    )
    expect(xml.events[0]?.xml).toContain("<unnamed>z</unnamed>")
    expect(xml.problems).toMatchObject([{ code: "windows-export/names-overflow", severity: "warning" }])
  })
})
