/**
 * The first bytes of perf.data: where attributes, data and feature sections lie.
 *
 *   "PERFILE2"  u64 size (104: file, 16: pipe)  u64 attr size  {attrs} {data} {-}  u64 features[4]
 *
 * Source: Linux' tools/perf/Documentation/perf.data-file-format.txt.
 */
import { ByteCursor } from "./byte-cursor.ts"

export const HEADER_BYTES = 104
export const PIPE_HEADER_BYTES = 16
const MAGIC = "PERFILE2"
const MAGIC_BIG = "2ELIFREP"

export interface Section {
  readonly offset: number
  readonly size: number
}

export interface FileHeader {
  readonly isBigEndian: boolean
  readonly isPipe: boolean
  /** Of one attribute with the section of its ids behind it. */
  readonly attrBytes: number
  readonly attrs: Section
  /** A recorder that was killed has left the size 0. */
  readonly data: Section
  /** Numbers of the feature sections, in the order of their table. */
  readonly features: readonly number[]
}

export const FEATURE = {
  tracingData: 1,
  hostname: 3,
  osRelease: 4,
  machine: 6,
  eventDescriptions: 12,
  sampleTime: 21,
  folder: 24,
  clockData: 29,
} as const

export function hasMagic(bytes: Buffer): boolean {
  if (bytes.length < MAGIC.length) return false
  const magic = bytes.latin1Slice(0, MAGIC.length)
  return magic === MAGIC || magic === MAGIC_BIG
}

/** null for bytes that are none, or not all of it. */
export function readFileHeader(bytes: Buffer): FileHeader | null {
  if (!hasMagic(bytes) || bytes.length < PIPE_HEADER_BYTES) return null
  const isBigEndian = bytes.latin1Slice(0, MAGIC.length) === MAGIC_BIG
  const cursor = new ByteCursor(bytes, isBigEndian, MAGIC.length)
  const none = { offset: 0, size: 0 }
  if (cursor.u64() === PIPE_HEADER_BYTES) {
    const data = { offset: PIPE_HEADER_BYTES, size: 0 }
    return { isBigEndian, isPipe: true, attrBytes: 0, attrs: none, data, features: [] }
  }
  const attrBytes = cursor.u64()
  const attrs = readSection(cursor)
  const data = readSection(cursor)
  readSection(cursor)
  const features: number[] = []
  for (let word = 0; word < 4; word++) {
    const bits = cursor.big()
    for (let bit = 0; bit < 64; bit++) if ((bits >> BigInt(bit)) & 1n) features.push(word * 64 + bit)
  }
  return cursor.isOver ? null : { isBigEndian, isPipe: false, attrBytes, attrs, data, features }
}

export function readSection(cursor: ByteCursor): Section {
  return { offset: cursor.u64(), size: cursor.u64() }
}

/** Bytes of `{offset, size}`. */
export const SECTION_BYTES = 16
