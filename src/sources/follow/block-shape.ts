/**
 * What a file that is written in blocks looks like, given as data: nothing here knows what is in a block.
 *
 *   header | block | block | …      each block: head, then what is added to it
 */

export interface BlockShape {
  readonly headerBytes: number
  readonly blockBytes: number
  /** Of a block's first bytes, which change when the block does, sooner or later. */
  readonly headBytes: number
  /** What a block that is in use begins with. */
  readonly magic: Buffer
  /** A stretch of the head that stays until the block is used anew, by what it begins with. */
  readonly mark: {
    readonly at: number
    readonly bytes: number
    readonly magic: Buffer
    /** Of a number in it, 64 bits, little endian: of blocks in use the newest has the highest, and it never falls. */
    readonly numberAt: number
  }
}
