/** Internet addresses as inet_ntop(3) prints them, appended to growing bytes. */
import type { GrowingBytes } from "../../../../base/growing-bytes.ts"
import { readU16 } from "../../tokens/integers.ts"
import { put, putHex, putUnsigned } from "./put-numbers.ts"

const GROUPS = 8
const DOT = Buffer.from(".")
const COLON = Buffer.from(":")

/** Dotted, of the 4 bytes at `at`. */
export function putIp4(out: GrowingBytes, bytes: Uint8Array, at: number): void {
  for (let part = 0; part < 4; part++) {
    if (part > 0) put(out, DOT)
    putUnsigned(out, bytes[at + part] as number)
  }
}

/** Of the 16 bytes at `at`: the first of the longest runs of zero groups is `::`, an embedded IPv4 address dotted. */
export function putIp6(out: GrowingBytes, bytes: Uint8Array, at: number): void {
  const run = longestRun(bytes, at)
  const from = run >> 4
  const length = run & 15
  for (let group = 0; group < GROUPS; group++) {
    if (length > 0 && group >= from && group < from + length) {
      if (group === from) put(out, COLON)
      continue
    }
    if (group > 0) put(out, COLON)
    if (group === 6 && from === 0 && isEmbedded(bytes, at, length)) {
      putIp4(out, bytes, at + 12)
      return
    }
    putHex(out, 0, readU16(bytes, at + group * 2))
  }
  if (length > 0 && from + length === GROUPS) put(out, COLON)
}

/** First group times 16, plus the length; 0 when no two groups in a row are zero. */
function longestRun(bytes: Uint8Array, at: number): number {
  let best = 0
  let bestLength = 1
  let length = 0
  for (let group = 0; group < GROUPS; group++) {
    length = readU16(bytes, at + group * 2) === 0 ? length + 1 : 0
    if (length <= bestLength) continue
    bestLength = length
    best = ((group - length + 1) << 4) | length
  }
  return best
}

/** ::a.b.c.d and ::ffff:a.b.c.d. */
function isEmbedded(bytes: Uint8Array, at: number, length: number): boolean {
  return length === 6 || (length === 5 && readU16(bytes, at + 10) === 0xffff)
}
