/** The shape of a decoded record: order of keys, time, what the medium lost. */
import { describe, expect, it } from "vitest"
import { decodeRecord, RecordDecoder } from "../../../../src/formats/linux-audit/decode-record.ts"
import { recordOf } from "./saved-records.ts"

describe("decodeRecord", () => {
  it("prints as documented", () => {
    const record = recordOf("CWD", 'cwd="/srv/demo"')
    record.node = "web-1"
    record.offset = 99
    expect(JSON.stringify(decodeRecord(record))).toBe(
      '{"format":"linux-audit","offset":99,"length":15,"time":"2023-11-14T22:13:20.123Z","id":42,"type":"CWD",' +
        '"node":"web-1","fields":[["cwd","\\"/srv/demo\\"","/srv/demo"]]}',
    )
  })

  it.each<[number, number, string | null]>([
    [0, 0, "1970-01-01T00:00:00.000Z"],
    [1, 4_000_000, "1970-01-01T00:00:01.004Z"],
    [1, 1_000, "1970-01-01T00:00:01.000001Z"],
    [1, 999_999_999, "1970-01-01T00:00:01.999999999Z"],
    [Number.NaN, 0, null],
    [1e15, 0, null],
  ])("time of %d s and %d ns is %s", (sec, nsec, time) => {
    const record = recordOf("EOE", "")
    record.sec = sec
    record.nsec = nsec
    expect(decodeRecord(record).time).toBe(time)
  })

  it("keeps each record's own time and names the type it does not know", () => {
    const decoder = new RecordDecoder()
    const record = recordOf("SOMETHING_NEW", "")
    record.hasSerial = false
    record.nsec = 0
    const times = [1, 2, Number.NaN, 2, 1].map((sec) => {
      record.sec = sec
      return decoder.decode(record).time?.slice(17)
    })
    expect(times).toEqual(["01.000Z", "02.000Z", undefined, "02.000Z", "01.000Z"])
    expect(decoder.decode(record)).toMatchObject({ id: null, type: "SOMETHING_NEW", node: "", fields: [] })
  })
})
