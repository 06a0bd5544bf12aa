/** Big-endian integers of a token, read without allocating; the caller has checked that the bytes are there. */

const HIGH = 0x1_0000_0000

export function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

export function readU32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) * 0x1_00_00_00 +
    (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
  )
}

/** As a float: exact to 2^53. Values that may be larger are read as two halves. */
export function readU64(bytes: Uint8Array, at: number): number {
  return readU32(bytes, at) * HIGH + readU32(bytes, at + 4)
}

/** The signed reading of an unsigned 32-bit number. */
export function asSigned32(value: number): number {
  return value | 0
}
