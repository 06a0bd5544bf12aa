import { readFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { PerfRing } from "../../../../src/sources/bpf/perf-ring.ts"
import { RingBuffer } from "../../../../src/sources/bpf/ring-buffer.ts"
import { hasShared, NEEDS_SHARED, SHARED } from "../../../acceptance/read-rows.ts"

const PAGE = 4096
const BUSY = 0x8000_0000
const DISCARDED = 0x4000_0000

/** The kernel's side of a ring buffer. */
class FakeRingBuffer {
  readonly consumer = alignedBuffer(PAGE)
  readonly producer: Buffer
  readonly #size: number
  #position = 0

  constructor(size: number) {
    this.#size = size
    this.producer = alignedBuffer(PAGE + 2 * size)
  }

  /** False when there is no room. */
  put(payload: Buffer, bits = 0): boolean {
    const total = (8 + payload.length + 7) & ~7
    const consumed = Number(this.consumer.readBigUInt64LE())
    if (this.#position + total - consumed > this.#size) return false
    const record = Buffer.alloc(8 + payload.length)
    record.writeUInt32LE((payload.length | bits) >>> 0)
    payload.copy(record, 8)
    record.forEach((byte, index) => {
      const at = (this.#position + index) % this.#size
      // Mapped twice.
      this.producer[PAGE + at] = byte
      this.producer[PAGE + at + this.#size] = byte
    })
    this.#position += total
    this.producer.writeBigUInt64LE(BigInt(this.#position))
    return true
  }

  finish(at: number, length: number): void {
    this.producer.writeUInt32LE(length, PAGE + at)
    this.producer.writeUInt32LE(length, PAGE + at + this.#size)
  }
}

class FakePerfRing {
  readonly memory: Buffer
  readonly #size: number
  #head = 0

  constructor(size: number) {
    this.#size = size
    this.memory = alignedBuffer(PAGE + size)
    this.memory.writeBigUInt64LE(BigInt(PAGE), 1040)
    this.memory.writeBigUInt64LE(BigInt(size), 1048)
  }

  put(payload: Buffer, type = 9): boolean {
    const raw = ((payload.length + 4 + 7) & ~7) - 4
    const record = Buffer.alloc(12 + raw)
    record.writeUInt32LE(type, 0)
    record.writeUInt16LE(record.length, 6)
    record.writeUInt32LE(raw, 8)
    payload.copy(record, 12)
    if (this.#head + record.length - Number(this.memory.readBigUInt64LE(1032)) > this.#size) return false
    record.forEach((byte, index) => {
      this.memory[PAGE + ((this.#head + index) % this.#size)] = byte
    })
    this.#head += record.length
    this.memory.writeBigUInt64LE(BigInt(this.#head), 1024)
    return true
  }
}

function alignedBuffer(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(bytes))
}

/** As our programs write: the length first. */
function payloadOf(length: number, seed: number): Buffer {
  const payload = Buffer.alloc(length, seed & 0xff)
  payload.writeUInt32LE(length)
  return payload
}

const lengths = fc.array(fc.integer({ min: 8, max: 700 }), { minLength: 1, maxLength: 60 })

describe("a ring buffer", () => {
  it("hands out everything in order, round and round", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 6 }), (all, every) => {
        const fake = new FakeRingBuffer(PAGE)
        const ring = new RingBuffer(fake.consumer, fake.producer, PAGE)
        const got: string[] = []
        const drain = () => ring.drain((bytes, from, to) => got.push(bytes.toString("latin1", from, to)) > 0)
        all.forEach((length, index) => {
          if (!fake.put(payloadOf(length, index))) {
            drain()
            fake.put(payloadOf(length, index))
          }
          if (index % every === 0) drain()
        })
        drain()
        expect(got).toEqual(all.map((length, index) => payloadOf(length, index).toString("latin1")))
        expect(ring.waiting()).toBe(0)
      }),
    )
  })

  it("waits for a record that is being written, and passes over one that was given up", () => {
    const fake = new FakeRingBuffer(PAGE)
    const ring = new RingBuffer(fake.consumer, fake.producer, PAGE)
    const got: number[] = []
    const drain = () => ring.drain((bytes, from) => got.push(bytes.readUInt32LE(from)) > 0)
    fake.put(payloadOf(16, 1), DISCARDED)
    fake.put(payloadOf(24, 2), BUSY)
    fake.put(payloadOf(32, 3))
    drain()
    expect([got, ring.waiting()]).toEqual([[], 32 + 40])
    fake.finish(24, 24)
    drain()
    expect(got).toEqual([24, 32])
  })

  it("keeps what is not taken", () => {
    const fake = new FakeRingBuffer(PAGE)
    const ring = new RingBuffer(fake.consumer, fake.producer, PAGE)
    for (const length of [8, 16, 24]) fake.put(payloadOf(length, 0))
    const got: number[] = []
    const take = (room: number) => (bytes: Buffer, from: number) =>
      got.length < room && got.push(bytes.readUInt32LE(from)) > 0
    expect(ring.drain(take(2))).toBe(false)
    expect(ring.drain(take(3))).toBe(true)
    expect(got).toEqual([8, 16, 24])
  })
})

describe("a perf ring", () => {
  it("hands out samples in order, joined where they wrap, without their padding", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 6 }), (all, every) => {
        const fake = new FakePerfRing(PAGE)
        const ring = new PerfRing(fake.memory)
        const got: string[] = []
        const drain = () => ring.drain((bytes, from, to) => got.push(bytes.toString("latin1", from, to)) > 0)
        all.forEach((length, index) => {
          if (!fake.put(payloadOf(length, index))) {
            drain()
            fake.put(payloadOf(length, index))
          }
          if (index % every === 0) {
            fake.put(Buffer.alloc(16), 2)
            drain()
          }
        })
        drain()
        expect(got).toEqual(all.map((length, index) => payloadOf(length, index).toString("latin1")))
      }),
    )
  })
})

describe.skipIf(!hasShared)(`saved rings ${NEEDS_SHARED}`, () => {
  const folder = join(SHARED, "perf/ring")
  const decoded = (prefix: string) =>
    readFileSync(join(folder, `${prefix}.decoded.jsonl`), "utf8")
      .trim()
      .split("\n")

  it("give as many records as were decoded from them", () => {
    const consumer = Buffer.from(new Uint8Array(readFileSync(join(folder, "ringbuf.consumer.page"))).buffer)
    const image = readFileSync(join(folder, "ringbuf.producer-and-data.img"))
    const twice = Buffer.from(new Uint8Array(Buffer.concat([image, image.subarray(PAGE)])).buffer)
    let records = 0
    new RingBuffer(consumer, twice, PAGE).drain(() => ++records > 0)
    expect(records).toBe(decoded("ringbuf").length)
  })

  it.each(["perf-array", "perf-array-lost-wrapped", "hostile"])("of %s as well", (prefix) => {
    let records = 0
    for (const cpu of [0, 1]) {
      const image = readFileSync(join(folder, `${prefix}.cpu${cpu}.ring`))
      new PerfRing(Buffer.from(new Uint8Array(image).buffer)).drain(() => ++records > 0)
    }
    const lines = decoded(prefix).filter((line) => !/"type":"?(LOST|lost)/.test(line))
    expect(records).toBe(lines.length)
  })
})
