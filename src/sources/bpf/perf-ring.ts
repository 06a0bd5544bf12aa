/**
 * Reads the perf ring of one CPU, into which programs put their records. Source of truth: perf_event_open(2),
 * include/uapi/linux/perf_event.h (struct perf_event_mmap_page).
 *
 *   page 0    u64 data_head at 1024, data_tail 1032 (ours), data_offset 1040, data_size 1048
 *   record    u32 type, u16 misc, u16 size; type 9: u32 bytes, payload, padding to 8. It may wrap.
 *
 * The payload says its own length; losses are counted by the programs, since the ring's own records of them are late.
 */
import { Position, type Ring, type TakeRecord } from "./ring.ts"

const HEADER_BYTES = 8
const SAMPLE = 9
const PAYLOAD_AT = 12
const MOST_BYTES = 64 * 1024

export class PerfRing implements Ring {
  readonly #head: Position
  readonly #tail: Position
  readonly #data: Buffer
  readonly #joined = Buffer.allocUnsafeSlow(MOST_BYTES)
  #position: number

  /** @param memory the whole mapping */
  constructor(memory: Buffer) {
    this.#head = new Position(memory, 1024)
    this.#tail = new Position(memory, 1032)
    const from = Number(memory.readBigUInt64LE(1040))
    this.#data = memory.subarray(from, from + Number(memory.readBigUInt64LE(1048)))
    this.#position = this.#tail.load()
  }

  waiting(): number {
    return this.#head.load() - this.#position
  }

  drain(take: TakeRecord): boolean {
    const end = this.#head.load()
    let isEmpty = true
    while (this.#position < end) {
      const at = this.#position % this.#data.length
      const size = this.#data.readUInt16LE(at + 6)
      if (size < HEADER_BYTES) break
      if (this.#data.readUInt32LE(at) === SAMPLE) isEmpty = this.#hand(at, size, take)
      if (!isEmpty) break
      this.#position += size
    }
    this.#tail.store(this.#position)
    return isEmpty
  }

  #hand(at: number, size: number, take: TakeRecord): boolean {
    const end = at + size
    if (end <= this.#data.length) return handPayload(this.#data, at, end, take)
    const first = this.#data.copy(this.#joined, 0, at)
    this.#data.copy(this.#joined, first, 0, end - this.#data.length)
    return handPayload(this.#joined, 0, size, take)
  }
}

function handPayload(bytes: Buffer, at: number, end: number, take: TakeRecord): boolean {
  const from = at + PAYLOAD_AT
  return take(bytes, from, Math.min(from + bytes.readUInt32LE(from), end))
}
