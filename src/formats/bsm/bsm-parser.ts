/**
 * Reads BSM audit trails: pieces of a trail in, records as tapes of their tokens out.
 *
 * A record is framed by the size in its header and by its trailer, never by a walk through its tokens; what is damaged
 * is told with its place, and what stands around it is read. Source of truth: OpenBSM audit.log(5).
 */
import type { Gap, Problem } from "../../base/problem.ts"
import { readFewerStrings } from "./fewer-strings.ts"
import { BsmFramer, type ItemSink } from "./framer.ts"
import { BsmIntegrity, type BsmIntegrityState } from "./integrity.ts"
import type { ItemKind } from "./items.ts"
import { PlatformFinder } from "./platform.ts"
import { BsmRecord } from "./record.ts"
import { RecordProblems } from "./record-problems.ts"
import type { BsmPlatform } from "./tables/events.ts"
import { walkFileToken, walkRecord } from "./token-walk.ts"

export interface BsmConsumer {
  /** The record is used again for the next one. */
  record(record: BsmRecord, sourceId: number): void
  problem(problem: Problem, sourceId: number): void
  gap(gap: Gap, sourceId: number): void
}

export interface BsmSource {
  readonly sourceId: number
  /** The system that wrote the trail; `unknown` leaves it to the records. */
  readonly platform: BsmPlatform
}

/** What must outlive the process. */
export interface BsmParserState {
  readonly platform: BsmPlatform
  readonly integrity: BsmIntegrityState
}

export class BsmParser implements ItemSink {
  readonly #consumer: BsmConsumer
  readonly #record = new BsmRecord()
  readonly #framer = new BsmFramer(this)
  readonly #finder = new PlatformFinder()
  readonly #integrity: BsmIntegrity
  readonly #problems: RecordProblems
  #sourceId = 0
  /** Records and file tokens so far, of all sources. */
  records = 0

  constructor(consumer: BsmConsumer) {
    this.#consumer = consumer
    this.#integrity = new BsmIntegrity((gap) => consumer.gap(gap, this.#sourceId))
    this.#problems = new RecordProblems((problem) => consumer.problem(problem, this.#sourceId))
  }

  /** The system that wrote the trail, as far as its records have told by now. */
  get platform(): BsmPlatform {
    return this.#finder.platform
  }

  /** Where reading would have to go on: the first byte of a record that is not whole yet. */
  get consumedTo(): number {
    return this.#framer.consumedTo
  }

  beginSource({ sourceId, platform }: BsmSource): void {
    this.#sourceId = sourceId
    this.#finder.begin(platform)
    this.#framer.begin()
    this.#integrity.begin()
    this.#problems.begin()
  }

  /** @param offset of `bytes[0]` in the uncompressed source; the bytes are used again after the call */
  push(bytes: Buffer, offset: number): void {
    this.#framer.push(bytes, offset)
  }

  endSource(): void {
    this.#framer.end()
  }

  /** State as of `consumedTo`; bytes behind it have to be pushed again. */
  saveState(): string {
    const state: BsmParserState = { platform: this.platform, integrity: this.#integrity.saveState() }
    return JSON.stringify(state)
  }

  /** Behind `beginSource`. */
  restoreState(text: string): void {
    const state = JSON.parse(text) as BsmParserState
    this.#finder.begin(state.platform)
    this.#integrity.restoreState(state.integrity)
  }

  item(kind: ItemKind, bytes: Buffer, start: number, end: number, offset: number): void {
    const record = this.#record
    this.records++
    if (kind === "file") walkFileToken(record, bytes, start, end, offset)
    else {
      walkRecord(record, bytes, start, end, offset)
      if (record.rawFrom >= 0) readFewerStrings(record)
      if (kind !== "whole" || record.failure !== "") this.#problems.tell(record, kind)
    }
    this.#finder.observe(record)
    this.#integrity.observe(record)
    this.#consumer.record(record, this.#sourceId)
  }

  skipped(offset: number, length: number): void {
    const message = "These bytes begin no record and were passed over up to the next one."
    this.#tell({ code: "bsm/skipped-bytes", severity: "error", offset, length, message })
  }

  cut(offset: number, length: number): void {
    const message = "The trail ends within a record."
    this.#tell({ code: "bsm/cut-record", severity: "warning", offset, length, message })
  }

  #tell(problem: Problem): void {
    this.#consumer.problem(problem, this.#sourceId)
  }
}
