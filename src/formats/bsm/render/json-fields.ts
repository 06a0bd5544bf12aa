/** The fields of a token that are no plain numbers as JSON values, by the type that layout.ts gives them. */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { putByte, putHex, putInteger, putPiece, putText, putUuid } from "../../../base/json-writer.ts"
import type { FieldType } from "../layout.ts"
import { readU16, readU32 } from "../tokens/integers.ts"
import { stringEnd } from "../tokens/strings.ts"
import { putIp4, putIp6 } from "./put-address.ts"

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
const FIXED_GROUPS = 16
const STRINGS = Buffer.from(',"strings":')
const COUNT = Buffer.from(',"count":')
const HEX_KEY = Buffer.from(',"hex":')
const UNIT = Buffer.from(',"unit":')

/**
 * Writes the value at `at`, which is no plain number, and returns the end of its field.
 * @param width of an address
 */
export function putField(
  bytes: Buffer,
  type: FieldType,
  at: number,
  to: number,
  width: number,
  out: GrowingBytes,
): number {
  switch (type) {
    case "str16":
      return putStr16(bytes, at, out)
    case "ip4":
      return putAddressField(bytes, at, 4, out)
    case "ip6":
      return putAddressField(bytes, at, 16, out)
    case "addr":
      return putAddressField(bytes, at, width, out)
    case "strings":
      return putStrings(bytes, at, to, out)
    case "blob16":
      return putBlob16(bytes, at, out)
    default:
      return putRareField(bytes, type, at, to, width, out)
  }
}

function putRareField(
  bytes: Buffer,
  type: FieldType,
  at: number,
  to: number,
  width: number,
  out: GrowingBytes,
): number {
  switch (type) {
    case "host":
      return putAddressField(bytes, at, width === 4 || width === 16 ? width : 0, out)
    case "uuid":
      putUuid(out, bytes, at)
      return at + 16
    case "texts16":
      return putTexts16(bytes, at, out)
    case "ids16":
      return putIds(bytes, at + 2, readU16(bytes, at), out)
    case "ids":
      return putIds(bytes, at, FIXED_GROUPS, out)
    case "path108":
      putText(out, bytes, at, stringEnd(bytes, at, to))
      return to
    default:
      putUnits(bytes, at, to, out)
      return to
  }
}

function putAddressField(bytes: Buffer, at: number, width: number, out: GrowingBytes): number {
  putAddress(out, bytes, at, at + width)
  return at + width
}

function putStr16(bytes: Buffer, at: number, out: GrowingBytes): number {
  const end = at + 2 + readU16(bytes, at)
  const hasNul = end > at + 2 && bytes[end - 1] === 0
  putText(out, bytes, at + 2, hasNul ? end - 1 : end)
  return end
}

function putBlob16(bytes: Buffer, at: number, out: GrowingBytes): number {
  const end = at + 2 + readU16(bytes, at)
  putHex(out, bytes, at + 2, end)
  return end
}

/** The count as it stands, and the strings that are there. */
function putStrings(bytes: Buffer, from: number, to: number, out: GrowingBytes): number {
  putInteger(out, readU32(bytes, from))
  putPiece(out, STRINGS)
  putByte(out, OPEN)
  for (let at = from + 4; at < to; ) {
    if (at > from + 4) putByte(out, COMMA)
    const end = stringEnd(bytes, at, to)
    putText(out, bytes, at, end)
    at = end + 1
  }
  putByte(out, CLOSE)
  return to
}

function putTexts16(bytes: Buffer, from: number, out: GrowingBytes): number {
  let at = from + 2
  putByte(out, OPEN)
  for (let left = readU16(bytes, from); left > 0; left--) {
    if (at > from + 2) putByte(out, COMMA)
    at = putStr16(bytes, at, out)
  }
  putByte(out, CLOSE)
  return at
}

function putIds(bytes: Buffer, from: number, count: number, out: GrowingBytes): number {
  putByte(out, OPEN)
  for (let index = 0; index < count; index++) {
    if (index > 0) putByte(out, COMMA)
    putInteger(out, readU32(bytes, from + index * 4))
  }
  putByte(out, CLOSE)
  return from + count * 4
}

/** How to print, the size of an item, their number, and the items, which are in the writer's own byte order. */
function putUnits(bytes: Buffer, at: number, to: number, out: GrowingBytes): void {
  putInteger(out, bytes[at] as number)
  putPiece(out, UNIT)
  putInteger(out, bytes[at + 1] as number)
  putPiece(out, COUNT)
  putInteger(out, bytes[at + 2] as number)
  putPiece(out, HEX_KEY)
  putHex(out, bytes, at + 3, to)
}

/** Four or sixteen bytes as an address in quotes. */
function putAddress(out: GrowingBytes, bytes: Buffer, from: number, to: number): void {
  if (to - from !== 4 && to - from !== 16) {
    putHex(out, bytes, from, to)
    return
  }
  putByte(out, QUOTE)
  if (to - from === 4) putIp4(out, bytes, from)
  else putIp6(out, bytes, from)
  putByte(out, QUOTE)
}
