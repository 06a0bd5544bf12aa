/**
 * Takes messages as they come from the kernel's audit socket, one at a time, whole: nothing has to be found again.
 *
 *   u32 length of what follows
 *   u32 nlmsg_len  u16 nlmsg_type  u16 nlmsg_flags  u32 nlmsg_seq  u32 nlmsg_pid
 *   audit(1795299136.884:8176): pid=894 …
 *
 * Source of truth: kernel/audit.c audit_log_end, kauditd_send_queue.
 */
import type { RecordConsumer } from "../framing.ts"
import type { HeaderReader } from "../header.ts"
import type { AuditRecord } from "../record.ts"
import { EntrySink } from "./entry-sink.ts"
import type { ResumableFramer } from "./resumable.ts"

const OUTER_BYTES = 4
const HEADER_BYTES = 16
const LF = 0x0a
const SPACE = 0x20
const STAMP = Buffer.from("audit(", "latin1")

/** Where a record lies in the log that is, or could be, written of what comes in. */
export interface Place {
  offset: number
  length: number
}

/** Gives each record its place, in the order in which they come. `buffer[start, end)` is the message. */
export type PlaceRecord = (type: number, buffer: Buffer, start: number, end: number, place: Place) => void

/** A message that is no record: an answer to a request, AUDIT_REPLACE. */
export type TakeControl = (type: number, payload: Buffer) => void

export interface KernelFramerOptions {
  readonly consumer: RecordConsumer
  readonly header: HeaderReader
  readonly place: PlaceRecord
  readonly control: TakeControl
  /** Sees each record before the consumer does. */
  readonly note?: (record: AuditRecord) => void
}

export class KernelFramer implements ResumableFramer {
  readonly #options: KernelFramerOptions
  readonly #sink: EntrySink
  readonly #place: Place = { offset: 0, length: 0 }
  #consumedTo = 0
  /** No line end lies before it. */
  #lineEndAt = 0

  constructor(options: KernelFramerOptions) {
    this.#options = options
    this.#sink = new EntrySink(options.consumer)
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  /** @param block whole messages, each behind its length */
  push(block: Buffer): void {
    this.#lineEndAt = 0
    for (let at = 0; at + OUTER_BYTES + HEADER_BYTES <= block.length; ) {
      const end = at + OUTER_BYTES + block.readUInt32LE(at)
      this.#take(block, at + OUTER_BYTES, end)
      at = end
    }
  }

  end(): void {}

  /** A socket cannot be read again. */
  saveState(): string {
    return ""
  }

  restoreState(): void {}

  #take(block: Buffer, headerAt: number, frameEnd: number): void {
    const type = block.readUInt16LE(headerAt + 4)
    const start = headerAt + HEADER_BYTES
    if (block.compare(STAMP, 0, STAMP.length, start, Math.min(frameEnd, start + STAMP.length)) !== 0) {
      this.#options.control(type, block.subarray(start, frameEnd))
      return
    }
    let end = frameEnd
    while (end > start && isTrailing(block[end - 1] as number)) end--
    this.#unbreak(block, start, end)
    this.#options.place(type, block, start, end, this.#place)
    const { offset, length } = this.#place
    this.#consumedTo = offset + length
    this.#emit(type, block, start, end)
  }

  /** A line end inside a message becomes a blank, as in auditd's log. */
  #unbreak(block: Buffer, start: number, end: number): void {
    while (this.#lineEndAt < end) {
      const from = Math.max(start, this.#lineEndAt)
      const found = block.indexOf(LF, from)
      this.#lineEndAt = found < 0 ? block.length : found
      if (this.#lineEndAt < end) block[this.#lineEndAt] = SPACE
    }
  }

  #emit(type: number, block: Buffer, start: number, end: number): void {
    const sink = this.#sink
    const { header } = this.#options
    sink.begin(this.#place.offset, this.#place.length)
    sink.record.type = type
    if (header.readStamp(sink.record, block, start, end)) {
      this.#options.note?.(sink.record)
      sink.emit()
      return
    }
    const { at, expected } = header.fault
    sink.problem("bad-header", "error", "a netlink message without a readable stamp", {
      expected,
      found: block.latin1Slice(at, Math.min(end, at + 40)),
    })
  }
}

/** A trailing NUL, line end or blank is no part of the body. */
function isTrailing(byte: number): boolean {
  return byte === 0 || byte === LF || byte === SPACE
}
