/**
 * Values of encoded fields to bytes: `"text"` as it is, bare upper-case hex decoded, `(null)` as nothing.
 * Source of truth: kernel/audit.c audit_log_n_untrustedstring, audit_log_n_hex.
 */
import { hexValue } from "../../base/digits.ts"

const QUOTE = 0x22

/** A growing buffer that decoded values are put together in; its content lives until `reset`. */
export class ByteArena {
  bytes: Buffer = Buffer.allocUnsafe(64 * 1024)
  length = 0

  reset(): void {
    this.length = 0
    if (this.bytes.length > 8 * 1024 * 1024) this.bytes = Buffer.allocUnsafe(64 * 1024)
  }

  /** Makes room for `more` bytes behind `length`. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = byte
  }

  append(source: Uint8Array, start: number, end: number): void {
    const size = end - start
    this.reserve(size)
    if (size < 48) {
      let at = this.length
      for (let from = start; from < end; from++) this.bytes[at++] = source[from] as number
    } else this.bytes.set(source.subarray(start, end), this.length)
    this.length += size
  }
}

export type ValueKind = "text" | "null" | "bad-hex"

/** Where a decoded value lies: in the record itself when nothing had to be decoded, else in the arena. */
export interface DecodedValue {
  buffer: Buffer
  start: number
  end: number
  kind: ValueKind
}

/**
 * Decodes the value of an encoded field into `out`. A bare value that is not hex (old kernels, other tools) is
 * taken as text; hex of odd length too, with kind `bad-hex`.
 */
export function decodeValue(
  buffer: Buffer,
  start: number,
  end: number,
  arena: ByteArena,
  out: DecodedValue,
): void {
  out.buffer = buffer
  out.kind = "text"
  if (end > start && buffer[start] === QUOTE) {
    out.start = start + 1
    out.end = end > start + 1 && buffer[end - 1] === QUOTE ? end - 1 : end
    return
  }
  out.start = start
  out.end = end
  if (isNull(buffer, start, end)) {
    out.end = start
    out.kind = "null"
    return
  }
  if (!isHex(buffer, start, end)) return
  if ((end - start) % 2 === 1) {
    if (end - start > 1) out.kind = "bad-hex"
    return
  }
  out.start = arena.length
  appendHex(buffer, start, end, arena)
  out.buffer = arena.bytes
  out.end = arena.length
}

/** Decodes the hex digits of `buffer[start, end)` to the end of the arena; an odd last digit is left out. */
export function appendHex(buffer: Uint8Array, start: number, end: number, arena: ByteArena): void {
  arena.reserve((end - start) >> 1)
  const bytes = arena.bytes
  let to = arena.length
  for (let at = start; at + 1 < end; at += 2) {
    bytes[to++] = (hexValue(buffer[at] as number) << 4) | hexValue(buffer[at + 1] as number)
  }
  arena.length = to
}

/** True when the range is not empty and holds upper-case hexadecimal digits only: what the kernel writes. */
export function isHex(buffer: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false
  for (let at = start; at < end; at++) {
    const byte = buffer[at] as number
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46))) return false
  }
  return true
}

/** `(null)`, which stands for a NULL pointer. */
export function isNull(buffer: Uint8Array, start: number, end: number): boolean {
  return end - start === 6 && buffer[start] === 0x28 && buffer[start + 1] === 0x6e && buffer[end - 1] === 0x29
}
