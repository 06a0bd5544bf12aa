/** Reads stretches of a source before its turn, at their places or on the way through. */
import type { Stretch } from "../formats/format.ts"
import type { Bytes, RandomAccess } from "./bytes.ts"

interface Wanted {
  readonly offset: number
  readonly length: number
}

/** A stretch that cannot be read, or lies behind the end, comes back shorter. */
export async function readAtPlaces(random: RandomAccess, wanted: readonly Wanted[]): Promise<Stretch[]> {
  const stretches: Stretch[] = []
  for (const { offset, length } of wanted) {
    const target = Buffer.alloc(length)
    const got = await random.readAt(target, offset).catch(() => 0)
    stretches.push({ offset, bytes: target.subarray(0, got) })
  }
  return stretches
}

/** Reads bytes that can only be streamed from their start up to the end of the last stretch. */
export async function readThrough(bytes: Bytes, wanted: readonly Wanted[]): Promise<Stretch[]> {
  const parts = wanted.map(({ offset, length }) => ({ offset, target: Buffer.alloc(length), used: 0 }))
  const end = wanted.reduce((last, { offset, length }) => Math.max(last, offset + length), 0)
  let at = 0
  // What is wrong with the bytes is told when their turn comes.
  for await (const piece of bytes.read(() => {})) {
    for (const part of parts) {
      const from = Math.max(part.offset, at)
      const to = Math.min(part.offset + part.target.length, at + piece.length)
      if (to <= from) continue
      piece.copy(part.target, from - part.offset, from - at, to - at)
      part.used = to - part.offset
    }
    at += piece.length
    if (at >= end) break
  }
  return parts.map(({ offset, target, used }) => ({ offset, bytes: target.subarray(0, used) }))
}
