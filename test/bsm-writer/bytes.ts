/** Pieces of BSM tokens. All integers are big-endian. Source: OpenBSM audit.log(5). */

export type Text = string | Buffer

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff])
export const u16 = (value: number): Buffer => Buffer.from([(value >> 8) & 0xff, value & 0xff])

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

export function u64(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)))
  return bytes
}

const bytesOf = (text: Text): Buffer => (typeof text === "string" ? Buffer.from(text) : text)

/** Length with the NUL, the bytes, the NUL. */
export function str16(text: Text): Buffer {
  const bytes = bytesOf(text)
  return Buffer.concat([u16(bytes.length + 1), bytes, u8(0)])
}

export function blob16(bytes: Buffer): Buffer {
  return Buffer.concat([u16(bytes.length), bytes])
}

/** Up to a NUL. */
export function cstr(text: Text): Buffer {
  return Buffer.concat([bytesOf(text), u8(0)])
}

/** 4 bytes of a dotted address, or 16 of an IPv6 address written in full or with one `::`. */
export function address(text: string): Buffer {
  if (!text.includes(":")) return Buffer.from(text.split(".").map(Number))
  const [head = "", tail] = text.split("::")
  const before = wordsOf(head)
  const after = tail === undefined ? [] : wordsOf(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return Buffer.concat([...before, ...zeros, ...after].map(u16))
}

function wordsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16))
}
