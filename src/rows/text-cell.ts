/** Text as plain bytes, brought to the text form of base/text.ts in the same pass. */

import type { GrowingBytes } from "../base/growing-bytes.ts"
import { writeByteEscape } from "../base/text.ts"
import { putPlainRun, takeCare } from "./plain-run.ts"
import { keptLength, type TextSource } from "./text-source.ts"

const CARE = takeCare(0x01, [0x5c])
const ESCAPE_BYTES = 4

/** Appends the text form of `source[start, end)` to `out`. */
export function putText(out: GrowingBytes, source: TextSource, start: number, end: number): void {
  out.reserve(end - start)
  let at = putPlainRun(out, source, start, end, CARE)
  while (at < end) {
    const kept = keptLength(source, at, end)
    if (kept > 0) putKept(out, source, at, kept)
    else {
      out.reserve(end - at + ESCAPE_BYTES)
      out.used = writeByteEscape(out.bytes, out.used, source.bytes[at] as number)
    }
    at = putPlainRun(out, source, at + (kept || 1), end, CARE)
  }
}

/** Appends one character of `length` bytes as it is, into room that was reserved. */
export function putKept(out: GrowingBytes, source: TextSource, at: number, length: number): void {
  for (let copied = 0; copied < length; copied++) {
    out.bytes[out.used++] = source.bytes[at + copied] as number
  }
}
