/**
 * Arguments as they lie in memory, as one line and as a JSON array.
 *
 *   sh NUL -c NUL echo a b NUL      sh -c 'echo a b'      ["sh","-c","echo a b"]
 *
 * Source of truth: osquery tables/events/linux/bpf_process_events.cpp for the quotes: around an argument with white
 * space in it, without any escape inside.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { putJsonString, WIDEST_JSON_BYTE } from "../../base/json-string.ts"

const FIRST_BYTES = 4096
const QUOTE = 0x27
const BLANK = 0x20

export class ArgumentList {
  /** Joined by blanks, nothing quoted: process_events. */
  readonly plain = new GrowingBytes(FIRST_BYTES)
  /** Joined by blanks, quoted: bpf_process_events. */
  readonly quoted = new GrowingBytes(FIRST_BYTES)
  readonly json = new GrowingBytes(FIRST_BYTES)
  count = 0

  /** @param source arguments with a NUL behind each; the last one may lack it */
  read(source: Buffer): void {
    this.count = 0
    this.plain.clear()
    this.quoted.clear()
    this.json.clear()
    for (let at = 0; at < source.length; ) {
      const nul = source.indexOf(0, at)
      const end = nul < 0 ? source.length : nul
      this.#add(source, at, end)
      at = end + 1
    }
    this.json.reserve(2)
    if (this.count === 0) this.json.bytes[this.json.used++] = 0x5b
    this.json.bytes[this.json.used++] = 0x5d
  }

  #add(source: Buffer, from: number, to: number): void {
    putItem(this.plain, source, from, to, this.count > 0, false)
    putItem(this.quoted, source, from, to, this.count > 0, hasBlank(source, from, to))
    const { json } = this
    json.reserve((to - from) * WIDEST_JSON_BYTE + 3)
    json.bytes[json.used++] = this.count === 0 ? 0x5b : 0x2c
    json.used = putJsonString(json.bytes, json.used, source, from, to)
    this.count++
  }
}

function putItem(
  out: GrowingBytes,
  source: Buffer,
  from: number,
  to: number,
  isNext: boolean,
  isQuoted: boolean,
): void {
  out.reserve(to - from + 3)
  if (isNext) out.bytes[out.used++] = BLANK
  if (isQuoted) out.bytes[out.used++] = QUOTE
  out.used += source.copy(out.bytes, out.used, from, to)
  if (isQuoted) out.bytes[out.used++] = QUOTE
}

/** A byte that isspace(3) takes for white space. */
function hasBlank(source: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = source[at] as number
    if (byte === BLANK || (byte >= 0x09 && byte <= 0x0d)) return true
  }
  return false
}
