/** Trails through the reader: counts, ranges of time, hosts, records as JSON, and reading on. */
import { describe, expect, it } from "vitest"
import { createBsmReader } from "../../../../src/app/reading/bsm-reader.ts"
import { newTally, type ReaderOptions } from "../../../../src/app/reading/reader.ts"
import type { Gap, Problem } from "../../../../src/base/problem.ts"
import type { Detection } from "../../../../src/formats/format.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { record, SECOND } from "../../../bsm-writer/record.ts"
import * as tokens from "../../../bsm-writer/tokens.ts"
import { KeptRecords } from "../../../kept-records.ts"

const at = (second: number, host?: string): Buffer =>
  record(
    23,
    [
      tokens.execArgs(["a", String(second)]),
      tokens.path("/bin/a"),
      tokens.subject({ pid: second }),
      tokens.returns32(),
    ],
    {
      second: SECOND + second,
      ...(host === undefined ? {} : { host }),
    },
  )

function open(options: Partial<ReaderOptions> = {}, variant = "trail") {
  const sink = new ObjectSink()
  const problems: Problem[] = []
  const gaps: Gap[] = []
  const records: string[] = []
  const tally = newTally()
  const reader = createBsmReader({
    writer: sink,
    host: "mac-1",
    problem: (problem) => problems.push(problem),
    gap: (gap) => gaps.push(gap),
    ...options,
  })
  const detection = { format: "bsm", variant } as Detection
  reader.beginSource({ sourceId: 1, detection, modifiedMs: 0, tally })
  return { reader, sink, problems, gaps, records, tally }
}

function asRecords(variant?: string) {
  const records = new KeptRecords()
  return { ...open({ records }, variant), texts: records.texts }
}

describe("the reader of trails", () => {
  it("counts records, events, rejected stretches and times", () => {
    const { reader, tally, problems } = open()
    reader.push(Buffer.concat([tokens.file32("/var/audit/a"), at(1), Buffer.from("garbage"), at(9)]), 0)
    reader.endSource()
    reader.end()
    expect(tally).toMatchObject({
      records: 3,
      events: 2,
      rejected: 1,
      firstTime: SECOND + 1,
      lastTime: SECOND + 9,
    })
    expect(problems.map(({ code }) => code)).toEqual(["bsm/skipped-bytes"])
  })

  it("gives rows of the records that are selected, counts all, and calls nothing silent that was left out", () => {
    const { reader, tally, sink } = open({ bsm: { selection: { pid: 2 } } })
    reader.push(Buffer.concat([at(1), at(2), at(3)]), 0)
    reader.endSource()
    reader.end()
    expect(tally).toMatchObject({ records: 3, events: 3, remarks: [] })
    expect(sink.rows.map(({ values }) => values.pid)).toEqual([2])
    const whole = open()
    whole.reader.push(at(1), 0)
    whole.reader.endSource()
    expect(whole.tally.remarks).not.toEqual([])
  })

  it("knows hosts by their headers, else as given", () => {
    const { reader, tally, sink } = open()
    reader.push(Buffer.concat([at(1), at(2, "192.0.2.7")]), 0)
    reader.endSource()
    expect([...tally.hosts]).toEqual(["mac-1", "192.0.2.7"])
    expect(sink.rows.map(({ values }) => values.host)).toEqual(["mac-1", "192.0.2.7"])
  })

  it("gives rows within a range of time only, and counts all", () => {
    const { reader, tally, sink } = open({ start: SECOND + 2, end: SECOND + 3 })
    reader.push(Buffer.concat([1, 2, 3, 4].map((second) => at(second))), 0)
    reader.endSource()
    expect(sink.rows.map(({ values }) => values.pid)).toEqual([2, 3])
    expect(tally.events).toBe(4)
  })

  it("gives records instead of rows, file tokens among them", () => {
    const { reader, texts, sink } = asRecords("trail-freebsd")
    reader.push(Buffer.concat([tokens.file32("/var/audit/a"), at(1)]), 0)
    reader.endSource()
    expect(sink.rows).toEqual([])
    const objects = texts.map((text) => JSON.parse(text) as Record<string, unknown>)
    expect(objects).toMatchObject([
      { format: "bsm", offset: 0, length: 24, type: "file", platform: "freebsd" },
      { format: "bsm", offset: 24, type: "AUE_EXECVE", time: "2023-11-14T22:13:21.037Z" },
    ])
    const keys = ["format", "offset", "length", "time", "id", "type", "platform", "tokens"]
    expect(Object.keys(objects[1] ?? {})).toEqual(keys)
  })

  it("takes the system that it is told", () => {
    const { reader, sink } = open({ bsm: { platform: "macos" } }, "trail-freebsd")
    const fd = tokens.arg32(1, 3, "fd")
    reader.push(
      record(32, [fd, tokens.sockinet128("2001:db8::1", 0xbb01), tokens.subject(), tokens.returns32()]),
      0,
    )
    reader.endSource()
    expect(sink.rows.map(({ values }) => values.remote_port)).toEqual([443])
  })

  it("reads on where it stopped", () => {
    const trail = Buffer.concat([at(1), at(2), at(3)])
    const first = open()
    first.reader.push(trail.subarray(0, trail.length - 20), 0)
    const state = first.reader.saveState()
    const from = first.reader.consumedTo
    expect(from).toBe(at(1).length * 2)
    const second = open()
    expect(second.reader.restoreState(state)).toBe(true)
    second.reader.push(trail.subarray(from), from)
    second.reader.endSource()
    const rows = [...first.sink.rows, ...second.sink.rows].map(({ values }) => [
      values.pid,
      values.source_offset,
    ])
    expect(rows).toEqual([1, 2, 3].map((pid) => [pid, (pid - 1) * at(1).length]))
    expect(open().reader.restoreState("no state")).toBe(false)
  })
})
