/** Event id, time and record id of the event itself: from the values of its template, else from what was written. */
import type { EventTape } from "../event-tape.ts"
import { TYPE } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import type { RecordWriter } from "./record-writer.ts"
import { attributeOf, textOf } from "./tape-search.ts"

const TWO_32 = 0x1_0000_0000
const UNIX_EPOCH_SECONDS = 11_644_473_600
const TICKS = 10_000_000

export class EventFacts {
  /** NaN while not known. */
  eventId = Number.NaN
  /** Since 1970, with the fraction that a double holds. */
  second = Number.NaN
  recordId = Number.NaN

  /** Of the record that was prepared. */
  readSlots(writer: RecordWriter, bytes: Buffer): void {
    this.eventId = Number.NaN
    this.second = Number.NaN
    this.recordId = Number.NaN
    const { root } = writer
    if (root === null) return
    const idAt = writer.slot(root.eventIdSlot, TYPE.uint16)
    if (idAt >= 0) this.eventId = (bytes[idAt] as number) | ((bytes[idAt + 1] as number) << 8)
    const recordAt = writer.slot(root.recordIdSlot, TYPE.uint64)
    if (recordAt >= 0) this.recordId = readU32(bytes, recordAt + 4) * TWO_32 + readU32(bytes, recordAt)
    const timeAt = writer.slot(root.timeSlot, TYPE.fileTime)
    if (timeAt < 0) return
    const { times } = writer
    times.split(readU32(bytes, timeAt), readU32(bytes, timeAt + 4))
    this.second = times.seconds - UNIX_EPOCH_SECONDS + times.fraction / TICKS
  }

  /** What the values did not tell, of the event that was written. */
  readTape(tape: EventTape): void {
    if (Number.isNaN(this.eventId)) this.eventId = wholeNumber(textOf(tape, "EventID"))
    if (Number.isNaN(this.recordId)) this.recordId = wholeNumber(textOf(tape, "EventRecordID"))
    if (Number.isNaN(this.second))
      this.second = Date.parse(attributeOf(tape, "TimeCreated", "SystemTime")) / 1000
  }
}

function wholeNumber(text: string): number {
  return /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
}
