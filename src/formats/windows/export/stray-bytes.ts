/**
 * Bytes that are no UTF-8, in a text that should be: read as windows-1252, what cmd.exe and old tools write. Done value
 * by value, so that one of them does not change how the others are read.
 * Source of truth: WHATWG Encoding, index windows-1252; the five free places are C1 controls there.
 */
import { utf8Length } from "../../../base/text.ts"
import { classify, type EventTape } from "../event-tape.ts"
import { writeUtf8 } from "./decode-text.ts"

/** Characters of 0x80 to 0x9f. */
const HIGH_CONTROLS = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
  0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0x9d, 0x017e, 0x0178,
]

/** True when `bytes[start, end)` is well-formed UTF-8. */
export function isWellFormed(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    if ((bytes[at] as number) < 0x80) at++
    else {
      const length = utf8Length(bytes, at, end)
      if (length === 0) return false
      at += length
    }
  }
  return true
}

/** Rewrites the text from `start` to the tape's end as UTF-8; returns its `HAS`. */
export function settleStrayBytes(tape: EventTape, start: number): number {
  const text = Uint8Array.prototype.slice.call(tape.bytes, start, tape.length)
  tape.length = start
  tape.reserve(text.length * 3)
  tape.length = settle(text, 0, text.length, tape.bytes, start)
  return classify(tape.bytes, start, tape.length)
}

/** The same as a string. */
export function decodeLoosely(bytes: Uint8Array, start: number, end: number): string {
  const target = Buffer.allocUnsafe((end - start) * 3)
  return target.utf8Slice(0, settle(bytes, start, end, target, 0))
}

function settle(source: Uint8Array, start: number, end: number, target: Uint8Array, to: number): number {
  let out = to
  for (let at = start; at < end; ) {
    const length = utf8Length(source, at, end)
    if (length === 0) out = writeUtf8(target, out, characterOf(source[at++] as number))
    else for (const next = at + length; at < next; at++) target[out++] = source[at] as number
  }
  return out
}

function characterOf(byte: number): number {
  return byte < 0xa0 ? (HIGH_CONTROLS[byte - 0x80] as number) : byte
}
