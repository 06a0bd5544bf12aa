/**
 * JSON in bytes to values, without losing bytes that are not UTF-8 or digits beyond 2^53.
 * Source of truth: RFC 8259; Python's PEP 383 for the way stray bytes travel through strings.
 */
import { isUtf8 } from "node:buffer"
import { utf8Length } from "../../../base/text.ts"

/** A byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte. */
const STRAY = 0xdc00
const LONE_STRAY = /[\udc80-\udcff]/u
/** A number too long for a double stands after one of these. */
const LONG_NUMBER = /[:,[]\s*-?\d{16}/

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
const parseWithSource = JSON.parse as (text: string, reviver?: SourceReviver) => unknown

/** The value of the JSON text in `buffer[start, end)`; undefined when it is none. Integers beyond 2^53 are bigint. */
export function parseJson(buffer: Buffer, start: number, end: number): unknown {
  const bytes = buffer.subarray(start, end)
  const text = isUtf8(bytes) ? bytes.utf8Slice(0, bytes.length) : textWithStrays(bytes)
  try {
    return LONG_NUMBER.test(text) ? parseWithSource(text, keepInteger) : JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The bytes of a string that `parseJson` gave. */
export function bytesOfJson(text: string): Buffer {
  if (!LONE_STRAY.test(text)) return Buffer.from(text, "utf8")
  const pieces: Buffer[] = []
  for (const character of text) {
    const code = character.codePointAt(0) as number
    const isStray = code >= STRAY + 0x80 && code <= STRAY + 0xff
    pieces.push(isStray ? Buffer.of(code - STRAY) : Buffer.from(character, "utf8"))
  }
  return Buffer.concat(pieces)
}

/** The members of a JSON object; null for any other value. */
export function membersOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null
  return new Map(Object.entries(value))
}

function keepInteger(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value
  return context.source !== undefined && /^-?\d{1,40}$/.test(context.source) ? BigInt(context.source) : value
}

function textWithStrays(bytes: Buffer): string {
  const pieces: string[] = []
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const length = utf8Length(bytes, at, bytes.length)
    if (length > 0) {
      at += length
      continue
    }
    pieces.push(bytes.utf8Slice(from, at), String.fromCharCode(STRAY + (bytes[at] as number)))
    from = ++at
  }
  pieces.push(bytes.utf8Slice(from, bytes.length))
  return pieces.join("")
}
