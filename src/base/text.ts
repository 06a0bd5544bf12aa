/**
 * Bytes to text, reversibly: valid UTF-8 stays as it is; NUL and every byte that is not UTF-8 become `\xHH`.
 * A backslash that would read as such an escape (`\x00`, `\x5C`, `\x80` … `\xFF`, upper case) becomes `\x5C`,
 * so that `bytesOfText(textOfBytes(b))` is `b` for every `b`. All other backslashes stay.
 */

const BACKSLASH = 0x5c
/** UTF-8 has no form for it. */
const LONE_SURROGATE = /\p{Surrogate}/gu
const HEX = Buffer.from("0123456789ABCDEF", "latin1")

/** True when `buffer[start, end)` needs no escape: valid UTF-8 without NUL, without text that looks like one. */
export function isPlainText(buffer: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const length = plainLength(buffer, at, end)
    if (length === 0) return false
    at += length - 1
  }
  return true
}

/**
 * Length of the character at `at` when it stays as it is (1 to 4 bytes), or 0 when the byte there becomes `\xHH`.
 * For writers that put the text form together with a quoting of their own in one pass.
 */
export function plainLength(buffer: Uint8Array, at: number, end: number): number {
  const byte = buffer[at] as number
  if (byte >= 0x80) return utf8Length(buffer, at, end)
  return byte === 0 || (byte === BACKSLASH && looksEscaped(buffer, at, end)) ? 0 : 1
}

/**
 * Writes the text form of `source[start, end)` to `target` at `at` and returns the end of what was written.
 * `target` must have room for four times the source.
 */
export function escapeText(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let out = at
  for (let from = start; from < end; from++) {
    const byte = source[from] as number
    const length = plainLength(source, from, end)
    if (length === 0) {
      out = writeByteEscape(target, out, byte)
      continue
    }
    for (let copied = 0; copied < length; copied++) target[out++] = source[from + copied] as number
    from += length - 1
  }
  return out
}

/** Writes `\xHH`, the text form of one byte, to `target` at `at` and returns the end of what was written. */
export function writeByteEscape(target: Uint8Array, at: number, byte: number): number {
  target[at] = BACKSLASH
  target[at + 1] = 0x78
  target[at + 2] = HEX[byte >> 4] as number
  target[at + 3] = HEX[byte & 15] as number
  return at + 4
}

/** The text form of `buffer[start, end)` as a string. */
export function textOfBytes(buffer: Uint8Array, start = 0, end = buffer.length): string {
  if (isPlainText(buffer, start, end)) {
    const view = Buffer.isBuffer(buffer)
      ? buffer
      : Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length)
    return view.utf8Slice(start, end)
  }
  const escaped = Buffer.allocUnsafe((end - start) * 4)
  return escaped.utf8Slice(0, escapeText(buffer, start, end, escaped, 0))
}

/** The bytes that `textOfBytes` made `text` from. */
export function bytesOfText(text: string): Buffer {
  const source = Buffer.from(text, "utf8")
  const target = Buffer.allocUnsafe(source.length)
  let out = 0
  for (let from = 0; from < source.length; from++) {
    const byte = source[from] as number
    if (byte === BACKSLASH && looksEscaped(source, from, source.length)) {
      target[out++] = (nibble(source[from + 2]) << 4) | nibble(source[from + 3])
      from += 3
    } else target[out++] = byte
  }
  return target.subarray(0, out)
}

/** Length of the well-formed UTF-8 sequence at `at` (RFC 3629: no overlong forms, no surrogates), or 0. */
export function utf8Length(buffer: Uint8Array, at: number, end: number): number {
  const first = buffer[at] as number
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const second = at + 1 < end ? (buffer[at + 1] as number) : 0
  if ((second & 0xc0) !== 0x80) return 0
  if (first < 0xe0) return 2
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0
  if (at + 2 >= end || ((buffer[at + 2] as number) & 0xc0) !== 0x80) return 0
  if (first < 0xf0) return 3
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0
  return at + 3 < end && ((buffer[at + 3] as number) & 0xc0) === 0x80 ? 4 : 0
}

/** `\x` followed by two upper-case hex digits whose value an escape can have: 00, 5C, 80 to FF. */
function looksEscaped(buffer: Uint8Array, at: number, end: number): boolean {
  if (at + 3 >= end || buffer[at + 1] !== 0x78) return false
  const high = nibble(buffer[at + 2])
  const low = nibble(buffer[at + 3])
  if (high < 0 || low < 0) return false
  const value = (high << 4) | low
  return value >= 0x80 || value === 0 || value === BACKSLASH
}

/** Value of an upper-case hex digit, -1 for anything else. */
function nibble(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37
  return -1
}

/** A string as a table holds it: NUL as in `textOfBytes`, and nothing that UTF-8 cannot hold. */
export function storableText(value: string): string {
  return value.replace(LONE_SURROGATE, "\uFFFD").replaceAll("\0", "\\x00")
}
