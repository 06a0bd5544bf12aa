/** Copying text while it needs no care: four bytes are looked at and copied at once. */
import type { GrowingBytes } from "../base/growing-bytes.ts"
import type { TextSource } from "./text-source.ts"

/** Which bytes are not plain: all that are not ASCII, all below a limit, and three more. Each is held four times. */
export interface Care {
  readonly limit: number
  readonly first: number
  readonly second: number
  readonly third: number
}

const HIGH_BITS = 0x80808080 | 0
const ONES = 0x01010101
/** Three letters, plain whatever the care, and room for a byte. */
const THREE_LETTERS = 0x61616100

/** `limit` is the first plain byte, `marks` are up to three bytes above it that are not plain. */
export function takeCare(limit: number, marks: readonly [number, number?, number?]): Care {
  const [first, second = first, third = first] = marks
  return { limit: limit * ONES, first: first * ONES, second: second * ONES, third: third * ONES }
}

/**
 * Appends bytes of `source[from, end)` up to the first that needs care, and returns its position, or `end`. `out` has
 * room for all of them.
 */
export function putPlainRun(
  out: GrowingBytes,
  { view }: TextSource,
  from: number,
  end: number,
  care: Care,
): number {
  const target = out.view
  let used = out.used
  let at = from
  while (at + 4 <= end) {
    const word = view.getInt32(at)
    if (needsCare(word, care)) break
    target.setInt32(used, word)
    used += 4
    at += 4
  }
  if (at > from && at + 4 > end) {
    const word = view.getInt32(end - 4)
    if (!needsCare(word, care)) {
      // The last four bytes in one: those that are written already are the same.
      used += end - at
      target.setInt32(used - 4, word)
      at = end
    }
  }
  for (; at < end; at++) {
    const byte = view.getUint8(at)
    if (needsCare(THREE_LETTERS | byte, care)) break
    target.setInt8(used++, byte)
  }
  out.used = used
  return at
}

/**
 * A subtraction sets a byte's high bit when the byte is below what is taken away; with the exclusive or it does so for
 * the one byte that is equal. Borrowing can only add to a word that needs care anyway.
 */
function needsCare(word: number, { limit, first, second, third }: Care): boolean {
  const marked = ((word ^ first) - ONES) | ((word ^ second) - ONES) | ((word ^ third) - ONES)
  return ((word | (word - limit) | marked) & HIGH_BITS) !== 0
}
