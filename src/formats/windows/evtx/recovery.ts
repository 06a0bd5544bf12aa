/**
 * Records of an older use of the bytes: behind the free offset of a chunk, in chunks that lost their header, between
 * chunks of a raw image.
 *
 * Their templates and names may be overwritten since. A template counts only when its id is that of the record, it ends
 * where it says, and every name has its hash; else one is taken that a live chunk had. So chunks are kept until the
 * source ends, when all templates and all live records are known.
 */

import { LIMITS } from "../../../base/limits.ts"
import type { Problem } from "../../../base/problem.ts"
import type { EventPlace } from "../event-tape.ts"
import type { WindowsEventConsumer } from "../parser.ts"
import { findRecord } from "./chunk-walk.ts"
import { CHUNK, RECORD } from "./layout.ts"
import type { LearntTemplates } from "./learnt-templates.ts"
import { LiveIndex } from "./live-index.ts"
import { readU32 } from "./print-numbers.ts"
import { RecordDecoder } from "./record-decoder.ts"
import { headerIdAt, writtenAt } from "./record-header.ts"
import type { TemplateCache } from "./template-cache.ts"

/** `0f 01 01 00` */
const FRAGMENT_HEADER = 0x0001010f
const LEAST_BYTES = 32

/** A stretch of a chunk, from `from` on. */
export interface Leftover {
  readonly bytes: Buffer
  readonly length: number
  /** Of the chunk in the source. */
  readonly offset: number
  readonly number: number
  readonly from: number
  readonly kind: "slack" | "loose"
}

export class Recovery {
  readonly #consumer: WindowsEventConsumer
  readonly #decoder: RecordDecoder
  readonly #live = new LiveIndex()
  readonly #place: EventPlace = { offset: 0, length: 0, headerId: Number.NaN, recovered: "slack" }
  #kept: Leftover[] = []
  #sourceId = 0
  records = 0

  constructor(consumer: WindowsEventConsumer, learnt: LearntTemplates, cache: TemplateCache) {
    this.#consumer = consumer
    this.#decoder = new RecordDecoder({ learnt, cache, isRecovering: true })
  }

  begin(sourceId: number): void {
    this.#sourceId = sourceId
    this.#kept = []
    this.#live.clear()
  }

  /** Notes a live record. */
  live(bytes: Buffer, at: number): void {
    this.#live.add(headerIdAt(bytes, at), writtenAt(bytes, at))
  }

  /** Takes a stretch in which old records may lie; `bytes` may be used again. */
  keep(leftover: Leftover): void {
    const { bytes, length } = leftover
    const from = Math.ceil(leftover.from / RECORD.align) * RECORD.align
    if (findCandidate(bytes, from, length) < 0) return
    const copy = Buffer.alloc(CHUNK.bytes)
    bytes.copy(copy, 0, 0, length)
    this.#kept.push({ ...leftover, from, bytes: copy })
    if (this.#kept.length * CHUNK.bytes >= LIMITS.recoveryBytes.value) this.flush()
  }

  /** Hands on what can be read of all that was kept. */
  flush(): void {
    for (const leftover of this.#kept) this.#read(leftover)
    this.#kept = []
  }

  #read(leftover: Leftover): void {
    const { bytes, length } = leftover
    this.#decoder.begin(bytes, length)
    let unread = 0
    for (let at = findCandidate(bytes, leftover.from, length); at >= 0; ) {
      const size = readU32(bytes, at + 4)
      const isKnown = this.#live.has(headerIdAt(bytes, at), writtenAt(bytes, at))
      const isRead = isKnown || this.#record(leftover, at, size)
      if (!isRead) unread++
      at = findCandidate(bytes, isRead ? at + size : at + RECORD.align, length)
    }
    if (unread > 0) this.#tellUnread(leftover, unread)
  }

  /** True when the record was read to its end, and all of it proved itself. */
  #record(leftover: Leftover, at: number, size: number): boolean {
    const decoder = this.#decoder
    if (!decoder.prepare(at, size)) return false
    const { facts } = decoder
    const isWanted = this.#consumer.wants?.(facts.eventId, Math.floor(facts.second)) ?? true
    if (!isWanted) return true
    if (!decoder.write(at, size) || decoder.failure !== "" || decoder.isDoubtful) return false
    this.records++
    const place = this.#place
    place.offset = leftover.offset + at
    place.length = size
    place.headerId = headerIdAt(leftover.bytes, at)
    place.recovered = leftover.kind
    this.#consumer.event(decoder.tape, place, this.#sourceId)
    return true
  }

  #tellUnread(leftover: Leftover, count: number): void {
    const problem: Problem = {
      code: "evtx/not-recovered",
      severity: "info",
      offset: leftover.offset + leftover.from,
      length: leftover.length - leftover.from,
      message: `${count} old records in chunk ${leftover.number} lack a template that could be trusted.`,
    }
    this.#consumer.problem(problem, this.#sourceId)
  }
}

/** Where a record may begin: both sizes agree, and BinXML follows. */
function findCandidate(bytes: Buffer, from: number, end: number): number {
  for (let at = findRecord(bytes, from, end); at >= 0; at = findRecord(bytes, at + RECORD.align, end)) {
    const size = readU32(bytes, at + 4)
    const isSize = size >= LEAST_BYTES && size % RECORD.align === 0 && at + size <= end
    const isWhole = isSize && readU32(bytes, at + size - 4) === size
    if (isWhole && readU32(bytes, at + RECORD.binXmlAt) === FRAGMENT_HEADER) return at
  }
  return -1
}
