/**
 * Knows again a log that changes in place: by the record that its first chunk begins with, until the ring comes round
 * to that chunk; then by ids that are higher than all before.
 */
import type { EvtxState } from "./evtx-parser.ts"
import { CHUNK, FILE, FILE_MAGIC, RECORD, RECORD_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import { headerIdAt, writtenAt } from "./record-header.ts"

export interface FirstRecord {
  readonly id: number
  /** FILETIME in decimal. */
  readonly written: string
}

/** What an earlier run knew of a log. */
export interface WrittenLog {
  readonly first: FirstRecord
  readonly highestId: number
  readonly isEnded: boolean
}

/** The record that a chunk begins with; null when none does. @param at of the chunk */
export function firstRecordOf(bytes: Buffer, at: number): FirstRecord | null {
  const record = at + CHUNK.recordsAt
  if (record + RECORD.binXmlAt > bytes.length || readU32(bytes, record) !== RECORD_MAGIC) return null
  return { id: headerIdAt(bytes, record), written: String(writtenAt(bytes, record)) }
}

/** Whether these are the first bytes of a log. */
export function beginsLog(head: Buffer): boolean {
  return (
    head.length >= FILE.bytes && head.compare(FILE_MAGIC, 0, FILE_MAGIC.length, 0, FILE_MAGIC.length) === 0
  )
}

/** The record that a log begins with; null when none does. @param head its first bytes */
export function firstRecordOfLog(head: Buffer): FirstRecord | null {
  return beginsLog(head) ? firstRecordOf(head, FILE.bytes) : null
}

/** null for a log that is not written any more, as an export is none. @param state of the parser */
export function writtenLogOf(state: string): WrittenLog | null {
  const { first, seen, integrity, isEnded = false } = JSON.parse(state) as EvtxState
  if (first === undefined || first === null || seen === undefined || integrity.isRenumbered) return null
  return { first, highestId: seen.ids.at(-1)?.[1] ?? first.id, isEnded }
}
