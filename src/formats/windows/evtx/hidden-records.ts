/**
 * Records inside others: a tool that hides an event enlarges the record before it, and the hidden one's header stays
 * where it was.
 *
 *   2a 2a 00 00 size=1640 … BinXML end | 2a 2a 00 00 size=960 … size=1640
 */

import { isSize } from "./chunk-walk.ts"
import { RECORD, RECORD_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"

/** More than this behind the BinXML is no padding. */
const PADDING = 7
/** Of the size at a record's end, which the hidden one and the one around it share. */
const SIZE_COPY_BYTES = 4

/**
 * Where a record is hidden in the one whose size copy is at `end` and whose BinXML ends at `from`; -1 when none is.
 * Behind it there can be another.
 */
export function findHidden(bytes: Buffer, from: number, end: number): number {
  if (end - from <= PADDING + SIZE_COPY_BYTES) return -1
  for (
    let at = Math.ceil(from / RECORD.align) * RECORD.align;
    at + RECORD.leastBytes <= end;
    at += RECORD.align
  ) {
    if (readU32(bytes, at) === RECORD_MAGIC && isInside(readU32(bytes, at + 4), end + SIZE_COPY_BYTES - at))
      return at
  }
  return -1
}

function isInside(size: number, room: number): boolean {
  return isSize(size) && size <= room
}
