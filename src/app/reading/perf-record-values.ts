/** Integers and arrays of a sample's fields as JSON, wherever they were read from. */
import { INTEGER_BYTES, writeInteger, writeInteger64, writeUnsigned64 } from "../../base/decimal.ts"
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { putByte, putHex } from "../../base/json-writer.ts"

/** Room for one integer in quotes. */
export const JSON_INTEGER_BYTES = INTEGER_BYTES + 2
const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
const HALF = 0x1_0000_0000
/** 2^53: a double rounds nothing to below it that is not. */
const LARGEST = 0x20_0000_0000_0000
/** Arrays of the kernel's events are short. */
const MOST_ELEMENTS = 4096

/** How the integers of an array lie. */
export interface Elements {
  readonly elementBytes: number
  readonly isUnsigned: boolean
  readonly isBigEndian: boolean
}

/**
 * Writes 64 bits of two halves and returns the end: as text in quotes from 2^53 on, and down to -2^53, which every
 * reader keeps exact. A positive one may come with the flag of either sign.
 */
export function writeJsonInteger(
  target: DataView,
  at: number,
  isUnsigned: boolean,
  high: number,
  low: number,
): number {
  if (high === 0) return writeInteger(target, at, low >>> 0)
  if (high === -1 && low < 0 && !isUnsigned) return writeInteger(target, at, low | 0)
  const isNegative = high < 0 && !isUnsigned
  const upper = isNegative ? high : high >>> 0
  const value = upper * HALF + (low >>> 0)
  if (value < LARGEST && value > -LARGEST) return writeInteger(target, at, value)
  target.setInt8(at, QUOTE)
  const end = isNegative
    ? writeInteger64(target, at + 1, high, low)
    : writeUnsigned64(target, at + 1, upper, low >>> 0)
  target.setInt8(end, QUOTE)
  return end + 1
}

/** `bytes[from, to)`: bytes as hexadecimal digits, larger integers as a list. */
export function putElements(
  out: GrowingBytes,
  bytes: Buffer,
  from: number,
  to: number,
  elements: Elements,
): void {
  const length = elements.elementBytes
  if (length !== 2 && length !== 4 && length !== 8) {
    putHex(out, bytes, from, to)
    return
  }
  putByte(out, OPEN)
  const end = Math.min(to, from + MOST_ELEMENTS * length)
  for (let at = from; at + length <= end; at += length) {
    if (at > from) putByte(out, COMMA)
    out.reserve(JSON_INTEGER_BYTES)
    out.used = writeElement(out.view, out.used, bytes, at, elements)
  }
  putByte(out, CLOSE)
}

function writeElement(target: DataView, to: number, bytes: Buffer, at: number, elements: Elements): number {
  const { elementBytes, isUnsigned, isBigEndian } = elements
  if (elementBytes === 8) {
    const high = isBigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at + 4)
    const low = isBigEndian ? bytes.readInt32BE(at + 4) : bytes.readInt32LE(at)
    return writeJsonInteger(target, to, isUnsigned, high, low)
  }
  if (isUnsigned)
    return writeInteger(
      target,
      to,
      isBigEndian ? bytes.readUIntBE(at, elementBytes) : bytes.readUIntLE(at, elementBytes),
    )
  return writeInteger(
    target,
    to,
    isBigEndian ? bytes.readIntBE(at, elementBytes) : bytes.readIntLE(at, elementBytes),
  )
}
