/**
 * Messages on their way from the reader's thread to the parser's: one writes, one reads, over shared memory, without
 * a lock.
 *
 *   u32 length, message, up to three bytes of padding; length 0xFFFFFFFF: go on at the beginning
 *
 * Source of truth: ECMA-262 Atomics (sequentially consistent).
 */

/** Bytes of a ring; a power of two. 5,120 records of the usual length fill a third of it. */
export const RING_BYTES = 4 * 1024 * 1024
const WRAP = 0xffff_ffff
const LENGTH_BYTES = 4

/** Slots of the shared counters. */
export const SLOT = {
  head: 0,
  tail: 1,
  /** Messages put in, and messages that are done with. */
  taken: 2,
  done: 3,
  /** Most messages that ever waited. */
  highest: 4,
  /** Pauses of the reader since it began. */
  pauses: 5,
  isPausing: 6,
  /** Times that the socket's own buffer overflowed. */
  overruns: 7,
  /** Messages longer than the buffer for them, and messages that did not come from the kernel. */
  truncated: 8,
  foreign: 9,
  /** Longest time between two looks at the socket, in ms. */
  longestGapMs: 10,
  /** Descriptor that the reader reads. */
  descriptor: 11,
  /** 1: stop when nothing has come for a moment. 2: stop at once. */
  stop: 12,
  /** 1 when the reader has ended. */
  ended: 13,
  /** errno of a failure, 0 without. */
  failure: 14,
  /** Bell for who waits for messages. */
  bell: 15,
  /** 1 when the thread has loaded what it needs. */
  ready: 16,
  /** 1 when the thread shall give up what privileges it has left. */
  drop: 17,
} as const

export interface SharedRing {
  readonly counters: SharedArrayBuffer
  readonly bytes: SharedArrayBuffer
}

export function createSharedRing(bytes = RING_BYTES): SharedRing {
  return { counters: new SharedArrayBuffer(4 * 32), bytes: new SharedArrayBuffer(bytes) }
}

export class MessageRing {
  readonly counters: Int32Array<SharedArrayBuffer>
  readonly #bytes: Buffer
  readonly #mask: number

  constructor({ counters, bytes }: SharedRing) {
    this.counters = new Int32Array(counters)
    this.#bytes = Buffer.from(bytes)
    this.#mask = bytes.byteLength - 1
  }

  get(slot: number): number {
    return Atomics.load(this.counters, slot)
  }

  set(slot: number, value: number): void {
    Atomics.store(this.counters, slot, value)
  }

  add(slot: number, value: number): void {
    Atomics.add(this.counters, slot, value)
  }

  /** Messages that wait, those that are being worked on included. */
  get waiting(): number {
    return (this.get(SLOT.taken) - this.get(SLOT.done)) | 0
  }

  /** Writer: puts `source[start, start + length)` in; false when there is no room. */
  put(source: Buffer, start: number, length: number): boolean {
    const head = this.get(SLOT.head) >>> 0
    const tail = this.get(SLOT.tail) >>> 0
    const size = this.#mask + 1
    const needed = LENGTH_BYTES + ((length + 3) & ~3)
    const at = head & this.#mask
    const toEnd = size - at
    // A message lies in one piece.
    const skipped = toEnd < needed ? toEnd : 0
    if (((head - tail) >>> 0) + skipped + needed > size) return false
    if (skipped > 0) this.#bytes.writeUInt32LE(WRAP, at)
    const to = (at + skipped) & this.#mask
    this.#bytes.writeUInt32LE(length, to)
    source.copy(this.#bytes, to + LENGTH_BYTES, start, start + length)
    this.set(SLOT.head, (head + skipped + needed) | 0)
    this.add(SLOT.taken, 1)
    return true
  }

  /** Writer: tells the other side that there is something. */
  ring(): void {
    this.add(SLOT.bell, 1)
    Atomics.notify(this.counters, SLOT.bell)
  }

  /**
   * Reader: takes up to `most` messages, each behind its length, as far as `target` has room. Returns how many, and
   * how many bytes of `target` they fill.
   */
  take(most: number, target: Buffer): { readonly messages: number; readonly bytes: number } {
    const head = this.get(SLOT.head) >>> 0
    let tail = this.get(SLOT.tail) >>> 0
    let messages = 0
    let bytes = 0
    while (tail !== head && messages < most) {
      const at = tail & this.#mask
      const length = this.#bytes.readUInt32LE(at)
      if (length === WRAP) {
        tail = (tail + this.#mask + 1 - at) >>> 0
        continue
      }
      if (bytes + LENGTH_BYTES + length > target.length) break
      this.#bytes.copy(target, bytes, at, at + LENGTH_BYTES + length)
      bytes += LENGTH_BYTES + length
      messages++
      tail = (tail + LENGTH_BYTES + ((length + 3) & ~3)) >>> 0
    }
    this.set(SLOT.tail, tail | 0)
    return { messages, bytes }
  }

  /** Reader: waits until the bell rings, or so many milliseconds. */
  async wait(timeoutMs: number): Promise<void> {
    const bell = this.get(SLOT.bell)
    if (this.get(SLOT.head) !== this.get(SLOT.tail) || this.get(SLOT.ended) !== 0) return
    const { value } = Atomics.waitAsync(this.counters, SLOT.bell, bell, timeoutMs)
    await value
  }
}
