/**
 * Reads BPF_MAP_TYPE_RINGBUF: one ring of all CPUs, in order. Source of truth: Documentation/bpf/ringbuf.rst,
 * kernel/bpf/ringbuf.c.
 *
 *   descriptor, offset 0      page: u64 consumer position, ours
 *   descriptor, offset page   page: u64 producer position; then the data, mapped twice so that no record wraps
 *   record                    u32 length (bit 31: being written, bit 30: given up), u32 page, payload; padded to 8
 */
import { Position, type Ring, type TakeRecord } from "./ring.ts"

const HEADER_BYTES = 8
const BUSY = 1 << 31
const DISCARDED = 1 << 30
const LENGTH = DISCARDED - 1
/** So often the place is given back while a long run is read. */
const GIVE_BACK_BYTES = 64 * 1024

export class RingBuffer implements Ring {
  readonly #consumer: Position
  readonly #producer: Position
  readonly #data: Buffer
  readonly #lengths: Int32Array
  readonly #mask: number
  #position: number

  /**
   * @param consumerPage the writable page
   * @param producer the page of the producer and the data, twice
   */
  constructor(consumerPage: Buffer, producer: Buffer, pageBytes: number) {
    this.#consumer = new Position(consumerPage, 0)
    this.#producer = new Position(producer, 0)
    this.#data = producer.subarray(pageBytes)
    const { buffer, byteOffset, length } = this.#data
    this.#lengths = new Int32Array(buffer, byteOffset, length / 4)
    this.#mask = length / 2 - 1
    this.#position = this.#consumer.load()
  }

  waiting(): number {
    return this.#producer.load() - this.#position
  }

  drain(take: TakeRecord): boolean {
    let givenBack = this.#position
    let isEmpty = true
    for (let end = this.#producer.load(); this.#position < end; ) {
      const at = this.#placeOf(this.#position)
      const word = Atomics.load(this.#lengths, at / 4)
      if ((word & BUSY) !== 0) break
      const length = word & LENGTH
      const from = at + HEADER_BYTES
      isEmpty = (word & DISCARDED) !== 0 || take(this.#data, from, from + length)
      if (!isEmpty) break
      this.#position += (HEADER_BYTES + length + 7) & ~7
      if (this.#position - givenBack > GIVE_BACK_BYTES) {
        this.#consumer.store(this.#position)
        givenBack = this.#position
      }
      if (this.#position === end) end = this.#producer.load()
    }
    this.#consumer.store(this.#position)
    return isEmpty
  }

  /** The mask has 32 bits, the position more. */
  #placeOf(position: number): number {
    return position % (this.#mask + 1)
  }
}
