import { describe, expect, it } from "vitest"
import { FRAME, frameBytes, readRawHeader } from "../../../../src/formats/perf-ring/raw-file.ts"
import { FrameWriter } from "../../../../src/sources/bpf/frame-writer.ts"
import type { TakeRecord } from "../../../../src/sources/bpf/ring.ts"

const RECORD_BYTES = 120

function record(cgroup: number, cpu: number): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES)
  bytes.writeUInt32LE(RECORD_BYTES)
  bytes.writeBigUInt64LE(BigInt(cgroup), 32)
  bytes.writeUInt32LE(cpu, 88)
  return bytes
}

class FakeSource {
  readonly transport: "ringbuf" | "perf"
  waiting: Buffer[] = []

  constructor(transport: "ringbuf" | "perf") {
    this.transport = transport
  }

  drain(take: TakeRecord): boolean {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if (!take(next, 0, next.length)) return false
      this.waiting.shift()
    }
    return true
  }

  counters() {
    return { attempted: 9, emitted: 7, lost: 2, unpaired: 0 }
  }
}

function open(transport: "ringbuf" | "perf" = "ringbuf") {
  const source = new FakeSource(transport)
  const clock = { monotonicNs: 5_000_000_000n, realtimeNs: 1_700_000_000_000_000_000n }
  const writer = new FrameWriter({
    source,
    cpus: 2,
    clocks: () => ({ ...clock }),
    cgroupPath: (id) => (id === 39 ? "/docker" : undefined),
    processes: () => [],
  })
  return { source, writer, clock }
}

function kindsOf(bytes: Buffer | undefined): number[] {
  const kinds: number[] = []
  for (let at = 0; bytes !== undefined && at < bytes.length; at += frameBytes(bytes.readUInt32LE(at)))
    kinds.push(bytes.readUInt16LE(at + 4))
  return kinds
}

describe("the frames of a capture", () => {
  it("begin with the clocks", () => {
    const { writer, clock } = open("perf")
    expect(readRawHeader(writer.begin())).toEqual({ ...clock, cpus: 2, hasRounds: true })
  })

  it("tell a control group once, before its first record", () => {
    const { source, writer } = open()
    source.waiting = [record(39, 1), record(39, 0), record(7, 0)]
    const piece = writer.next()
    expect(kindsOf(piece)).toEqual([FRAME.cgroup, FRAME.record, FRAME.record, FRAME.record])
    expect(piece?.toString("latin1", 16, 23)).toBe("/docker")
    expect(writer.next()).toBeUndefined()
  })

  it("end a round of several rings, and have none of one ring", () => {
    const { source, writer } = open("perf")
    source.waiting = [record(7, 1)]
    expect(kindsOf(writer.next())).toEqual([FRAME.record, FRAME.round])
    expect(writer.next()).toBeUndefined()
  })

  it("come in pieces of bounded size, with nothing left out", () => {
    const { source, writer } = open()
    source.waiting = Array.from({ length: 5000 }, () => record(7, 0))
    let records = 0
    for (let piece = writer.next(); piece !== undefined; piece = writer.next()) {
      expect(piece.length).toBeLessThanOrEqual(256 * 1024)
      records += kindsOf(piece).length
    }
    expect([records, writer.records]).toEqual([5000, 5000])
  })

  it("tell the clocks again when they were set, and the sums at the end", () => {
    const { writer, clock } = open()
    writer.begin()
    writer.look()
    expect(writer.next()).toBeUndefined()
    clock.monotonicNs += 11_000_000_000n
    writer.look()
    expect(kindsOf(writer.next())).toEqual([FRAME.clock])
    const end = writer.end()
    expect([kindsOf(end), end.readBigUInt64LE(8), end.readBigUInt64LE(16)]).toEqual([[FRAME.totals], 9n, 2n])
  })
})
