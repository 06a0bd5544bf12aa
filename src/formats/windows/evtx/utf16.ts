/**
 * UTF-16LE to UTF-8, with what is in the text found on the way.
 * Two characters at a time while they are ASCII; a surrogate without its other half becomes U+FFFD.
 */
import { HAS, TEXT_CLASSES } from "../event-tape.ts"

export class Utf16Text {
  /** `HAS` of what was written last. */
  has = 0

  /**
   * Writes `source[from, end)` to `target` at `at`, and returns the end of what was written.
   * `target` must have room for one and a half times the source.
   */
  write(source: Buffer, from: number, end: number, target: Buffer, at: number): number {
    let out = at
    let has = 0
    let next = from
    for (const last = end - 1; next < last; next += 2) {
      const low = source[next] as number
      if (source[next + 1] !== 0 || low >= 0x80) break
      target[out++] = low
      has |= TEXT_CLASSES[low] as number
    }
    this.has = has
    return next + 1 < end ? this.#wide(source, next, end, target, out) : out
  }

  #wide(source: Buffer, from: number, end: number, target: Buffer, at: number): number {
    let out = at
    let has = this.has
    for (let next = from; next + 1 < end; next += 2) {
      const unit = (source[next] as number) | ((source[next + 1] as number) << 8)
      if (unit < 0x80) {
        target[out++] = unit
        has |= TEXT_CLASSES[unit] as number
        continue
      }
      has |= HAS.wide
      if (unit >= 0xd800 && unit < 0xe000) {
        const point = surrogatePair(source, next, end)
        if (point > 0xffff) next += 2
        out = putCodePoint(target, out, point)
      } else out = putCodePoint(target, out, unit)
    }
    this.has = has
    return out
  }
}

/** The code point that begins with the surrogate at `at`; U+FFFD without its other half. */
function surrogatePair(source: Buffer, at: number, end: number): number {
  const high = (source[at] as number) | ((source[at + 1] as number) << 8)
  if (high >= 0xdc00 || at + 3 >= end) return 0xfffd
  const low = (source[at + 2] as number) | ((source[at + 3] as number) << 8)
  if (low < 0xdc00 || low >= 0xe000) return 0xfffd
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
}

/** Writes one code point as UTF-8, and returns the end of it. */
export function putCodePoint(target: Buffer, at: number, point: number): number {
  let out = at
  if (point < 0x80) {
    target[out++] = point
    return out
  }
  if (point < 0x800) target[out++] = 0xc0 | (point >> 6)
  else {
    if (point < 0x10000) target[out++] = 0xe0 | (point >> 12)
    else {
      target[out++] = 0xf0 | (point >> 18)
      target[out++] = 0x80 | ((point >> 12) & 0x3f)
    }
    target[out++] = 0x80 | ((point >> 6) & 0x3f)
  }
  target[out++] = 0x80 | (point & 0x3f)
  return out
}
