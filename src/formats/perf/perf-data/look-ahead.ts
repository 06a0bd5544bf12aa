/** Asks for the feature sections of a recording before its data is read: they lie behind it. */
import { LIMITS } from "../../../base/limits.ts"
import type { LookAhead, Stretch } from "../../format.ts"
import { ByteCursor } from "./byte-cursor.ts"
import { type Features, readFeature, WANTED } from "./features.ts"
import { FEATURE, readFileHeader, readSection, SECTION_BYTES } from "./file-header.ts"

/** A table of sections, then those that are wanted; nothing for a pipe or a recording without an end. */
export const lookAhead: LookAhead = async (head, read) => {
  const header = readFileHeader(head)
  if (header === null || header.isPipe || header.data.size === 0) return []
  const tableAt = header.data.offset + header.data.size
  const table = await read([{ offset: tableAt, length: header.features.length * SECTION_BYTES }])
  if (table === null) return null
  const [first] = table
  if (first === undefined) return []
  const cursor = new ByteCursor(first.bytes, header.isBigEndian)
  const wanted: { offset: number; length: number }[] = []
  let total = 0
  for (const feature of header.features) {
    const { offset, size } = readSection(cursor)
    if (cursor.isOver) break
    if (!WANTED.has(feature) || size === 0 || total + size > LIMITS.perfRecordBytes.value) continue
    wanted.push({ offset, length: size })
    total += size
  }
  return [...table, ...((await read(wanted)) ?? [])]
}

/**
 * Takes in the feature sections out of the stretches around them.
 * @returns whether the formats of the events are among them, and whether a section is damaged
 */
export function readFeatureSections(
  features: Features,
  head: { readonly isBigEndian: boolean; readonly features: readonly number[]; readonly tableAt: number },
  stretches: readonly Stretch[],
): { readonly hasTable: boolean; readonly isDamaged: boolean } {
  const { isBigEndian, tableAt } = head
  const table = bytesAt(stretches, tableAt, head.features.length * SECTION_BYTES)
  if (table === null) return { hasTable: false, isDamaged: false }
  const cursor = new ByteCursor(table, isBigEndian)
  let isDamaged = false
  for (const feature of head.features) {
    const { offset, size } = readSection(cursor)
    if (!WANTED.has(feature) || size === 0 || size > LIMITS.perfRecordBytes.value) continue
    const bytes = bytesAt(stretches, offset, size)
    const isRead = bytes !== null && readFeature(features, feature, bytes, isBigEndian)
    // What else the file says of itself does not touch its samples.
    if (!isRead && feature === FEATURE.tracingData) isDamaged = true
  }
  return { hasTable: true, isDamaged }
}

function bytesAt(stretches: readonly Stretch[], offset: number, length: number): Buffer | null {
  for (const { offset: start, bytes } of stretches)
    if (offset >= start && offset + length <= start + bytes.length)
      return bytes.subarray(offset - start, offset - start + length)
  return null
}
