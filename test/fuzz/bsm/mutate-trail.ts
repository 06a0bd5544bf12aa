/** Damages a trail the same way for the same seed, item by item: what is not named as touched is as it was. */
import { seededRandom } from "../../acceptance/read-rows.ts"

type Random = (limit: number) => number

export interface MutatedTrail {
  readonly bytes: Buffer
  /** Offsets of the items of which no byte differs, in the mutated trail, and where they were. */
  readonly intact: ReadonlyMap<number, number>
}

/** Numbers that mean something to a reader who believes them. */
const LIES = [
  0, 1, 2, 4, 16, 24, 25, 26, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0xffffffff,
]
/** Headers, trailers and tokens with lengths. */
const WORDS = [
  "1400000019",
  "13b105",
  "7400000021",
  "110000",
  "3c0000ffff",
  "23ffff",
  "28ffff",
  "7a",
  "7f0002",
  "ed",
]
  .concat(["82", "210303ff", "51ffff", "3bffff", "150000001d", "1300000000", "00000000"])
  .map((hex) => Buffer.from(hex, "hex"))
const MOST_GARBAGE = 4096

/** @param items the trail, cut where its records begin */
export function mutateTrail(items: readonly Buffer[], seed: number): MutatedTrail {
  const random = seededRandom(seed)
  const below: Random = (limit) => Math.floor(random() * limit)
  const touched = new Set<number>()
  for (let left = 1 + below(4); left > 0; left--) touched.add(below(items.length))
  const intact = new Map<number, number>()
  const pieces: Buffer[] = []
  let offset = 0
  let origin = 0
  for (const [index, item] of items.entries()) {
    const isTouched = touched.has(index)
    if (!isTouched) intact.set(offset, origin)
    const piece = isTouched ? (DAMAGES[below(DAMAGES.length)]?.(Buffer.from(item), below) ?? item) : item
    pieces.push(piece)
    offset += piece.length
    origin += item.length
  }
  const whole = Buffer.concat(pieces)
  // Every tenth trail ends too early.
  return { bytes: below(10) === 0 ? whole.subarray(0, below(whole.length)) : whole, intact }
}

type Damage = (bytes: Buffer, below: Random) => Buffer

const flipBits: Damage = (bytes, below) => {
  for (let count = 1 + below(8); count > 0; count--) {
    const at = below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
  }
  return bytes
}

const lie: Damage = (bytes, below) => {
  const at = below(3) === 0 ? 1 : below(bytes.length)
  const value = LIES[below(LIES.length)] ?? 0
  if (below(2) === 0 && at + 4 <= bytes.length) bytes.writeUInt32BE(value, at)
  else if (at + 2 <= bytes.length) bytes.writeUInt16BE(value & 0xffff, at)
  return bytes
}

/** A size that nearly fits. */
const resize: Damage = (bytes, below) => {
  if (bytes.length >= 5) bytes.writeUInt32BE((bytes.length + below(65) - 32) >>> 0, 1)
  return bytes
}

const splice: Damage = (bytes, below) => {
  WORDS[below(WORDS.length)]?.copy(bytes, below(bytes.length))
  return bytes
}

const cut: Damage = (bytes, below) => {
  const from = below(bytes.length)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + below(bytes.length - from))])
}

const insert: Damage = (bytes, below) => {
  const at = below(2) === 0 ? 0 : below(bytes.length)
  const isNul = below(3) === 0
  const more = Buffer.from(Array.from({ length: 1 + below(MOST_GARBAGE) }, () => (isNul ? 0 : below(256))))
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])
}

const blank: Damage = (bytes, below) => bytes.fill(0, below(bytes.length))

const drop: Damage = () => Buffer.alloc(0)

const DAMAGES: readonly Damage[] = [
  flipBits,
  flipBits,
  lie,
  lie,
  lie,
  resize,
  splice,
  splice,
  cut,
  insert,
  blank,
  drop,
]
