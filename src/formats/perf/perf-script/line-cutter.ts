/** Cuts a source into lines over chunks of any size. What is longer than any line of perf is told and passed over. */

const LF = 0x0a
const CR = 0x0d
const NO_BYTES = Buffer.alloc(0)
/** A sample with a long file name and an argument list is a few KiB. */
export const MAX_LINE_BYTES = 256 * 1024

export interface LineConsumer {
  /** Without its line break; in Latin-1, a character a byte. */
  line(text: string, offset: number, length: number): void
  longLine(offset: number, length: number): void
}

export class LineCutter {
  readonly #consumer: LineConsumer
  #rest: Buffer = NO_BYTES
  #offset = 0
  /** Bytes of a line that is too long, of which nothing is kept. */
  #dropped = 0

  constructor(consumer: LineConsumer) {
    this.#consumer = consumer
  }

  /** First byte of the line that is not complete yet. */
  get consumedTo(): number {
    return this.#offset
  }

  begin(offset: number): void {
    this.#rest = NO_BYTES
    this.#offset = offset
    this.#dropped = 0
  }

  push(bytes: Buffer): void {
    let from = 0
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.#finish(bytes, from, end, 1)
      from = end + 1
    }
    if (from === bytes.length) return
    const left = bytes.length - from
    if (this.#dropped > 0 || this.#rest.length + left > MAX_LINE_BYTES) {
      this.#dropped += this.#rest.length + left
      this.#rest = NO_BYTES
    } else this.#rest = Buffer.concat([this.#rest, bytes.subarray(from)])
  }

  /** The last line may lack its break. */
  end(): void {
    if (this.#rest.length > 0 || this.#dropped > 0) this.#finish(NO_BYTES, 0, 0, 0)
  }

  #finish(bytes: Buffer, from: number, end: number, breakBytes: number): void {
    const length = this.#dropped + this.#rest.length + (end - from)
    const offset = this.#offset
    this.#offset += length + breakBytes
    if (length > MAX_LINE_BYTES) this.#consumer.longLine(offset, length)
    else {
      const hasReturn = (end > from ? bytes[end - 1] : this.#rest.at(-1)) === CR
      const head = this.#rest.length === 0 ? "" : this.#rest.latin1Slice()
      const text = head + bytes.latin1Slice(from, end)
      this.#consumer.line(hasReturn ? text.slice(0, -1) : text, offset, length)
    }
    this.#rest = NO_BYTES
    this.#dropped = 0
  }
}
