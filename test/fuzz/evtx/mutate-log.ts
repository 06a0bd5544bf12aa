/** Damages a log the same way for the same seed: anywhere, where its structure stands, or chunk by chunk. */
import { seededRandom } from "../../acceptance/read-rows.ts"
import { CHUNK_SIZE } from "../../evtx-writer/chunk-bytes.ts"
import { chunkStart, HEADER_BLOCK } from "../../evtx-writer/file.ts"

type Random = (limit: number) => number
type Damage = (bytes: Buffer, below: Random) => Buffer

/** Numbers that mean something to a reader who believes them. */
const LIES = [
  0, 1, 2, 7, 8, 24, 28, 127, 255, 256, 511, 512, 4095, 65_535, 65_536, 0x7fffffff, 0xfffffff8, 0xffffffff,
]
/** Tokens, types and magics. */
const WORDS = [
  "00",
  "0c01",
  "0f010100",
  "41ffff",
  "01ffff",
  "05",
  "4501ffff",
  "0600",
  "07ffff",
  "08",
  "09",
  "0a",
  "0bffff",
]
  .concat(["0d0000", "0effff81", "2a2a0000", "456c6643686e6b00", "2100", "8100", "ffff8800"])
  .map((hex) => Buffer.from(hex, "hex"))

export function mutateLog(original: Buffer, seed: number): Buffer {
  const random = seededRandom(seed)
  const below: Random = (limit) => Math.floor(random() * limit)
  let bytes: Buffer = Buffer.from(original)
  for (let left = 1 + below(3); left > 0; left--)
    bytes = DAMAGES[below(DAMAGES.length)]?.(bytes, below) ?? bytes
  return bytes
}

const flipBits: Damage = (bytes, below) => {
  for (let count = 1 + below(32); count > 0; count--) {
    const at = placeIn(bytes, below)
    if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
  }
  return bytes
}

const lie: Damage = (bytes, below) => {
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(2) === 0 ? placeIn(bytes, below) : structureIn(bytes, below)
    const value = LIES[below(LIES.length)] ?? 0
    if (at + 4 > bytes.length) continue
    if (below(2) === 0) bytes.writeUInt32LE(value, at)
    else bytes.writeUInt16LE(value & 0xffff, at)
  }
  return bytes
}

/** A number a little larger or smaller: sizes and offsets that nearly fit. */
const shift: Damage = (bytes, below) => {
  const at = structureIn(bytes, below)
  if (at + 4 > bytes.length) return bytes
  const by = (below(33) - 16) * (below(2) === 0 ? 1 : 8)
  bytes.writeUInt32LE((bytes.readUInt32LE(at) + by) >>> 0, at)
  return bytes
}

const spliceWords: Damage = (bytes, below) => {
  for (let count = 1 + below(4); count > 0; count--) {
    WORDS[below(WORDS.length)]?.copy(
      bytes,
      below(3) === 0 ? structureIn(bytes, below) : placeIn(bytes, below),
    )
  }
  return bytes
}

const blank: Damage = (bytes, below) => {
  const start = placeIn(bytes, below)
  return bytes.fill(below(2) === 0 ? 0 : 0xff, start, Math.min(bytes.length, start + 1 + below(2000)))
}

const noise: Damage = (bytes, below) => {
  const start = placeIn(bytes, below)
  for (let at = start; at < Math.min(bytes.length, start + 300); at++) bytes[at] = below(256)
  return bytes
}

/** A stretch of the log once more, elsewhere: records and definitions where others stood. */
const copyOver: Damage = (bytes, below) => {
  const from = placeIn(bytes, below) & ~7
  bytes.copy(bytes, placeIn(bytes, below) & ~7, from, from + 8 * below(300))
  return bytes
}

const cutEnd: Damage = (bytes, below) => Buffer.from(bytes.subarray(0, below(bytes.length + 1)))

const swapChunks: Damage = (bytes, below) => {
  const chunks = countChunks(bytes)
  if (chunks === 0) return bytes
  const [one, other] = [chunkStart(below(chunks)), chunkStart(below(chunks))]
  const kept = Buffer.from(bytes.subarray(one, one + CHUNK_SIZE))
  bytes.copyWithin(one, other, other + CHUNK_SIZE)
  kept.copy(bytes, other)
  return bytes
}

const repeatChunk: Damage = (bytes, below) => {
  const chunks = countChunks(bytes)
  if (chunks === 0 || chunks > 6) return bytes
  const start = chunkStart(below(chunks))
  return Buffer.concat([bytes, bytes.subarray(start, start + CHUNK_SIZE)])
}

const dropChunk: Damage = (bytes, below) => {
  const start = chunkStart(below(countChunks(bytes) + 1))
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + CHUNK_SIZE)])
}

const DAMAGES: readonly Damage[] = [
  flipBits,
  flipBits,
  lie,
  lie,
  lie,
  shift,
  shift,
  spliceWords,
  spliceWords,
  blank,
  noise,
  copyOver,
  cutEnd,
  swapChunks,
  repeatChunk,
  dropChunk,
]

function countChunks(bytes: Buffer): number {
  return Math.max(0, Math.floor((bytes.length - HEADER_BLOCK) / CHUNK_SIZE))
}

/** Anywhere that is used: in the first KiB of the file, or in what a chunk has filled. */
function placeIn(bytes: Buffer, below: Random): number {
  const chunks = countChunks(bytes)
  if (chunks === 0 || below(20) === 0) return below(Math.min(bytes.length, 1024) + 1)
  const start = chunkStart(below(chunks))
  const free = Math.min(CHUNK_SIZE, Math.max(512, bytes.readUInt32LE(start + 48)))
  return start + below(free)
}

/** A field of a chunk's header, of a record's, or the head of a template instance. */
function structureIn(bytes: Buffer, below: Random): number {
  const place = placeIn(bytes, below)
  if (place < HEADER_BLOCK || below(8) === 0) return Math.min(place & ~3, Math.max(0, bytes.length - 4))
  const chunk = chunkStart(Math.floor((place - HEADER_BLOCK) / CHUNK_SIZE))
  if (below(8) === 0) return chunk + 8 + 4 * below(126)
  const mark = WANTED[below(WANTED.length)] ?? WANTED[0]
  const found = mark === undefined ? -1 : bytes.indexOf(mark.bytes, place)
  return found < 0 || found >= chunk + CHUNK_SIZE ? place : found + below(mark?.reach ?? 1)
}

const WANTED = [
  { bytes: Buffer.from("2a2a0000", "hex"), reach: 28 },
  { bytes: Buffer.from("0c01", "hex"), reach: 40 },
  { bytes: Buffer.from("0f010100", "hex"), reach: 20 },
]
