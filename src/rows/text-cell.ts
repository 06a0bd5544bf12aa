/** Text as plain bytes, brought to the text form of base/text.ts in the same pass. */
import { writeByteEscape } from "../base/text.ts"
import type { GrowingBytes } from "./growing-bytes.ts"
import { keptLength, type TextSource } from "./text-source.ts"

const HIGH_BITS = 0x80808080 | 0
const ONES = 0x01010101
const BACKSLASHES = 0x5c5c5c5c
const ESCAPE_BYTES = 4

/** Appends the text form of `source[start, end)` to `out`. */
export function putText(out: GrowingBytes, source: TextSource, start: number, end: number): void {
  out.reserve(end - start)
  const { bytes, view } = source
  let target = out.view
  let used = out.used
  let at = start
  while (at < end) {
    while (at + 4 <= end) {
      const word = view.getInt32(at)
      if (hasSpecial(word)) break
      target.setInt32(used, word)
      used += 4
      at += 4
    }
    if (at + 4 > end && end - start >= 4) {
      const word = view.getInt32(end - 4)
      if (!hasSpecial(word)) {
        // The last four bytes again: those of them that are written already are written as they are.
        used += end - at
        target.setInt32(used - 4, word)
        break
      }
    }
    const kept = keptLength(source, at, end)
    if (kept > 0) {
      for (let copied = 0; copied < kept; copied++) target.setInt8(used++, bytes[at++] as number)
      continue
    }
    out.used = used
    out.reserve(end - at + ESCAPE_BYTES)
    target = out.view
    used = writeByteEscape(out.bytes, used, bytes[at++] as number)
  }
  out.used = used
}

/** Is one of four bytes NUL, a backslash, or not ASCII? */
function hasSpecial(word: number): boolean {
  return ((word | (word - ONES) | ((word ^ BACKSLASHES) - ONES)) & HIGH_BITS) !== 0
}
