/** windows_events against osquery's golden pairs and the rows of other parsers, and with what they lack. */
import { describe, expect, it } from "vitest"
import { goldenPairs, hasShared, oracleRecords } from "../../formats/windows/oracles.ts"
import { made, Reading } from "./rows-of.ts"

const TIME = "2024-01-02T03:04:05.1234567Z"

describe.skipIf(!hasShared)("windows_events (needs ../shared)", () => {
  it("has the values of osquery's golden pairs", () => {
    for (const { name, xml, row } of goldenPairs()) {
      const ours = new Reading().event(xml).row("windows_events")
      const { datetime, source, provider_name, provider_guid, computer_name, level, keywords, data } = row
      expect(ours, name).toMatchObject({
        ...{ datetime, source, provider_name, provider_guid, computer_name, keywords, data },
        ...{ eventid: Number(row.event_id), task: Number(row.task_id), level: Number(level) },
        ...{ time: Math.floor(Date.parse(String(datetime)) / 1000) },
      })
    }
  })

  it("has the values of other parsers", () => {
    const reading = new Reading()
    let records = 0
    for (const { file, xml, row } of oracleRecords()) {
      reading.event(xml)
      const ours = reading.sink.rows.at(-1)?.values
      if (reading.sink.rows.at(-1)?.table !== "windows_events") continue
      const { pid, tid, ...expected } = row
      expect(ours, file).toMatchObject(expected)
      records++
      reading.sink.rows.length = 0
    }
    expect(records).toBeGreaterThan(10_000)
  }, 120_000)
})

describe("windows_events", () => {
  it("is kept without data, and without anything", () => {
    const reading = new Reading({ host: "given" })
    reading.event(made({ provider: "P", id: 1, content: "" })).event("<Event></Event>")
    const [first, second] = reading.rows("windows_events")
    expect(first).toMatchObject({ eventid: 1, data: "{}", host: "web-1", eid: "0000000001", record_id: 7 })
    expect(second).toMatchObject({
      eventid: null,
      time: null,
      time_ns: null,
      data: "{}",
      host: "given",
      datetime: "",
    })
    expect(reading.problems).toEqual([])
  })

  it("tells what is no number or time", () => {
    const reading = new Reading()
    reading.event(made({ provider: "P", id: 1, time: "yesterday", record: "x", keywords: "" }))
    expect(reading.row("windows_events")).toMatchObject({
      datetime: "yesterday",
      time: null,
      record_id: null,
    })
    expect(reading.problems.map(({ code, found }) => [code, found])).toEqual([
      ["windows/bad-number", "x"],
      ["windows/bad-time", "yesterday"],
    ])
  })

  it.each([
    [TIME, 1_704_164_645n * 10n ** 9n + 123_456_700n],
    ["2024-01-02T03:04:05Z", 1_704_164_645n * 10n ** 9n],
    ["2024-01-02 03:04:05.1", 1_704_164_645n * 10n ** 9n + 100_000_000n],
    ["2024-01-02T03:04:05.123456789+01:30", 1_704_159_245n * 10n ** 9n + 123_456_789n],
    ["1969-12-31T23:59:59.9999999Z", -100n],
    ["1961-02-28T00:00:00.0000001Z", -278_985_600n * 10n ** 9n + 100n],
  ])("keeps %s exactly", (time, expected) => {
    const { time_ns, time: seconds } = new Reading()
      .event(made({ provider: "P", id: 1, time }))
      .row("windows_events")
    expect(BigInt(time_ns as number)).toBe(expected)
    expect(seconds).toBe(
      Math.floor(Date.parse(time.replace(" ", "T").replace(/(\d)$/, "$1Z").replace("30Z", "30")) / 1000),
    )
  })

  it("has no nanoseconds where 64 bits do not reach", () => {
    const row = new Reading().event(made({ provider: "P", id: 1, time: "1601-01-01T00:00:00.0000000Z" }))
    expect(row.row("windows_events")).toMatchObject({ time: -11_644_473_600, time_ns: null })
  })

  it("keeps record ids of 64 bits, and backslashes that look like escapes of ours", () => {
    const data = { a: "C:\\x80\\x5C\\x00", "b\\xFF": "1" }
    const row = new Reading().event(made({ provider: "P", id: 1, record: "9223372036854775807", data }))
    expect(row.row("windows_events")).toMatchObject({ record_id: 9_223_372_036_854_775_807n })
    expect(JSON.parse(String(row.row("windows_events").data))).toEqual({ EventData: data })
  })

  it("says how an event was recovered", () => {
    const reading = new Reading().event(made({ provider: "P", id: 1 }), { recovered: "slack" })
    expect(reading.row("windows_events").event_type).toBe("slack")
  })
})
