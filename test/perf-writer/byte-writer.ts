/** Writes integers and texts of a recording in either order of bytes. */

export class ByteWriter {
  readonly isBigEndian: boolean
  readonly #parts: Buffer[] = []
  length = 0

  constructor(isBigEndian: boolean) {
    this.isBigEndian = isBigEndian
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes)
    this.length += bytes.length
    return this
  }

  integer(value: bigint | number, length: number): this {
    const bytes = Buffer.alloc(length)
    let rest = BigInt.asUintN(length * 8, BigInt(value))
    for (let at = 0; at < length; at++) {
      bytes[this.isBigEndian ? length - 1 - at : at] = Number(rest & 0xffn)
      rest >>= 8n
    }
    return this.raw(bytes)
  }

  u16(value: number): this {
    return this.integer(value, 2)
  }

  u32(value: number): this {
    return this.integer(value, 4)
  }

  u64(value: bigint | number): this {
    return this.integer(value, 8)
  }

  /** With a NUL, and more of them up to a multiple of `align`. */
  text(text: string | Buffer, align = 1): this {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(1)])
    return this.raw(bytes).pad(bytes.length, align)
  }

  pad(length: number, align: number): this {
    return this.raw(Buffer.alloc((align - (length % align)) % align))
  }
}
