/**
 * Names of elements and attributes in one chunk, by their offset.
 *
 *   u32 next  u16 hash  u16 count  UTF-16 × count  u16 0
 *
 * Names are overwritten by later records in slack, so what a name's hash and NUL say is kept with it.
 * Source of truth: libyal's EVTX specification, "Name".
 */
import { NAMES } from "../names.ts"
import { CHUNK, NAME_HEADER_BYTES } from "./layout.ts"

/** Set in the number of a name whose hash or NUL is not right. */
const DAMAGED = 1 << 30
/** Not allowed in an XML name: a forged one must not write markup. */
const FOREIGN = /[^\p{L}\p{N}\p{M}_:.·-]/gu
const NO_START = /^(?![\p{L}_:])/u
const LONGEST = 1024
/** Names of a log are a few hundred. */
const SLOTS = 1024

export class ChunkNames {
  #bytes: Buffer = Buffer.alloc(0)
  #end = 0
  /** By offset: number, `DAMAGED` or-ed in. */
  readonly #known = new Map<number, number>()
  /** By the end of the hash: the last name with it, and its hash, so that chunk after chunk makes no strings. */
  readonly #names = new Int32Array(SLOTS)
  readonly #hashes = new Int32Array(SLOTS).fill(-1)
  readonly #other = NAMES.intern("_")
  /** Set when a name was given whose hash or NUL is wrong, or that XML does not allow. */
  isDamaged = false

  /** @param end of what is there of the chunk */
  begin(bytes: Buffer, end: number): void {
    this.#bytes = bytes
    this.#end = end
    this.#known.clear()
    this.isDamaged = false
  }

  /** Number in `NAMES` of the name at an offset of the chunk; -1 when none can be there. */
  at(offset: number): number {
    const known = this.#known.get(offset)
    if (known === undefined) return this.#read(offset)
    if ((known & DAMAGED) !== 0) this.isDamaged = true
    return known & ~DAMAGED
  }

  /** Bytes of the name record at an offset, which lies whole in the chunk. */
  length(offset: number): number {
    return NAME_HEADER_BYTES + this.#count(offset) * 2 + 2
  }

  #count(offset: number): number {
    return (this.#bytes[offset + 6] as number) | ((this.#bytes[offset + 7] as number) << 8)
  }

  #read(offset: number): number {
    if (offset < CHUNK.bucketsAt || offset + NAME_HEADER_BYTES + 2 > this.#end) return -1
    if (offset + this.length(offset) > this.#end) return -1
    const count = this.#count(offset)
    const hash = this.#bytes.readUInt16LE(offset + 4)
    const slot = hash & (SLOTS - 1)
    const likely = this.#names[slot] as number
    const isRight = this.#bytes.readUInt16LE(offset + NAME_HEADER_BYTES + count * 2) === 0
    const isLikely = isRight && this.#hashes[slot] === hash
    if (isLikely && this.#isName(likely, offset, count)) return this.#keep(offset, likely)
    return this.#intern(offset, count, hash, isRight)
  }

  #intern(offset: number, count: number, hash: number, hasNul: boolean): number {
    const from = offset + NAME_HEADER_BYTES
    const text = this.#bytes.toString("utf16le", from, from + Math.min(count, LONGEST) * 2)
    const clean = text.replace(FOREIGN, "_").replace(NO_START, "_")
    const interned = NAMES.intern(clean)
    const id = interned < 0 ? this.#other : interned
    const isRight = hasNul && clean === text && interned >= 0 && hashName(this.#bytes, from, count) === hash
    if (isRight) {
      this.#names[hash & (SLOTS - 1)] = id
      this.#hashes[hash & (SLOTS - 1)] = hash
    } else this.isDamaged = true
    return this.#keep(offset, isRight ? id : id | DAMAGED)
  }

  #keep(offset: number, entry: number): number {
    this.#known.set(offset, entry)
    return entry & ~DAMAGED
  }

  #isName(id: number, offset: number, count: number): boolean {
    const text = NAMES.utf8(id)
    if (text.length !== count) return false
    const bytes = this.#bytes
    for (let at = 0, from = offset + NAME_HEADER_BYTES; at < count; at++, from += 2) {
      const byte = text[at] as number
      if (byte !== bytes[from] || bytes[from + 1] !== 0 || byte >= 0x80) return false
    }
    return true
  }
}

/** The hash that a name or a template is filed under, of `count` code units from `from` on; its low 16 bits. */
export function hashName(bytes: Buffer, from: number, count: number): number {
  let hash = 0
  for (let at = from, end = from + count * 2; at < end; at += 2) {
    hash = (Math.imul(hash, 65_599) + (bytes[at] as number) + ((bytes[at + 1] as number) << 8)) | 0
  }
  return hash & 0xffff
}
