/** JSON values written as bytes behind each other; the caller writes the keys. Source of truth: RFC 8259. */
import { INTEGER_BYTES, writeInteger, writeInteger64 } from "./decimal.ts"
import type { GrowingBytes } from "./growing-bytes.ts"
import { putJsonString, WIDEST_JSON_BYTE } from "./json-string.ts"

const QUOTE = 0x22
const HYPHEN = 0x2d
/** Below this a loop is faster than a call out of JavaScript. */
const SHORT = 40
const HIGH = 0x1_0000_0000
/** High half of 2^53. */
const UNSAFE_HIGH = 0x20_0000
const HEX = Buffer.from("0123456789abcdef", "latin1")
/** Both digits of every byte, the first one high. */
const HEX_PAIRS = Uint16Array.from(
  { length: 256 },
  (_, byte) => HEX.readUInt8(byte >> 4) * 256 + HEX.readUInt8(byte & 15),
)
/** Bytes of a UUID before which a hyphen stands. */
const UUID_HYPHENS: ReadonlySet<number> = new Set([4, 6, 8, 10])

export function putByte(out: GrowingBytes, byte: number): void {
  out.reserve(1)
  out.bytes[out.used++] = byte
}

export function putPiece(out: GrowingBytes, piece: Buffer): void {
  out.reserve(piece.length)
  const target = out.bytes
  let to = out.used
  if (piece.length > SHORT) piece.copy(target, to)
  else for (let at = 0; at < piece.length; at++) target[to + at] = piece[at] as number
  to += piece.length
  out.used = to
}

/** An integer within ±2^53. */
export function putInteger(out: GrowingBytes, value: number): void {
  out.reserve(INTEGER_BYTES)
  out.used = writeInteger(out.view, out.used, value)
}

/** An unsigned 64-bit integer of two halves: from 2^53 on a string, which every reader keeps exact. */
export function putInteger64(out: GrowingBytes, high: number, low: number): void {
  if (high < UNSAFE_HIGH) {
    putInteger(out, high * HIGH + low)
    return
  }
  putByte(out, QUOTE)
  out.reserve(INTEGER_BYTES)
  out.used = writeInteger64(out.view, out.used, high, low)
  putByte(out, QUOTE)
}

export function putText(out: GrowingBytes, bytes: Buffer, from: number, to: number): void {
  out.reserve((to - from) * WIDEST_JSON_BYTE + 2)
  out.used = putJsonString(out.bytes, out.used, bytes, from, to)
}

/** Bytes as hexadecimal digits in quotes. */
export function putHex(out: GrowingBytes, bytes: Buffer, from: number, to: number): void {
  out.reserve((to - from) * 2 + 2)
  const { bytes: target, view } = out
  let at = out.used
  target[at++] = QUOTE
  for (let next = from; next < to; next++) {
    view.setUint16(at, HEX_PAIRS[bytes[next] as number] as number)
    at += 2
  }
  target[at++] = QUOTE
  out.used = at
}

export function putUuid(out: GrowingBytes, bytes: Buffer, from: number): void {
  out.reserve(40)
  putByte(out, QUOTE)
  for (let at = 0; at < 16; at++) {
    if (UUID_HYPHENS.has(at)) putByte(out, HYPHEN)
    const byte = bytes[from + at] as number
    putByte(out, HEX[byte >> 4] as number)
    putByte(out, HEX[byte & 15] as number)
  }
  putByte(out, QUOTE)
}

/** ASCII that needs no escape. */
export function putAscii(out: GrowingBytes, text: string): void {
  out.reserve(text.length)
  const target = out.bytes
  for (let at = 0; at < text.length; at++) target[out.used + at] = text.charCodeAt(at)
  out.used += text.length
}
