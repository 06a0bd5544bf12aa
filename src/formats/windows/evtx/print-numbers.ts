/** Numbers, GUIDs and SIDs as Windows prints them, straight into bytes. Each function returns the end of what it wrote. */

const LOWER = Buffer.from("0123456789abcdef", "latin1")
const UPPER = Buffer.from("0123456789ABCDEF", "latin1")
const TWO_32 = 0x1_0000_0000
const ZERO = 0x30
/** Places of the bytes of a GUID in its text; -1 is a hyphen. */
const GUID_ORDER = Int8Array.of(3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15)

export function readU32(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  )
}

/** A whole number from 0 to 2^53. */
export function printUint(target: Buffer, at: number, value: number): number {
  if (value < 10) {
    target[at] = ZERO + value
    return at + 1
  }
  let end = at + 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++
  let rest = value
  for (let next = end - 1; next >= at; next--) {
    const tenth = Math.floor(rest / 10)
    target[next] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  return end
}

/** Exactly `width` decimal digits. */
export function printDigits(target: Buffer, at: number, value: number, width: number): number {
  let rest = value
  for (let next = at + width - 1; next >= at; next--) {
    const tenth = Math.floor(rest / 10)
    target[next] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  return at + width
}

export function printUint64(target: Buffer, at: number, low: number, high: number): number {
  if (high < 0x20_0000) return printUint(target, at, high * TWO_32 + low)
  const text = ((BigInt(high) << 32n) | BigInt(low)).toString()
  return at + target.latin1Write(text, at)
}

export function printInt64(target: Buffer, at: number, low: number, high: number): number {
  if (high < 0x8000_0000) return printUint64(target, at, low, high)
  target[at] = 0x2d
  const isCarried = low === 0
  return printUint64(target, at + 1, (TWO_32 - low) % TWO_32, TWO_32 - high - (isCarried ? 0 : 1))
}

/** `0x` and lower-case digits without leading zeros. */
export function printHex(target: Buffer, at: number, low: number, high: number): number {
  target[at] = ZERO
  target[at + 1] = 0x78
  let digits = 1
  if (high > 0) digits = 8 + hexDigits(high)
  else digits = hexDigits(low)
  for (let next = 0; next < digits; next++) {
    const shift = digits - 1 - next
    const nibble = shift >= 8 ? high >>> ((shift - 8) * 4) : low >>> (shift * 4)
    target[at + 2 + next] = LOWER[nibble & 15] as number
  }
  return at + 2 + digits
}

function hexDigits(value: number): number {
  return value === 0 ? 1 : 8 - (Math.clz32(value) >> 2)
}

/** Two upper-case digits a byte. */
export function printBinary(target: Buffer, at: number, bytes: Buffer, from: number, end: number): number {
  let out = at
  for (let next = from; next < end; next++) {
    const byte = bytes[next] as number
    target[out++] = UPPER[byte >> 4] as number
    target[out++] = UPPER[byte & 15] as number
  }
  return out
}

export function printGuid(target: Buffer, at: number, bytes: Buffer, from: number): number {
  let out = at
  target[out++] = 0x7b
  for (let next = 0; next < GUID_ORDER.length; next++) {
    const place = GUID_ORDER[next] as number
    if (place < 0) {
      target[out++] = 0x2d
      continue
    }
    const byte = bytes[from + place] as number
    target[out++] = UPPER[byte >> 4] as number
    target[out++] = UPPER[byte & 15] as number
  }
  target[out++] = 0x7d
  return out
}

/** Bytes of the SID at `from`: 8 and 4 for each sub-authority; -1 when it does not fit. */
export function sidLength(bytes: Buffer, from: number, end: number): number {
  if (from + 8 > end) return -1
  const length = 8 + (bytes[from + 1] as number) * 4
  return from + length <= end ? length : -1
}

/** A SID whose length is known to fit. The authority is big endian; from 2^32 on Windows prints it in hex. */
export function printSid(target: Buffer, at: number, bytes: Buffer, from: number): number {
  target[at] = 0x53
  target[at + 1] = 0x2d
  let out = printUint(target, at + 2, bytes[from] as number)
  target[out++] = 0x2d
  const high = ((bytes[from + 2] as number) << 8) | (bytes[from + 3] as number)
  const low = bytes.readUInt32BE(from + 4)
  if (high === 0) out = printUint(target, out, low)
  else out = printHex(target, out, low, high)
  const count = bytes[from + 1] as number
  for (let sub = 0; sub < count; sub++) {
    target[out++] = 0x2d
    out = printUint(target, out, readU32(bytes, from + 8 + sub * 4))
  }
  return out
}
