/** What the person who watches a capture sees, on a terminal and elsewhere. */
import { describe, expect, it } from "vitest"
import type { LiveState } from "../../../../src/app/capture/capture-request.ts"
import { LiveDisplay, stateLine } from "../../../../src/app/capture/live-display.ts"

const START_MS = Date.UTC(2026, 10, 22, 4, 11, 9)
const MIB = 1024 * 1024
const STATE: LiveState = {
  nowMs: START_MS,
  records: 0,
  rows: new Map([
    ["process_events", 12_040],
    ["socket_events", 81],
    ["process_file_events", 7],
  ]),
  depths: [3, 0],
  kernel: { lost: 0, backlog: 12, backlogLimit: 4096 },
  residentBytes: 96 * MIB,
}
const LINE =
  "  1 204 records/s  queues 3/0  lost 0  backlog 12/4096  process 12 040  socket 81  file 7  96.0 MiB"

function display(columns: number | null, isQuiet = false) {
  const written: string[] = []
  const shown = new LiveDisplay({ write: (text) => written.push(text), columns: () => columns, isQuiet })
  return { shown, written }
}

describe("the line of a capture", () => {
  it("says how it stands", () => {
    expect(stateLine(STATE, 1204)).toBe(LINE)
    expect(stateLine({ ...STATE, kernel: null, rows: new Map() }, 0)).toBe(
      "  0 records/s  queues 3/0  96.0 MiB",
    )
  })
})

describe("on a terminal", () => {
  it.each([20, 40, 80])("of %i columns it keeps to one line", (columns) => {
    const { shown, written } = display(columns)
    shown.update(STATE)
    const [, line = ""] = /^\r(.*)\x1b\[K$/.exec(written[0] ?? "") ?? []
    expect(line.length).toBeLessThanOrEqual(columns - 1)
    expect(line.endsWith("…")).toBe(true)
  })

  it("is redrawn in place, and again under each message", () => {
    const { shown, written } = display(200)
    const line = stateLine(STATE, 0)
    shown.update(STATE)
    shown.log("something happened")
    shown.end()
    shown.log("the end")
    expect(written).toEqual([
      `\r${line}\x1b[K`,
      "\r\x1b[K",
      "something happened\n",
      `\r${line}\x1b[K`,
      "\r\x1b[K",
      "the end\n",
    ])
  })

  it("shows the rate of the last seconds", () => {
    const { shown, written } = display(200)
    for (let second = 0; second <= 20; second++) {
      const records = second <= 10 ? second * 1000 : 10_000 + (second - 10) * 50
      shown.update({ ...STATE, nowMs: START_MS + second * 1000, records })
    }
    expect(written[0]).toContain("  0 records/s")
    expect(written[10]).toContain("  1 000 records/s")
    expect(written[20]).toContain("  50 records/s")
  })

  it("never lets a message move the cursor or break a line", () => {
    const { shown, written } = display(80)
    shown.log("Audit control lost to pid: 5 (\x1b[2J\rroot\n\u202e)")
    expect(written.join("")).toBe("Audit control lost to pid: 5 (\\x1b[2J\\rroot\\n\\u{202e})\n")
  })
})

describe("without a terminal", () => {
  it("is a line a minute, with its time", () => {
    const { shown, written } = display(null)
    for (let second = 0; second <= 130; second++) shown.update({ ...STATE, nowMs: START_MS + second * 1000 })
    const line = stateLine(STATE, 0).trim()
    expect(written).toEqual([`2026-11-22T04:12:09Z ${line}\n`, `2026-11-22T04:13:09Z ${line}\n`])
  })

  it("leaves messages in one line, escaped", () => {
    const { shown, written } = display(null)
    const long = "word ".repeat(40).trim()
    shown.log(`${long}\x07`)
    shown.end()
    expect(written).toEqual([`${long}\\x07\n`])
  })
})

describe("quiet", () => {
  it("leaves nothing but messages", () => {
    const { shown, written } = display(80, true)
    shown.update(STATE)
    shown.log("Warning: x")
    shown.end()
    expect(written).toEqual(["Warning: x\n"])
  })
})
