/** A byte buffer that grows while a row is written into it, and is kept for the next row. */

export class GrowingBytes {
  bytes: Buffer
  used = 0
  /** Bytes that stay free beyond every reservation: room for the row's fixed parts, which then need no check. */
  slack = 0
  private readonly initial: number

  constructor(initial: number) {
    this.initial = initial
    // No pool, no old contents: what is never written must not reach a file.
    this.bytes = Buffer.alloc(initial)
  }

  /** Makes room for `count` bytes and the slack. May replace `bytes`. */
  reserve(count: number): void {
    const needed = this.used + count + this.slack
    if (needed <= this.bytes.length) return
    const grown = Buffer.alloc(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.used)
    this.bytes = grown
  }

  /** Empties the buffer; memory that one huge row took is given back. */
  clear(): void {
    this.used = 0
    if (this.bytes.length > this.initial * 8) this.bytes = Buffer.alloc(this.initial)
  }
}

/** Copies `source[from, to)` to `target` at `at` and returns the end; a loop beats a call for short pieces. */
export function copyShort(
  source: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  at: number,
): number {
  let out = at
  for (let index = from; index < to; index++) target[out++] = source[index] as number
  return out
}
