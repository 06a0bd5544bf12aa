/**
 * Reads frames as the kernel's audit socket delivers them.
 *
 *   u32 length of what follows       left out in plain dumps of recvmsg, whose frames are aligned to four bytes
 *   u32 nlmsg_len  u16 nlmsg_type  u16 nlmsg_flags  u32 nlmsg_seq  u32 nlmsg_pid
 *   audit(1795299136.884:8176): pid=894 …
 *
 * All little endian. The kernel sets nlmsg_len of audit messages to the length of the payload alone, so the outer
 * length is the one to trust.
 * Source of truth: kernel/audit.c audit_log_end, kauditd_send_queue; include/uapi/linux/netlink.h.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { RecordConsumer } from "../framing.ts"
import type { HeaderReader } from "../header.ts"
import { ByteWindow } from "./byte-window.ts"
import { EntrySink } from "./entry-sink.ts"
import type { ResumableFramer } from "./resumable.ts"

const OUTER_BYTES = 4
const HEADER_BYTES = 16
const STAMP = Buffer.from("audit(", "latin1")
const LOWEST_TYPE = 1000
const HIGHEST_TYPE = 2999
/** NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE, NLMSG_OVERRUN. */
const HIGHEST_CONTROL_TYPE = 4

/** What a frame at some place would be. */
type FrameKind = "record" | "reply" | "none" | "more"

export class NetlinkFramer implements ResumableFramer {
  readonly #consumer: RecordConsumer
  readonly #header: HeaderReader
  readonly #sink: EntrySink
  readonly #window = new ByteWindow()
  /** Source offset where a stretch without frames begins that has not been reported yet, or -1. */
  #damagedFrom = -1
  /** Of the frame that `#look` found last: where its netlink header begins, where its payload and it end. */
  #headerAt = 0
  #payloadEnd = 0
  #frameEnd = 0
  #consumedTo = 0

  constructor(consumer: RecordConsumer, header: HeaderReader) {
    this.#consumer = consumer
    this.#header = header
    this.#sink = new EntrySink(consumer)
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  push(chunk: Buffer, offset: number): void {
    this.#window.add(chunk, offset)
    this.#run(false)
    this.#window.settle()
  }

  /** Frames stand alone: nothing has to be known to go on. */
  saveState(): string {
    return ""
  }

  restoreState(): void {}

  end(): void {
    this.#run(true)
    const window = this.#window
    if (window.at < window.end) this.#noteDamage()
    window.at = window.end
    this.#reportDamage()
    this.#consumedTo = window.offsetOf(window.end)
  }

  #run(isLast: boolean): void {
    const window = this.#window
    while (window.at < window.end) {
      const kind = this.#look(window.at, isLast)
      if (kind === "more") break
      if (kind === "none") {
        this.#noteDamage()
        window.at = this.#nextCandidate(isLast)
        if (
          window.at < window.end &&
          !isLast &&
          window.end - window.at < OUTER_BYTES + HEADER_BYTES + STAMP.length
        )
          break
        continue
      }
      this.#reportDamage()
      this.#readFrame(kind)
      window.at = this.#frameEnd
    }
    this.#consumedTo = this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  /** What the frame at `at` is, if there is one: with an outer length, else without. */
  #look(at: number, isLast: boolean): FrameKind {
    const { end } = this.#window
    const needed = OUTER_BYTES + HEADER_BYTES + STAMP.length
    if (end - at < needed && !isLast) return "more"
    const kind = this.#lookWithLength(at, isLast)
    return kind === "none" ? this.#lookBare(at, isLast) : kind
  }

  #lookWithLength(at: number, isLast: boolean): FrameKind {
    const { buffer, end } = this.#window
    if (end - at < OUTER_BYTES + HEADER_BYTES) return "none"
    const length = buffer.readUInt32LE(at)
    if (length < HEADER_BYTES || length > LIMITS.netlinkFrameBytes.value) return "none"
    const headerAt = at + OUTER_BYTES
    const isRecord = this.#isRecordHeader(headerAt)
    const inner = buffer.readUInt32LE(headerAt)
    const isExact = inner === length || inner === length - HEADER_BYTES || align(inner) === length
    if (!isRecord && !(isExact && this.#isReplyHeader(headerAt))) return "none"
    const frameEnd = headerAt + length
    if (frameEnd > end) return isLast ? "none" : "more"
    if (!isExact) {
      const follows = this.#isFrameStart(frameEnd, isLast)
      if (follows !== "record") return follows
    }
    this.#setFrame(headerAt, frameEnd, frameEnd)
    return isRecord ? "record" : "reply"
  }

  /** nlmsg_len with or without the header, padded or not: whichever leads to a further frame or to the end. */
  #lookBare(at: number, isLast: boolean): FrameKind {
    const { buffer, end } = this.#window
    if (end - at < HEADER_BYTES + STAMP.length || !this.#isRecordHeader(at)) return "none"
    const inner = buffer.readUInt32LE(at)
    if (inner > LIMITS.netlinkFrameBytes.value) return "none"
    let isUndecided = false
    for (const length of [inner + HEADER_BYTES, inner]) {
      for (const padded of [align(length), length]) {
        if (length < HEADER_BYTES + STAMP.length) continue
        const isEnd = isLast && at + padded === end
        const follows = isEnd ? "record" : this.#isFrameStart(at + padded, isLast)
        if (follows === "more") isUndecided = true
        if (follows !== "record") continue
        this.#setFrame(at, at + length, at + padded)
        return "record"
      }
    }
    return isUndecided ? "more" : "none"
  }

  /** `record` when a frame, bare or not, seems to begin at `at`, or the source ends there. */
  #isFrameStart(at: number, isLast: boolean): "record" | "none" | "more" {
    const { end } = this.#window
    if (at === end && isLast) return "record"
    if (at + OUTER_BYTES + HEADER_BYTES + STAMP.length > end) {
      if (!isLast) return "more"
      if (at + HEADER_BYTES + STAMP.length > end) return "none"
    }
    return this.#isRecordHeader(at + OUTER_BYTES) || this.#isRecordHeader(at) ? "record" : "none"
  }

  #isRecordHeader(at: number): boolean {
    const { buffer, end } = this.#window
    const payload = at + HEADER_BYTES
    if (payload + STAMP.length > end) return false
    const type = buffer.readUInt16LE(at + 4)
    if (type < LOWEST_TYPE || type > HIGHEST_TYPE) return false
    return buffer.compare(STAMP, 0, STAMP.length, payload, payload + STAMP.length) === 0
  }

  /** An answer of the kernel to a request: AUDIT_GET and its like, errors. */
  #isReplyHeader(at: number): boolean {
    const type = this.#window.buffer.readUInt16LE(at + 4)
    return (type > 0 && type <= HIGHEST_CONTROL_TYPE) || (type >= LOWEST_TYPE && type < 1100)
  }

  #setFrame(headerAt: number, payloadEnd: number, frameEnd: number): void {
    this.#headerAt = headerAt
    this.#payloadEnd = payloadEnd
    this.#frameEnd = frameEnd
  }

  #readFrame(kind: "record" | "reply"): void {
    const window = this.#window
    const { buffer } = window
    const sink = this.#sink
    sink.begin(window.offsetOf(window.at), this.#frameEnd - window.at)
    if (kind === "reply") {
      sink.foreign()
      return
    }
    let end = this.#payloadEnd
    const start = this.#headerAt + HEADER_BYTES
    while (end > start && isTrailing(buffer[end - 1] as number)) end--
    sink.record.type = buffer.readUInt16LE(this.#headerAt + 4)
    if (this.#header.readStamp(sink.record, buffer, start, end)) {
      sink.emit()
      return
    }
    const { at, expected } = this.#header.fault
    sink.problem("bad-header", "error", "a netlink message without a readable stamp", {
      expected,
      found: buffer.latin1Slice(at, Math.min(end, at + 40)),
    })
  }

  /** The next place after the window's start where a frame could begin; as far as the bytes allow to tell. */
  #nextCandidate(isLast: boolean): number {
    const { buffer, at, end } = this.#window
    const view = buffer.subarray(0, end)
    for (let from = at + 1 + HEADER_BYTES; ; ) {
      const found = view.indexOf(STAMP, from)
      if (found < 0) {
        const keep = OUTER_BYTES + HEADER_BYTES + STAMP.length - 1
        return isLast ? end : Math.max(at + 1, end - keep)
      }
      const withLength = found - HEADER_BYTES - OUTER_BYTES
      if (withLength > at && this.#couldStart(withLength)) return withLength
      if (found - HEADER_BYTES > at) return found - HEADER_BYTES
      from = found + 1
    }
  }

  #couldStart(at: number): boolean {
    const length = this.#window.buffer.readUInt32LE(at)
    return length >= HEADER_BYTES && length <= LIMITS.netlinkFrameBytes.value
  }

  #noteDamage(): void {
    if (this.#damagedFrom < 0) this.#damagedFrom = this.#window.offsetOf(this.#window.at)
  }

  #reportDamage(): void {
    const from = this.#damagedFrom
    if (from < 0) return
    this.#damagedFrom = -1
    const length = this.#window.offsetOf(this.#window.at) - from
    this.#consumer.problem({
      code: "linux-audit/bad-frame",
      severity: "error",
      offset: from,
      length,
      message: `no netlink message begins here; ${length} bytes were passed over`,
    })
  }
}

function align(length: number): number {
  return (length + 3) & ~3
}

/** A trailing NUL, line end or blank is no part of the body. */
function isTrailing(byte: number): boolean {
  return byte === 0 || byte === 0x0a || byte === 0x20
}
