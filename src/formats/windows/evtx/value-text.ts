/**
 * Values of a template instance as the text that Windows prints.
 * The type that stands with the value rules, not the declared one; an odd size is read as far as it means anything.
 * Source of truth: [MS-EVEN6] 2.2.18; libyal's EVTX specification, "Value types".
 */
import { classify, HAS, TEXT_CLASSES } from "../event-tape.ts"
import { TYPE } from "./layout.ts"
import {
  printBinary,
  printGuid,
  printHex,
  printInt64,
  printSid,
  printUint,
  printUint64,
  readU32,
  sidLength,
} from "./print-numbers.ts"
import { TimePrinter } from "./print-time.ts"
import { putCodePoint, Utf16Text } from "./utf16.ts"

/** windows-1252 from 0x80 to 0x9f; 0 where it has no character. */
const CODE_PAGE = Uint16Array.of(
  0x20ac,
  0x81,
  0x201a,
  0x192,
  0x201e,
  0x2026,
  0x2020,
  0x2021,
  0x2c6,
  0x2030,
  0x160,
  0x2039,
  0x152,
  0x8d,
  0x17d,
  0x8f,
  0x90,
  0x2018,
  0x2019,
  0x201c,
  0x201d,
  0x2022,
  0x2013,
  0x2014,
  0x2dc,
  0x2122,
  0x161,
  0x203a,
  0x153,
  0x9d,
  0x17e,
  0x178,
)
/** More than any value of at most 16 bytes is long as text. */
const SMALL_TEXT = 64

export class ValueText {
  readonly times = new TimePrinter()
  readonly #utf16 = new Utf16Text()
  /** `HAS` of what was written last. */
  has = 0

  /** Room that the text of a value needs at most. */
  room(type: number, length: number): number {
    return SMALL_TEXT + length * (type === TYPE.sid || type === TYPE.ansi ? 3 : 2)
  }

  /** Writes the text of a value, and returns its end; `target` has `room`. */
  write(target: Buffer, at: number, bytes: Buffer, type: number, from: number, length: number): number {
    this.has = 0
    if (length === 0) return at
    if (type === TYPE.string) return this.#string(target, at, bytes, from, length)
    if (type === TYPE.ansi) return this.#ansi(target, at, bytes, from, length)
    if (type === TYPE.guid && length >= 16) return printGuid(target, at, bytes, from)
    if (type === TYPE.sid && sidLength(bytes, from, from + length) > 0)
      return printSid(target, at, bytes, from)
    if (type === TYPE.fileTime && length >= 8) {
      return this.times.fileTime(target, at, readU32(bytes, from), readU32(bytes, from + 4))
    }
    if (type === TYPE.systemTime && length >= 16) return this.times.systemTime(target, at, bytes, from)
    if (type === TYPE.bool) return printBool(target, at, bytes, from, from + length)
    return this.#number(target, at, bytes, type, from, length)
  }

  #number(target: Buffer, at: number, bytes: Buffer, type: number, from: number, length: number): number {
    if (type === TYPE.real32 && length === 4) return printReal32(target, at, bytes.readFloatLE(from))
    if (type === TYPE.real64 && length === 8) return printReal(target, at, bytes.readDoubleLE(from))
    const isWhole = length === 8 || length === 4 || length === 2 || length === 1
    if (isWhole && type >= TYPE.int8 && type <= TYPE.uint64)
      return printWhole(target, at, bytes, type, from, length)
    const isHex = type === TYPE.hex32 || type === TYPE.hex64 || type === TYPE.size
    if (isHex && isWhole) {
      const low = length >= 4 ? readU32(bytes, from) : bytes.readUIntLE(from, length)
      return printHex(target, at, low, length === 8 ? readU32(bytes, from + 4) : 0)
    }
    return printBinary(target, at, bytes, from, from + length)
  }

  /** Windows cuts a string at its first NUL. */
  #string(target: Buffer, at: number, bytes: Buffer, from: number, length: number): number {
    let end = from + (length & ~1)
    // A NUL at the end is the common case: it is looked for there first, then by the scan that has to be.
    if (end - from >= 2 && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2
    const out = this.#utf16.write(bytes, from, end, target, at)
    this.has = this.#utf16.has
    return (this.has & HAS.control) !== 0 ? this.#cut(target, at, out) : out
  }

  /** End of the text before its first NUL. */
  #cut(target: Buffer, at: number, end: number): number {
    let nul = at
    while (nul < end && target[nul] !== 0) nul++
    if (nul < end) this.has = classify(target, at, nul)
    return nul
  }

  #ansi(target: Buffer, at: number, bytes: Buffer, from: number, length: number): number {
    let out = at
    for (let next = from; next < from + length; next++) {
      const byte = bytes[next] as number
      if (byte === 0) continue
      if (byte < 0x80) {
        target[out++] = byte
        this.has |= TEXT_CLASSES[byte] as number
        continue
      }
      this.has |= HAS.wide
      out = putCodePoint(target, out, byte < 0xa0 ? (CODE_PAGE[byte - 0x80] as number) : byte)
    }
    return out
  }
}

function printWhole(
  target: Buffer,
  at: number,
  bytes: Buffer,
  type: number,
  from: number,
  length: number,
): number {
  // Types of signed numbers are odd, of unsigned ones even.
  const isSigned = (type & 1) !== 0
  if (length === 8) {
    const low = readU32(bytes, from)
    const high = readU32(bytes, from + 4)
    return isSigned ? printInt64(target, at, low, high) : printUint64(target, at, low, high)
  }
  if (!isSigned)
    return printUint(target, at, length === 4 ? readU32(bytes, from) : bytes.readUIntLE(from, length))
  const value = bytes.readIntLE(from, length)
  if (value >= 0) return printUint(target, at, value)
  target[at] = 0x2d
  return printUint(target, at + 1, -value)
}

function printBool(target: Buffer, at: number, bytes: Buffer, from: number, end: number): number {
  let isTrue = false
  for (let next = from; next < end; next++) if (bytes[next] !== 0) isTrue = true
  return at + target.latin1Write(isTrue ? "true" : "false", at)
}

/** The shortest decimal that reads back as the same 32-bit number. */
function printReal32(target: Buffer, at: number, value: number): number {
  if (!Number.isFinite(value)) return printReal(target, at, value)
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return printReal(target, at, short)
  }
  return printReal(target, at, Number(value.toPrecision(9)))
}

/** XML Schema's forms for what is no number. */
function printReal(target: Buffer, at: number, value: number): number {
  let text = String(value)
  if (value === Number.POSITIVE_INFINITY) text = "INF"
  else if (value === Number.NEGATIVE_INFINITY) text = "-INF"
  else if (Object.is(value, -0)) text = "-0"
  return at + target.latin1Write(text, at)
}
