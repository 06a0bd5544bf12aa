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
/** What is needed to tell whether an item begins. */
const START_BYTES = 6
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
  else if (isTrailerAt(bytes, to - TRAILER_BYTES)) lookAtCount(bytes, at, to, end, isEnd, found)
  else if (isStrict) answer(found, "none", 0)
  else {
    const next = startsItem(bytes, to, end, isEnd)
    if (next > 0) answer(found, "more", size + next)
    else if (next < 0) answer(found, "none", 0)
    else lookInside(bytes, at, to, end, isEnd, found)
  }
}

/** A wrong size may reach the beginning of another record by chance: there are whole records in between then. */
function lookInside(
  bytes: Uint8Array,
  at: number,
  to: number,
  end: number,
  isEnd: boolean,
  found: Found,
): void {
  for (let inner = at + 1; inner + SIZE_END < to; inner++) {
    if (STARTS[bytes[inner] as number] !== 1 || !hasKnownVersion(bytes, inner)) continue
    const size = readU32(bytes, inner + 1)
    if (!isSize(size)) continue
    const innerTo = inner + size
    if (innerTo > end) {
      if (isEnd) continue
      answer(found, "more", innerTo - at)
      return
    }
    if (isTrailerAt(bytes, innerTo - TRAILER_BYTES) && readU32(bytes, innerTo - 4) === size) {
      answer(found, "none", 0)
      return
    }
  }
  answer(found, "no-trailer", to - at)
}

/** Of a record that has a trailer where its size says. */
function lookAtCount(
  bytes: Uint8Array,
  at: number,
  to: number,
  end: number,
  isEnd: boolean,
  found: Found,
): void {
  const size = to - at
  const count = readU32(bytes, to - 4)
  if (count === size) {
    answer(found, "whole", size)
    return
  }
  if (!isEnd && to + START_BYTES > end) {
    answer(found, "more", size + START_BYTES)
    return
  }
  const isFollowed = startsItem(bytes, to, end, isEnd) === 0
  const isWrong =
    isAnothersTrailer(bytes, at, to, count) || (!isFollowed && isCutTrailer(bytes, to, end, isEnd))
  answer(found, isWrong ? "none" : "trailer-count", size)
}

/** Where bytes of a trailer are missing, the next record begins in what would be its count. */
function isCutTrailer(bytes: Uint8Array, to: number, end: number, isEnd: boolean): boolean {
  for (let at = to - TRAILER_BYTES + 3; at < to; at++)
    if (startsItem(bytes, at, end, isEnd) === 0) return true
  return false
}

/** A record that ends where a wrong size ends has its own trailer there. */
function isAnothersTrailer(bytes: Uint8Array, at: number, to: number, count: number): boolean {
  const own = to - count
  return (
    count >= SMALLEST_RECORD &&
    own > at &&
    STARTS[bytes[own] as number] === 1 &&
    readU32(bytes, own + 1) === count
  )
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
  else if (bytes[to - 1] !== 0) answer(found, "none", 0)
  else {
    const isOneText = bytes.indexOf(0, at + fixed) === to - 1
    const next = isOneText && !isStrict ? 0 : startsItem(bytes, to, end, isEnd)
    if (next > 0) answer(found, "more", to + next - at)
    else answer(found, next === 0 && (isOneText || !isStrict) ? "file" : "none", to - at)
  }
}

/** The part of a second of a file token is below one. */
function hasPart(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== TOKEN.file64) return readU32(bytes, at + 5) < 1000
  return readU32(bytes, at + 9) === 0 && readU32(bytes, at + 13) < 1_000_000_000
}

/** Bytes more that are needed to tell, 0 when an item or the end is there, -1 when not. */
function startsItem(bytes: Uint8Array, at: number, end: number, isEnd: boolean): number {
  if (at >= end) return isEnd ? 0 : START_BYTES
  const start = STARTS[bytes[at] as number]
  if (start === undefined || start === 0) return -1
  if (at + SIZE_END >= end) return isEnd ? 0 : START_BYTES
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
