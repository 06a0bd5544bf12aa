import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { viewOf } from "../../../../../src/base/growing-bytes.ts"
import { RecordingClock } from "../../../../../src/formats/perf/perf-data/clock.ts"
import { RecordQueue } from "../../../../../src/formats/perf/perf-data/record-queue.ts"
import { CLOCK, PerfSample } from "../../../../../src/formats/perf/sample.ts"

describe("RecordQueue", () => {
  const ROUND = -1

  it("gives what perf's rounds give: never later than the next but one, in the order of times", () => {
    const steps = fc.array(fc.oneof(fc.nat(50), fc.constant(ROUND)), { maxLength: 300 })
    fc.assert(
      fc.property(steps, (list) => {
        const given: string[] = []
        const queue = new RecordQueue(({ bytes, starts, sizes, offsets, sources }, place) => {
          const time = bytes.readUInt32LE(starts[place])
          given.push(`${time} ${offsets[place]} ${sizes[place]} ${sources[place]}`)
        })
        queue.sourceId = 3
        const expected: string[] = []
        let waiting: (readonly [number, number])[] = []
        let [max, due] = [0, 0]
        const giveUpTo = (last: number) => {
          const sorted = [...waiting].sort((a, b) => a[0] - b[0] || a[1] - b[1])
          for (const [time, offset] of sorted) if (time <= last) expected.push(`${time} ${offset} 16 3`)
          waiting = sorted.filter(([time]) => time > last)
        }
        for (const [offset, step] of list.entries()) {
          if (step === ROUND) {
            queue.finishRound()
            giveUpTo(due)
            due = max
            continue
          }
          const record = Buffer.alloc(20)
          record.writeUInt32LE(step, 4)
          // Times that differ in their upper halves only.
          queue.add(viewOf(record), 4, 16, step, 0xffff_ffff - step, offset)
          waiting.push([step, offset])
          max = Math.max(max, step)
        }
        queue.giveAll()
        giveUpTo(Number.POSITIVE_INFINITY)
        expect(given).toEqual(expected)
      }),
    )
  })

  it("keeps what waits when the room of what has gone is used again", () => {
    const given: number[] = []
    const queue = new RecordQueue(({ bytes, starts }, place) => {
      given.push(bytes.readUInt32LE(starts[place]))
    })
    const record = Buffer.alloc(8192)
    for (let time = 1; time <= 2000; time++) {
      record.writeUInt32LE(time, 0)
      queue.add(viewOf(record), 0, record.length, 0, time, 0)
      if (time % 50 === 0) queue.finishRound()
    }
    expect(queue.used).toBeLessThan(4 * 1024 * 1024)
    queue.giveAll()
    expect(given).toEqual(Array.from({ length: 2000 }, (_, at) => at + 1))
  })
})

describe("RecordingClock", () => {
  it("keeps every nanosecond of 64 bits", () => {
    const ns = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
    const offset = fc.bigInt({ min: -(1n << 62n), max: 1n << 62n })
    fc.assert(
      fc.property(ns, offset, (time, epoch) => {
        const clock = new RecordingClock()
        clock.set(CLOCK.unix, epoch)
        const sample = new PerfSample()
        clock.stamp(sample, Number(time >> 32n), Number(time & 0xffff_ffffn))
        expect(BigInt(sample.second) * 1_000_000_000n + BigInt(sample.nsec)).toBe(time + epoch)
        expect(sample.nsec).toBeGreaterThanOrEqual(0)
        expect(sample.nsec).toBeLessThan(1_000_000_000)
      }),
    )
  })
})
