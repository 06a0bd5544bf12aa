/** Event id, time and record id of the event itself: from the values of its template, else from what was written. */
import { parseWholeDecimal } from "../../../base/digits.ts"
import type { EventTape } from "../event-tape.ts"
import { SystemFields } from "../system-fields.ts"
import { TYPE } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import type { RecordWriter } from "./record-writer.ts"

const TWO_32 = 0x1_0000_0000
const UNIX_EPOCH_SECONDS = 11_644_473_600
const TICKS = 10_000_000

export class EventFacts {
  /** NaN while not known. */
  eventId = Number.NaN
  /** Since 1970, with the fraction that a double holds. */
  second = Number.NaN
  recordId = Number.NaN
  readonly #system = new SystemFields()

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
    if (!Number.isNaN(this.eventId + this.recordId + this.second)) return
    const system = this.#system
    system.read(tape, null)
    const { recordIdAt } = system
    if (Number.isNaN(this.eventId)) this.eventId = system.eventId
    if (Number.isNaN(this.second)) this.second = system.second + system.nsec / 1e9
    if (Number.isNaN(this.recordId) && recordIdAt >= 0) {
      this.recordId = parseWholeDecimal(tape.bytes, tape.start(recordIdAt), tape.end(recordIdAt))
    }
  }
}
