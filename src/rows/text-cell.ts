/**
 * Text columns as bytes: the text form of base/text.ts in one pass, copied and checked at once.
 * A string is turned into bytes first; it is in text form already, only NUL is still escaped.
 */
import { plainLength, writeByteEscape } from "../base/text.ts"
import type { GrowingBytes } from "./growing-bytes.ts"

const BACKSLASH = 0x5c

/**
 * Length of the character at `at` that stays, 0 if the byte there becomes `\xHH`. With `isTextForm` the bytes are
 * valid UTF-8 and escaped already.
 */
export function keptLength(source: Uint8Array, at: number, end: number, isTextForm: boolean): number {
  if (isTextForm) return source[at] === 0 ? 0 : 1
  return plainLength(source, at, end)
}

/** Appends the text form of `source[start, end)` to `out`. */
export function putText(
  out: GrowingBytes,
  source: Uint8Array,
  start: number,
  end: number,
  isTextForm: boolean,
): void {
  out.reserve(end - start)
  let target = out.bytes
  let used = out.used
  for (let at = start; at < end; at++) {
    const byte = source[at] as number
    if (byte > 0 && byte < 0x80 && byte !== BACKSLASH) {
      target[used++] = byte
      continue
    }
    const kept = keptLength(source, at, end, isTextForm)
    if (kept === 0) {
      out.used = used
      out.reserve(end - at + 4)
      target = out.bytes
      used = writeByteEscape(target, used, byte)
      continue
    }
    for (let copied = 0; copied < kept; copied++) target[used++] = source[at + copied] as number
    at += kept - 1
  }
  out.used = used
}

/** The UTF-8 of one string at a time; a lone surrogate becomes U+FFFD. */
export class StringBytes {
  bytes = Buffer.alloc(256)
  length = 0

  load(value: string): void {
    if (value.length * 3 > this.bytes.length) this.bytes = Buffer.alloc(value.length * 3)
    const { bytes } = this
    const short = value.length <= 48 ? value.length : 0
    for (let at = 0; at < short; at++) {
      const unit = value.charCodeAt(at)
      if (unit >= 0x80) {
        this.length = bytes.utf8Write(value, 0)
        return
      }
      bytes[at] = unit
    }
    this.length = short === value.length ? short : bytes.utf8Write(value, 0)
  }

  /** Gives back the memory that one huge string took. */
  clear(): void {
    if (this.bytes.length > 1024 * 1024) this.bytes = Buffer.alloc(256)
  }
}
