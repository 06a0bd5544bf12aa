/** Where the items of an array value lie: strings end in NUL, SIDs tell their size, all others have a fixed width. */
import { TYPE } from "./layout.ts"
import { sidLength } from "./print-numbers.ts"

const WIDTHS: ReadonlyMap<number, number> = new Map([
  [TYPE.int8, 1],
  [TYPE.uint8, 1],
  [TYPE.int16, 2],
  [TYPE.uint16, 2],
  [TYPE.int32, 4],
  [TYPE.uint32, 4],
  [TYPE.int64, 8],
  [TYPE.uint64, 8],
  [TYPE.real32, 4],
  [TYPE.real64, 8],
  [TYPE.bool, 4],
  [TYPE.guid, 16],
  [TYPE.fileTime, 8],
  [TYPE.systemTime, 16],
  [TYPE.hex32, 4],
  [TYPE.hex64, 8],
])

/**
 * Length of the item at `from`, of an array that ends at `end`; what does not fit is one last item.
 * @param type of an item
 * @param length of the whole array
 */
export function itemLength(bytes: Buffer, type: number, from: number, end: number, length: number): number {
  if (type === TYPE.string) return stringLength(bytes, from, end)
  if (type === TYPE.ansi) {
    const nul = bytes.indexOf(0, from)
    return nul >= 0 && nul < end ? nul + 1 - from : end - from
  }
  if (type === TYPE.sid) {
    const sid = sidLength(bytes, from, end)
    return sid > 0 ? sid : end - from
  }
  const width = type === TYPE.size ? sizeWidth(length) : (WIDTHS.get(type) ?? end - from)
  return Math.min(width, end - from)
}

/** A pointer's width is not told; an array of 64-bit ones is the rule. */
function sizeWidth(length: number): number {
  return length % 8 === 0 ? 8 : 4
}

/** Up to and with the NUL. */
function stringLength(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at + 1 < end; at += 2) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return at + 2 - from
  }
  return end - from
}
