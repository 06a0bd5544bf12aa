/** Times of messages against the calendar of JavaScript. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MessageTime } from "../../../../src/formats/endpoint-security/message-time.ts"

function read(text: string): [number, number] | null {
  const time = new MessageTime()
  const bytes = Buffer.from(text)
  return time.read(bytes, 0, bytes.length) ? [time.sec, time.nsec] : null
}

describe("a time", () => {
  it("is what Date says", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }),
        (date) => {
          const ms = date.getTime()
          expect(read(date.toISOString())).toEqual([
            Math.floor(ms / 1000),
            (((ms % 1000) + 1000) % 1000) * 1e6,
          ])
        },
      ),
    )
  })

  it.each([
    ["2025-07-22T15:09:01.084030274Z", [1_753_196_941, 84_030_274]],
    ["2025-07-22T15:09:01Z", [1_753_196_941, 0]],
    ["2025-07-22T15:09:01.0840302749Z", [1_753_196_941, 84_030_274]],
    ["2025-07-22T17:09:01.5+02:00", [1_753_196_941, 500_000_000]],
    ["2025-07-22 10:09:01 -0500", [1_753_196_941, 0]],
    ["2025-07-22 15:09:01.0+0000", [1_753_196_941, 0]],
  ])("%s", (text, wanted) => {
    expect(read(text)).toEqual(wanted)
  })

  it.each([
    "",
    "2025-07-22",
    "2025-13-01T00:00:00Z",
    "2025-02-30T00:00:00Z",
    "2025-01-01T24:00:00Z",
    "2025-01-01T00:00:00X",
    "2025-01-01T00:00:00+1",
    "yesterday, at three o'clock",
  ])("%s is none", (text) => {
    expect(read(text)).toBeNull()
  })
})
