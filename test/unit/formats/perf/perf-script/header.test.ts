/** The front of a line, whatever the task is called. */
import { describe, expect, it } from "vitest"
import { readHeader } from "../../../../../src/formats/perf/perf-script/header.ts"

describe("a line of perf script", () => {
  it.each([
    [
      "            true  1920 [000]  2756.439928:    a:b: x",
      { comm: "true", tid: 1920, cpu: 0, second: 2756, fraction: "439928" },
    ],
    [
      "            true  1919/1920  [001]  2756.439928123:    a:b: x",
      { comm: "true", pid: 1919, tid: 1920, cpu: 1, fraction: "439928123" },
    ],
    ["true  1920 [000]  2756.439928:    a:b: x", { comm: "true", tid: 1920 }],
    ["          sp ace  1920 [000]  2756.439928:    a:b: x", { comm: "sp ace", tid: 1920 }],
    ["      br[000]ck   7 [000]  2756.439928:    a:b: x", { comm: "br[000]ck", tid: 7 }],
    [
      "            true  1920 [000] K      2756.439928:          1    a:b: x",
      { tid: 1920, second: 2756, event: "a:b" },
    ],
    [
      "            true  1920 [000] 2026-11-21 22:28:33.571016  2759.732336:    a:b: x",
      { day: "2026-11-21 22:28:33", second: 2759 },
    ],
    ["            true  1920    a:b: x", { tid: 1920, second: Number.NaN }],
    [
      "            true  1920/1920  [000]     1.000000: PERF_RECORD_COMM exec: true:1920/1920",
      { event: "PERF_RECORD_COMM", text: " exec: true:1920/1920" },
    ],
  ])("%s", (line, expected) => {
    expect(readHeader(line)).toMatchObject(expected)
  })

  it.each(["", "x", "\tffffffff81399d59 do_exit", " nl", "# captured on: today", "true [000] a:b: x"])(
    "none: %s",
    (line) => {
      expect(readHeader(line)).toBeUndefined()
    },
  )

  it("ends the name at the first place, so that what stands in a path is no task", () => {
    const line =
      "             sh  5 [000]  1.000000:  sched:sched_process_exec: filename=/x  9 [001]  2.000000:  a:b: y pid=5 old_pid=5"
    expect(readHeader(line)).toMatchObject({ comm: "sh", tid: 5, event: "sched:sched_process_exec" })
  })
})
