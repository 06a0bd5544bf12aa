import { describe, expect, it } from "vitest"
import { BpfStream } from "../../../../../src/app/capture/bpf/bpf-stream.ts"
import { FrameWriter } from "../../../../../src/sources/bpf/frame-writer.ts"
import type { TakeRecord } from "../../../../../src/sources/bpf/ring.ts"
import { VirtualClock } from "../../../../virtual-clock.ts"

class FakeSession {
  readonly transport = "ringbuf"
  readonly did: string[] = []
  lost = 0
  emitted = 0
  #waiting = 0

  put(records: number): void {
    this.#waiting += records
    this.emitted += records
  }

  start(): void {
    this.did.push("start")
  }

  stop(): void {
    this.did.push("stop")
  }

  close(): void {
    this.did.push("close")
  }

  waiting(): number {
    return this.#waiting
  }

  counters() {
    return { attempted: this.emitted + this.lost, emitted: this.emitted, lost: this.lost, unpaired: 0 }
  }

  drain(take: TakeRecord): boolean {
    const record = Buffer.alloc(112)
    for (; this.#waiting > 0; this.#waiting--) if (!take(record, 0, record.length)) return false
    return true
  }
}

function open() {
  const session = new FakeSession()
  const clock = new VirtualClock(0)
  const said: string[] = []
  const writer = new FrameWriter({
    source: session,
    cpus: 1,
    clocks: () => ({ monotonicNs: 0n, realtimeNs: 0n }),
    cgroupPath: () => undefined,
    processes: () => [],
  })
  const stream = new BpfStream({ session, writer, clock, ringBytes: 4096, say: (text) => said.push(text) })
  return { session, stream, said }
}

describe("a capture by BPF as a stream", () => {
  it("reads what is there after it was told to stop, then the sums", async () => {
    const { session, stream } = open()
    const bytes = stream.bytes[Symbol.asyncIterator]()
    expect((await bytes.next()).value?.length).toBe(64)
    session.put(3)
    await stream.stop()
    await stream.stop()
    expect((await bytes.next()).value?.length).toBe(3 * 120)
    expect((await bytes.next()).value?.length).toBe(24)
    expect((await bytes.next()).done).toBe(true)
    expect(stream.figures()).toEqual({
      attempted: 3,
      emitted: 3,
      lost: 0,
      unread: 0,
      unpaired: 0,
      isNone: true,
    })
    await stream.close()
    expect(session.did).toEqual(["start", "stop", "stop", "close"])
  })

  it("says once that records are lost, and counts what was left unread", () => {
    const { session, stream, said } = open()
    session.put(2)
    session.lost = 5
    stream.look()
    stream.look()
    expect(said).toEqual(["Warning: the ring had no room for 5 records so far; the end tells how many"])
    expect(stream.kernel).toEqual({ lost: 5, backlog: 2, backlogLimit: 4096 })
    expect(stream.figures()).toEqual({
      attempted: 7,
      emitted: 2,
      lost: 5,
      unread: 2,
      unpaired: 0,
      isNone: false,
    })
  })
})
