import { describe, expect, it } from "vitest"
import { PerfDataReader } from "../../../../src/app/reading/perf-data-reader.ts"
import { newTally } from "../../../../src/app/reading/reader.ts"
import type { Stretch } from "../../../../src/formats/format.ts"
import { detectPerfData } from "../../../../src/formats/perf/perf-data/detect.ts"
import { lookAhead } from "../../../../src/formats/perf/perf-data/look-ahead.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { writeSession } from "../../../perf-writer/session.ts"

const BYTES = writeSession().bytes

async function open(eids = new Map<string, number>()) {
  const sink = new ObjectSink()
  const reader = new PerfDataReader({ writer: sink, host: "", eids, problem: () => {}, gap: () => {} })
  const detection = detectPerfData(BYTES, "perf.data")
  if (detection === null) throw new Error("not recognised")
  const ahead: readonly Stretch[] | null = await lookAhead(BYTES, async (wanted) =>
    wanted.map(({ offset, length }) => ({ offset, bytes: BYTES.subarray(offset, offset + length) })),
  )
  const tally = newTally()
  reader.beginSource({ sourceId: 1, detection, modifiedMs: 0, tally, ahead })
  return { sink, reader, eids, tally }
}

describe("PerfDataReader", () => {
  it("counts, and knows the machine", async () => {
    const { reader, tally } = await open()
    reader.push(BYTES, 0)
    reader.endSource()
    reader.end()
    expect(tally).toMatchObject({ records: 26, events: 24, rejected: 0, firstTime: 1_790_000_005 })
    expect([...tally.hosts]).toEqual(["linux-1"])
  })

  it.each([1800, 2500, 3000, 3700, BYTES.length])("stopped at %d gives each row once", async (stop) => {
    const whole = await open()
    whole.reader.push(BYTES, 0)
    whole.reader.endSource()
    whole.reader.end()

    const first = await open()
    first.reader.push(BYTES.subarray(0, stop), 0)
    expect(first.reader.consumedTo).toBe(0)
    const second = await open(first.eids)
    expect(second.reader.restoreState(first.reader.saveState())).toBe(true)
    second.reader.push(BYTES, 0)
    second.reader.endSource()
    second.reader.end()
    expect([...first.sink.rows, ...second.sink.rows]).toEqual(whole.sink.rows)
    expect(second.eids).toEqual(whole.eids)
  })

  it("takes no state that is none of its own", async () => {
    const { reader } = await open()
    expect(reader.restoreState("{")).toBe(false)
    expect(reader.restoreState("{}")).toBe(false)
  })
})
