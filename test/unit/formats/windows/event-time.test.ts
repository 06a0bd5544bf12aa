import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { EventTime } from "../../../../src/formats/windows/event-time.ts"

const READABLE = {
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
}

function read(text: string): [second: number, nsec: number] {
  const time = new EventTime()
  const bytes = Buffer.from(`[${text}]`)
  time.read(bytes, 1, bytes.length - 1)
  return [time.sec, time.nsec]
}

describe("the time of an event", () => {
  it("is what Date takes it for", () => {
    fc.assert(
      fc.property(fc.date(READABLE), (date) => {
        const ms = date.getTime()
        const second = Math.floor(ms / 1000)
        expect(read(date.toISOString())).toEqual([second, (ms - second * 1000) * 1e6])
      }),
    )
  })

  it.each([
    ["2016-07-08T18:12:51.6816408Z", "2016-07-08T18:12:51Z", 681_640_800],
    ["2013-10-23 16:22:39.973499", "2013-10-23T16:22:39Z", 973_499_000],
    ["2020-03-03T05:11:06.252766100+02:00", "2020-03-03T03:11:06Z", 252_766_100],
    ["2020-03-03T01:11:06-0200", "2020-03-03T03:11:06Z", 0],
  ])("%s is read to the nanosecond, with its zone", (text, utc, nsec) => {
    expect(read(text)).toEqual([Date.parse(utc) / 1000, nsec])
  })

  it.each(["", "2020-01-01", "2020-13-01T00:00:00Z", "2020-01-aaT00:00:00Z", "2020-01-01T00:00:00+x"])(
    "%j is none",
    (text) => {
      expect(read(text)[0]).toBeNaN()
    },
  )
})
