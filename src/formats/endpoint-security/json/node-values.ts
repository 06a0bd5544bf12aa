/** Values of the nodes of a tape: strings with their escapes resolved, whole numbers, booleans. */
import { GrowingBytes } from "../../../base/growing-bytes.ts"
import { textOfBytes } from "../../../base/text.ts"
import { JSON_KIND, type JsonTape } from "./json-tape.ts"
import { appendUnescaped } from "./json-text.ts"

/** Digits of which the value surely is exact as a number. */
const SAFE_DIGITS = 15

/** Appends what a string stands for. */
export function appendString(tape: JsonTape, node: number, out: GrowingBytes): void {
  const start = tape.start(node)
  const end = tape.end(node)
  if (tape.kind(node) === JSON_KIND.escaped) appendUnescaped(tape.bytes, start, end, out)
  else appendBytes(tape.bytes, start, end, out)
}

function appendBytes(bytes: Uint8Array, start: number, end: number, out: GrowingBytes): void {
  out.reserve(end - start)
  const target = out.bytes
  let { used } = out
  for (let at = start; at < end; at++) target[used++] = bytes[at] as number
  out.used = used
}

/** What a string stands for, as text for columns; "" for anything else. */
export function stringOf(tape: JsonTape, node: number): string {
  if (!tape.isString(node)) return ""
  const start = tape.start(node)
  const end = tape.end(node)
  if (tape.kind(node) === JSON_KIND.string) return textOfBytes(tape.bytes, start, end)
  const out = new GrowingBytes(end - start)
  appendUnescaped(tape.bytes, start, end, out)
  return textOfBytes(out.bytes, 0, out.used)
}

/** A whole number; NaN for anything else. */
export function numberOf(tape: JsonTape, node: number): number {
  if (node < 0) return Number.NaN
  const kind = tape.kind(node)
  if (kind !== JSON_KIND.number && kind !== JSON_KIND.string) return Number.NaN
  const start = tape.start(node)
  const end = tape.end(node)
  if (end === start || end - start > SAFE_DIGITS) return Number.NaN
  const value = Number(tape.bytes.latin1Slice(start, end))
  return Number.isSafeInteger(value) ? value : Number.NaN
}

/** undefined for what is neither true nor false. */
export function booleanOf(tape: JsonTape, node: number): boolean | undefined {
  if (node < 0) return undefined
  const kind = tape.kind(node)
  return kind === JSON_KIND.true ? true : kind === JSON_KIND.false ? false : undefined
}
