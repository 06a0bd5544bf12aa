/** A byte buffer that grows while a row is written into it, and is kept for the next row. */

export class GrowingBytes {
  bytes: Buffer
  /** The same memory, for writes of four bytes at once. */
  view: DataView
  used = 0
  /** Bytes that stay free beyond every reservation: room for the row's fixed parts, which then need no check. */
  slack = 0
  private readonly initial: number

  constructor(initial: number) {
    this.initial = initial
    this.bytes = Buffer.alloc(0)
    this.view = viewOf(this.bytes)
    this.replace(initial)
  }

  /** Makes room for `count` bytes and the slack. May replace `bytes` and `view`. */
  reserve(count: number): void {
    const needed = this.used + count + this.slack
    if (needed > this.bytes.length) this.replace(Math.max(needed, this.bytes.length * 2))
  }

  /** Empties the buffer; memory that one huge row took is given back. */
  clear(): void {
    this.used = 0
    if (this.bytes.length > this.initial * 8) this.replace(this.initial)
  }

  private replace(length: number): void {
    // Zeroed and of its own: what is never written must not reach a file.
    const bytes = Buffer.alloc(length)
    this.bytes.copy(bytes, 0, 0, this.used)
    this.bytes = bytes
    this.view = viewOf(bytes)
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Copies `count` bytes eight at a time, and up to seven bytes more on both sides: for constants kept with padding.
 * They must be ASCII: as a double it is never a NaN, whose bits might change.
 */
export function copyWords(source: DataView, from: number, target: DataView, at: number, count: number): void {
  for (let done = 0; done < count; done += 8)
    target.setFloat64(at + done, source.getFloat64(from + done, true), true)
}

/** Copies exactly `count` bytes, four at a time: for pieces too short to be worth a call out of JavaScript. */
export function copyShort(source: DataView, from: number, target: DataView, at: number, count: number): void {
  let done = 0
  for (; done + 4 <= count; done += 4) target.setInt32(at + done, source.getInt32(from + done, true), true)
  for (; done < count; done++) target.setInt8(at + done, source.getInt8(from + done))
}
