/** What is known of each block of a file: digest of its head, what it begins with, whether it is to be handed on. */
import { crc32 } from "node:zlib"
import type { BlockShape } from "./block-shape.ts"

const TWO_32 = 0x1_0000_0000
const FIRST_CAPACITY = 256

export class BlockTable {
  readonly #shape: BlockShape
  #digests = new Uint32Array(FIRST_CAPACITY)
  #marks = new Uint32Array(FIRST_CAPACITY)
  /** -1 for a block that is not in use. */
  #numbers = new Float64Array(FIRST_CAPACITY).fill(-1)
  #isDue = new Uint8Array(FIRST_CAPACITY)
  #count = 0
  /** How many are to be handed on. */
  due = 0

  constructor(shape: BlockShape) {
    this.#shape = shape
  }

  get count(): number {
    return this.#count
  }

  /** Takes the head of a block as it is now; false when another file must lie here. @param length of the block */
  note(block: number, head: Buffer, length: number): boolean {
    if (block >= this.#count) this.#grow(block + 1)
    const digest = crc32(head, length)
    const before = this.#numbers[block] as number
    const number = this.#numberOf(head)
    const { at, bytes } = this.#shape.mark
    const mark = number < 0 ? 0 : crc32(head.subarray(at, at + bytes))
    if (before >= 0 && number >= 0) {
      if (number < before || (number === before && mark !== this.#marks[block])) return false
    }
    if (digest !== this.#digests[block]) this.want(block)
    this.#digests[block] = digest
    // What a block was last is known while it is being written anew.
    if (number < 0) return true
    this.#numbers[block] = number
    this.#marks[block] = mark
    return true
  }

  want(block: number): void {
    if (this.#isDue[block] === 1) return
    this.#isDue[block] = 1
    this.due++
  }

  isDue(block: number): boolean {
    return this.#isDue[block] === 1
  }

  handed(block: number): void {
    if (this.#isDue[block] === 0) return
    this.#isDue[block] = 0
    this.due--
  }

  /** The block that is written to; -1 when none is in use. */
  get newest(): number {
    let newest = -1
    let highest = -1
    for (let block = 0; block < this.#count; block++) {
      const number = this.#numbers[block] as number
      if (number > highest) [newest, highest] = [block, number]
    }
    return newest
  }

  /** Where the oldest block lies, when the newest does not lie last: a ring that has come round. */
  get oldest(): number {
    const first = this.#numbers[0] ?? -1
    for (let block = this.newest + 1; block < this.#count; block++) {
      const number = this.#numbers[block] as number
      if (number >= 0 && number < first) return block
    }
    return 0
  }

  #numberOf(head: Buffer): number {
    const { magic, mark } = this.#shape
    if (head.length < mark.at + mark.bytes) return -1
    if (magic.compare(head, 0, magic.length) !== 0) return -1
    if (mark.magic.compare(head, mark.at, mark.at + mark.magic.length) !== 0) return -1
    const at = mark.at + mark.numberAt
    return head.readUInt32LE(at + 4) * TWO_32 + head.readUInt32LE(at)
  }

  #grow(count: number): void {
    for (let block = this.#count; block < count; block++) {
      if (block >= this.#digests.length) this.#enlarge()
      this.#isDue[block] = 0
      this.want(block)
    }
    this.#count = count
  }

  #enlarge(): void {
    const capacity = this.#digests.length * 2
    const digests = new Uint32Array(capacity)
    const marks = new Uint32Array(capacity)
    const numbers = new Float64Array(capacity).fill(-1)
    const isDue = new Uint8Array(capacity)
    digests.set(this.#digests)
    marks.set(this.#marks)
    numbers.set(this.#numbers)
    isDue.set(this.#isDue)
    this.#digests = digests
    this.#marks = marks
    this.#numbers = numbers
    this.#isDue = isDue
  }
}
