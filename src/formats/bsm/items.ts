/**
 * Recognises what a trail consists of: records, framed by the size in their header and by their trailer, and file
 * tokens between them. Source: OpenBSM audit.log(5), libbsm au_read_rec(); which wrong sizes occur: XNU kau_close().
 *
 *   14 | 00000040 size ... | 13 b105 00000040      a record
 *   11 | sec | msec | 0010 "/var/audit/…\0"         a file token
 */
import { LIMITS } from "../../base/limits.ts"
import { TOKEN } from "./layout.ts"
import { SMALLEST_RECORD, TRAILER_BYTES, TRAILER_MAGIC } from "./token-walk.ts"
import { readU16, readU32 } from "./tokens/integers.ts"

/** Where in a header the size ends; its version stands behind. */
const SIZE_END = 5
const NAME_LIMIT = 1024
const KNOWN_VERSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 10, 11])

/** By byte: 1 for the id of a header, 2 for that of a file token. */
export const STARTS = startsById()

/**
 * `whole`: size and trailer agree. `trailer-count`: only the trailer's count is wrong. `no-trailer`: none, but the next
 * record begins where the size says. `file`: a file token. `none`: no item begins here. `more`: too few bytes to tell.
 */
export type ItemKind = "whole" | "trailer-count" | "no-trailer" | "file" | "none" | "more"

/** What was found; used again for the next look. */
export interface Found {
  kind: ItemKind
  /** Of the item; with `more` the bytes that are needed to tell. */
  length: number
}

/**
 * Looks at what begins at `at`.
 * @param end of the bytes there are
 * @param isEnd whether no more will come
 * @param isStrict only what leaves no doubt: for a search through damaged bytes
 */
export function lookAt(
  bytes: Uint8Array,
  at: number,
  end: number,
  isEnd: boolean,
  isStrict: boolean,
  found: Found,
): void {
  const start = STARTS[bytes[at] as number]
  if (start === 1) lookAtRecord(bytes, at, end, isEnd, isStrict, found)
  else if (start === 2) lookAtFileToken(bytes, at, end, isEnd, isStrict, found)
  else answer(found, "none", 0)
}

/** True when a header begins at `at` as far as its bytes are there: to tell a cut record from other bytes. */
export function isCutHeader(bytes: Uint8Array, at: number, end: number): boolean {
  const start = STARTS[bytes[at] as number]
  if (start === 2) return true
  if (start !== 1) return false
  if (at + SIZE_END > end) return at + 1 === end || bytes[at + 1] === 0
  return isSize(readU32(bytes, at + 1)) && (at + SIZE_END === end || hasKnownVersion(bytes, at))
}

function lookAtRecord(
  bytes: Uint8Array,
  at: number,
  end: number,
  isEnd: boolean,
  isStrict: boolean,
  found: Found,
): void {
  if (at + SIZE_END > end) {
    answer(found, "more", SIZE_END)
    return
  }
  const size = readU32(bytes, at + 1)
  const to = at + size
  if (!isSize(size)) answer(found, "none", 0)
  else if (to > end) answer(found, "more", size)
  else if (isTrailerAt(bytes, to - TRAILER_BYTES)) {
    const count = readU32(bytes, to - 4)
    if (count === size) answer(found, "whole", size)
    else answer(found, isAnothersTrailer(bytes, at, to, count) ? "none" : "trailer-count", size)
  } else if (isStrict) answer(found, "none", 0)
  else {
    const next = startsItem(bytes, to, end, isEnd)
    if (next > 0) answer(found, "more", size + next)
    else answer(found, next === 0 ? "no-trailer" : "none", size)
  }
}

/** A record that ends where a wrong size ends has its own trailer there. */
function isAnothersTrailer(bytes: Uint8Array, at: number, to: number, count: number): boolean {
  const own = to - count
  return own > at && STARTS[bytes[own] as number] === 1 && readU32(bytes, own + 1) === count
}

function lookAtFileToken(
  bytes: Uint8Array,
  at: number,
  end: number,
  isEnd: boolean,
  isStrict: boolean,
  found: Found,
): void {
  const fixed = bytes[at] === TOKEN.file64 ? 19 : 11
  if (at + fixed > end) {
    answer(found, "more", fixed)
    return
  }
  const length = readU16(bytes, at + fixed - 2)
  const to = at + fixed + length
  if (!hasPart(bytes, at) || length < 2 || length > NAME_LIMIT) answer(found, "none", 0)
  else if (to > end) answer(found, "more", fixed + length)
  else if (bytes[to - 1] !== 0 || (isStrict && bytes.indexOf(0, at + fixed) !== to - 1))
    answer(found, "none", 0)
  else {
    const next = isStrict ? startsItem(bytes, to, end, isEnd) : 0
    if (next > 0) answer(found, "more", to + next - at)
    else answer(found, next === 0 ? "file" : "none", to - at)
  }
}

/** The part of a second of a file token is below one. */
function hasPart(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== TOKEN.file64) return readU32(bytes, at + 5) < 1000
  return readU32(bytes, at + 9) === 0 && readU32(bytes, at + 13) < 1_000_000_000
}

/** Bytes more that are needed to tell, 0 when an item or the end is there, -1 when not. */
function startsItem(bytes: Uint8Array, at: number, end: number, isEnd: boolean): number {
  if (at >= end) return isEnd ? 0 : SIZE_END + 1
  const start = STARTS[bytes[at] as number]
  if (start === undefined || start === 0) return -1
  if (at + SIZE_END >= end) return isEnd ? 0 : SIZE_END + 1
  if (start === 2) return 0
  return isSize(readU32(bytes, at + 1)) && hasKnownVersion(bytes, at) ? 0 : -1
}

function isSize(size: number): boolean {
  return size >= SMALLEST_RECORD && size <= LIMITS.bsmRecordBytes.value
}

function hasKnownVersion(bytes: Uint8Array, at: number): boolean {
  return KNOWN_VERSIONS.has(bytes[at + SIZE_END] as number)
}

function isTrailerAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === TOKEN.trailer && readU16(bytes, at + 1) === TRAILER_MAGIC
}

function answer(found: Found, kind: ItemKind, length: number): void {
  found.kind = kind
  found.length = length
}

function startsById(): Uint8Array {
  const starts = new Uint8Array(256)
  for (const id of [TOKEN.header32, TOKEN.header32Ex, TOKEN.header64, TOKEN.header64Ex]) starts[id] = 1
  starts[TOKEN.file32] = 2
  starts[TOKEN.file64] = 2
  return starts
}
