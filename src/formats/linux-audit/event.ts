/** An event: all records with one node, time and serial, as the kernel wrote them for one system call or message. */
import type { AuditRecord } from "./record.ts"

/** A record inside an event. */
export class EventRecord {
  type = 0
  typeName = ""
  /** `buffer[start, end)` is the body. */
  buffer: Buffer = EMPTY
  start = 0
  end = 0
  offset = 0
  length = 0
  /** False while the body lies in a buffer that the framing will use again. */
  isOwned = false

  fill(record: AuditRecord): void {
    this.type = record.type
    this.typeName = record.typeName
    this.buffer = record.buffer
    this.start = record.start
    this.end = record.end
    this.offset = record.offset
    this.length = record.length
    this.isOwned = false
  }

  /** Copies the body out of the framing's buffer. */
  own(): void {
    if (this.isOwned) return
    this.buffer = Buffer.from(this.buffer.subarray(this.start, this.end))
    this.end -= this.start
    this.start = 0
    this.isOwned = true
  }
}

const EMPTY: Buffer = Buffer.alloc(0)

/** Handed out by the assembler when complete; reused after the consumer returns. */
export class AuditEvent {
  node = ""
  sec = 0
  nsec = 0
  serial = 0
  hasSerial = true
  /** Source of the first record, a number that the caller gave to `beginSource`. */
  sourceId = 0
  /** Offset of the first record in that source. */
  offset = 0
  /** Type of the first record. */
  firstType = 0
  /** Records in the order in which they came; only the first `count` are in use. */
  readonly records: EventRecord[] = []
  count = 0
  bytes = 0
  hasSyscall = false
  /** Number of the event in its parser, in the order of their first records. */
  sequence = 0

  begin(record: AuditRecord, sourceId: number, sequence: number): void {
    this.node = record.node
    this.sec = record.sec
    this.nsec = record.nsec
    this.serial = record.serial
    this.hasSerial = record.hasSerial
    this.sourceId = sourceId
    this.offset = record.offset
    this.firstType = record.type
    this.count = 0
    this.bytes = 0
    this.hasSyscall = false
    this.sequence = sequence
  }

  /** Is a record of this type and these bytes already here? */
  holds(record: AuditRecord): boolean {
    const { type, buffer, start, end } = record
    for (let at = 0; at < this.count; at++) {
      const mine = this.records[at]
      if (mine?.type !== type || mine.end - mine.start !== end - start) continue
      if (mine.buffer.compare(buffer, start, end, mine.start, mine.end) === 0) return true
    }
    return false
  }

  matches(record: AuditRecord): boolean {
    return (
      this.serial === record.serial &&
      this.nsec === record.nsec &&
      (this.sec === record.sec || (Number.isNaN(this.sec) && Number.isNaN(record.sec))) &&
      this.node === record.node
    )
  }

  add(record: AuditRecord): void {
    let slot = this.records[this.count]
    if (slot === undefined) {
      slot = new EventRecord()
      this.records.push(slot)
    }
    slot.fill(record)
    this.count++
    this.bytes += record.end - record.start
  }

  /** First record of a type, or undefined. */
  find(type: number): EventRecord | undefined {
    for (let at = 0; at < this.count; at++) {
      const record = this.records[at]
      if (record !== undefined && record.type === type) return record
    }
    return undefined
  }

  /** Makes the event independent of the framing's buffers. */
  own(): void {
    for (let at = 0; at < this.count; at++) this.records[at]?.own()
  }

  /** Lets go of large bodies before the object is used again. */
  release(): void {
    if (this.records.length > 64) this.records.length = 64
    for (let at = 0; at < this.count && at < 64; at++) {
      const record = this.records[at]
      if (record?.isOwned) record.buffer = EMPTY
    }
    this.count = 0
  }
}
