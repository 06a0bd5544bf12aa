/**
 * Reads what auditd writes to a plugin with `format = binary`.
 *
 *   u32 ver  u32 hlen (16)  u32 type  u32 size, then size bytes
 *   ver 0: audit(1795299136.884:8176): pid=894 …
 *   ver 1: [node=web-1 ]type=ADD_GROUP msg=audit(1795299136.884:8176): pid=894 …
 *
 * All in the host's byte order, read as little endian.
 * Source of truth: audit-userspace lib/libaudit.h struct audit_dispatcher_header, src/auditd-dispatch.c dispatch_event.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { RecordConsumer } from "../framing.ts"
import type { HeaderReader } from "../header.ts"
import { ByteWindow } from "./byte-window.ts"
import { EntrySink } from "./entry-sink.ts"
import type { ResumableFramer } from "./resumable.ts"

export const PLUGIN_HEADER_BYTES = 16
const HIGHEST_VERSION = 1
const HIGHEST_TYPE = 2999
const HLEN_AT = 4
const TYPE_AT = 8
const SIZE_AT = 12
/** Beginnings of a payload: a stamp, a type, a node. */
const BEGINNINGS = ["audi", "type", "node"].map((word) => Buffer.from(word, "latin1").readUInt32LE(0))
/** What `isPluginHeader` needs to see. */
const LOOK_BYTES = PLUGIN_HEADER_BYTES + 4

/** Whether a message begins at `at`; false as well when fewer than 20 bytes follow. */
export function isPluginHeader(buffer: Buffer, at: number, end: number): boolean {
  if (end - at < LOOK_BYTES) return false
  if (buffer.readUInt32LE(at) > HIGHEST_VERSION || buffer.readUInt32LE(at + HLEN_AT) !== PLUGIN_HEADER_BYTES)
    return false
  const type = buffer.readUInt32LE(at + TYPE_AT)
  const size = buffer.readUInt32LE(at + SIZE_AT)
  if (type < 1000 || type > HIGHEST_TYPE || size < 4 || size > LIMITS.netlinkFrameBytes.value) return false
  return BEGINNINGS.includes(buffer.readUInt32LE(at + PLUGIN_HEADER_BYTES))
}

export class AudispBinaryFramer implements ResumableFramer {
  readonly #consumer: RecordConsumer
  readonly #header: HeaderReader
  readonly #sink: EntrySink
  readonly #window = new ByteWindow()
  /** Source offset where a stretch without messages begins that has not been reported yet, or -1. */
  #damagedFrom = -1
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
    this.#run()
    this.#window.settle()
  }

  /** Messages stand alone: nothing has to be known to go on. */
  saveState(): string {
    return ""
  }

  restoreState(): void {}

  end(): void {
    const window = this.#window
    // A message that the end cuts may hide whole ones behind its length.
    while (window.at < window.end) {
      this.#passOver()
      this.#run()
    }
    this.#reportDamage()
    this.#consumedTo = window.offsetOf(window.end)
  }

  #run(): void {
    const window = this.#window
    while (window.end - window.at >= LOOK_BYTES) {
      if (!isPluginHeader(window.buffer, window.at, window.end)) {
        this.#passOver()
        continue
      }
      const size = window.buffer.readUInt32LE(window.at + SIZE_AT)
      if (window.end - window.at < PLUGIN_HEADER_BYTES + size) break
      this.#reportDamage()
      this.#readMessage(size)
      window.at += PLUGIN_HEADER_BYTES + size
    }
    this.#consumedTo = this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  #readMessage(size: number): void {
    const { buffer, at } = this.#window
    const sink = this.#sink
    sink.begin(this.#window.offsetOf(at), PLUGIN_HEADER_BYTES + size)
    const start = at + PLUGIN_HEADER_BYTES
    let end = start + size
    while (end > start && isTrailing(buffer[end - 1] as number)) end--
    if (this.#readHeader(buffer, at, start, end)) {
      sink.emit()
      return
    }
    const { at: faultAt, expected } = this.#header.fault
    sink.problem("bad-header", "error", "a message to a plugin without a readable header", {
      expected,
      found: buffer.latin1Slice(faultAt, Math.min(end, faultAt + 40)),
    })
  }

  /** The words tell rather than the version: a stamp alone takes its type from the header. */
  #readHeader(buffer: Buffer, at: number, start: number, end: number): boolean {
    const { record } = this.#sink
    if (buffer[start] !== 0x61) return this.#header.read(record, buffer, start, end)
    record.type = buffer.readUInt32LE(at + TYPE_AT)
    return this.#header.readStamp(record, buffer, start, end)
  }

  /** Leaves a byte behind that begins no message. */
  #passOver(): void {
    if (this.#damagedFrom < 0) this.#damagedFrom = this.#window.offsetOf(this.#window.at)
    this.#window.at++
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
      message: `no message to a plugin begins here; ${length} bytes were passed over`,
    })
  }
}

/** A trailing NUL, line end or blank is no part of the body. */
function isTrailing(byte: number): boolean {
  return byte === 0 || byte === 0x0a || byte === 0x20
}
