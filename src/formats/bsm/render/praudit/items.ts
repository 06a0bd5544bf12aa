/**
 * The items of an `arbitrary` token, which are in the order of the producer's bytes: little-endian on every system of
 * today. praudit cuts 64-bit items to their lower half and passes over a way to print that it does not know; here
 * items are whole, and such ones are hexadecimal.
 *
 *   arbitrary,hex,short,2, 4241 4443      <arbitrary print="hex" type="2" count="2" > 4241 4443</arbitrary>
 */
import { unitBytes } from "../../token-end.ts"
import type { FieldContext } from "./field-context.ts"
import { put, putHex, putOctal, putSigned32, putSigned64, putUnsigned } from "./put-numbers.ts"

const PRINTS = ["binary", "octal", "decimal", "hex", "string"].map((text) => Buffer.from(text))
const UNITS = ["byte", "short", "int", "int64"].map((text) => Buffer.from(text))
const BINARY = 0
const OCTAL = 1
const DECIMAL = 2
const STRING = 4
const HEAD_BYTES = 3
const BLANK = Buffer.from(" ")
const PRINT = Buffer.from(' print="')
const TYPE = Buffer.from('" type="')
const COUNT = Buffer.from('" count="')
const NUL = Buffer.from("\0")
const NUL_IN_XML = Buffer.from("\\x00")
const END = Buffer.from('" >')

export function writeItems(context: FieldContext, at: number): number {
  const { bytes } = context
  const print = bytes[at] as number
  const unit = bytes[at + 1] as number
  const count = bytes[at + 2] as number
  putHead(context, print, unit, count)
  const size = unitBytes(unit)
  let item = at + HEAD_BYTES
  for (let left = count; left > 0; left--) {
    if (print !== STRING) put(context.out, BLANK)
    putItem(context, print, item, size)
    item += size
  }
  return item
}

function putHead({ out, isXml, delimiter }: FieldContext, print: number, unit: number, count: number): void {
  put(out, isXml ? PRINT : delimiter)
  const word = PRINTS[print]
  if (word === undefined) putUnsigned(out, print)
  else put(out, word)
  put(out, isXml ? TYPE : delimiter)
  if (isXml) putUnsigned(out, unitBytes(unit))
  else put(out, UNITS[unit] as Buffer)
  put(out, isXml ? COUNT : delimiter)
  putUnsigned(out, count)
  put(out, isXml ? END : delimiter)
}

function putItem(context: FieldContext, print: number, at: number, size: number): void {
  const { out, bytes } = context
  if (print === BINARY || print === STRING) {
    putCharacter(context, at)
    return
  }
  const low = readLittle(bytes, at, Math.min(size, 4))
  const high = size === 8 ? readLittle(bytes, at + 4, 4) : 0
  if (print === OCTAL) putOctal(out, high, low)
  else if (print !== DECIMAL) putHex(out, high, low)
  else if (size === 8) putSigned64(out, high, low)
  else if (size === 4) putSigned32(out, low)
  else putUnsigned(out, low)
}

/** %c of the item's lowest byte; NUL too is a character. */
function putCharacter(context: FieldContext, at: number): void {
  const { out, isXml } = context
  if (context.bytes[at] !== 0) context.putContent(at, at + 1)
  else put(out, isXml ? NUL_IN_XML : NUL)
}

function readLittle(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let place = size - 1; place >= 0; place--) value = value * 256 + (bytes[at + place] as number)
  return value
}
