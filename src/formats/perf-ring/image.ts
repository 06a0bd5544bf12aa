/**
 * The images of rings as a program finds them in its memory: one page that the kernel keeps, then the data.
 *
 *   perf ring      data_head u64@1024, data_tail @1032, data_offset @1040, data_size @1048
 *   BPF ring       producer position u64@0, pending position @8 (from 6.11 on), data from the second page on; the consumer's position in a page of its own
 *
 * Positions count bytes for ever; in the data they are taken modulo its size. Source of truth: Linux'
 * include/uapi/linux/perf_event.h (struct perf_event_mmap_page), kernel/bpf/ringbuf.c.
 */

const PAGE_SIZES = [4096, 16_384, 65_536]
const HEAD = 1024
const TAIL = 1032
const DATA_OFFSET = 1040
const DATA_SIZE = 1048
const PAGE_FIELDS = 1056
const BUSY = 0x8000_0000
const DISCARD = 0x4000_0000
const RING_HEADER = 8

/** What lies in a ring, straightened out. */
export interface RingContent {
  /** Bytes that were written and not yet taken, oldest first. */
  readonly bytes: Buffer
  /** Offset in the image of each of them: they wrap once at most. */
  readonly offsetOf: (at: number) => number
  /** Bytes that were overwritten before anybody took them. */
  readonly overwritten: number
  /** Bytes that the image ends before. */
  readonly missing: number
}

/** @param head at least the first page; undefined when it is no page of a perf ring */
export function readPerfPage(head: Buffer): { readonly offset: number; readonly size: number } | undefined {
  if (head.length < PAGE_FIELDS) return undefined
  const offset = Number(head.readBigUInt64LE(DATA_OFFSET))
  const size = Number(head.readBigUInt64LE(DATA_SIZE))
  if (!PAGE_SIZES.includes(offset) || size < 4096 || size > 2 ** 32 || !isPowerOfTwo(size)) return undefined
  if (head.readBigUInt64LE(TAIL) > head.readBigUInt64LE(HEAD)) return undefined
  return { offset, size }
}

export function readPerfImage(image: Buffer): RingContent | undefined {
  const page = readPerfPage(image)
  if (page === undefined) return undefined
  const head = image.readBigUInt64LE(HEAD)
  return straighten(image, page.offset, page.size, image.readBigUInt64LE(TAIL), head)
}

/** @param consumed the consumer's position, 0 when its page is not there */
export function readBpfImage(image: Buffer, consumed: bigint): RingContent | undefined {
  const pageSize = findBpfPage(image)
  if (pageSize === undefined) return undefined
  const size = largestPowerOfTwo(image.length - pageSize)
  const head = image.readBigUInt64LE(0)
  return straighten(image, pageSize, size, consumed > head ? 0n : consumed, head)
}

/** Bytes of the producer's page: it holds its position and zeros, and the data's first word is a record's length. */
export function findBpfPage(image: Buffer): number | undefined {
  if (image.length < PAGE_FIELDS) return undefined
  const head = image.readBigUInt64LE(0)
  if (head === 0n || head % 8n !== 0n || head > 1n << 53n) return undefined
  for (const size of PAGE_SIZES) {
    if (image.length < size + RING_HEADER || !image.subarray(16, size).every((byte) => byte === 0))
      return undefined
    const length = image.readUInt32LE(size)
    if (length !== 0) return image.readUInt32LE(size + 4) < 0x1_0000 || head > image.length ? size : undefined
  }
  return undefined
}

function straighten(image: Buffer, offset: number, size: number, tail: bigint, head: bigint): RingContent {
  const held = head - tail
  const overwritten = held > BigInt(size) ? Number(held - BigInt(size)) : 0
  const from = Number((tail + BigInt(overwritten)) % BigInt(size))
  const length = Number(held) - overwritten
  const data = image.subarray(offset, offset + size)
  const first = data.subarray(from, Math.min(from + length, size))
  const isWrapped = from + length > size && first.length === size - from
  const bytes = isWrapped ? Buffer.concat([first, data.subarray(0, length - first.length)]) : first
  const offsetOf = (at: number): number => offset + ((from + at) % size)
  return { bytes, offsetOf, overwritten, missing: length - bytes.length }
}

/** Walks the records of a BPF ring: length with two flags, then the place of its page, then the payload. */
export function walkBpfRing(
  bytes: Buffer,
  record: (start: number, end: number) => void,
): { readonly end: number; readonly why: "" | "busy" | "damaged" } {
  let at = 0
  while (at + RING_HEADER <= bytes.length) {
    const word = bytes.readUInt32LE(at)
    if ((word & BUSY) !== 0) return { end: at, why: "busy" }
    const length = word & ~(BUSY | DISCARD)
    const end = at + RING_HEADER + length
    if (end > bytes.length) return { end: at, why: "damaged" }
    if ((word & DISCARD) === 0) record(at + RING_HEADER, end)
    at = (end + 7) & ~7
  }
  return { end: bytes.length, why: "" }
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && 2 ** Math.round(Math.log2(value)) === value
}

function largestPowerOfTwo(value: number): number {
  return 2 ** Math.floor(Math.log2(value))
}
