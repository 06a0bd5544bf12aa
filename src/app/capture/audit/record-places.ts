/**
 * Where the records of a capture lie: in the raw log, when one is written, else in the log that could have been. Either
 * way a row's offset is the one it has after `retrail ingest` of that log.
 */
import { type AuditMessage, EOE, lineLength } from "../../../formats/linux-audit/auditd-line.ts"
import type { Place } from "../../../formats/linux-audit/framing/kernel.ts"
import type { SourceRow } from "../../../store/case-store.ts"
import type { SourceLedger } from "../../ingest/source-ledger.ts"
import { newTally, type Tally } from "../../reading/reader.ts"
import type { RawLog, Rotation } from "../raw-log.ts"

export interface RecordPlacesOptions {
  readonly sources: SourceLedger
  /** Path of the raw log; without one a name that says where the records came from. */
  readonly path: string
  readonly hasRawLog: boolean
  readonly nowMs: () => number
}

export class RecordPlaces {
  readonly #options: RecordPlacesOptions
  readonly #message: AuditMessage = { type: 0, buffer: Buffer.alloc(0), start: 0, end: 0 }
  /** Sources of this run, oldest first. */
  readonly #rows: SourceRow[] = []
  #tally = newTally()
  #raw: RawLog | undefined
  #offset = 0
  #beginSource: (sourceId: number, tally: Tally) => void = () => {}

  constructor(options: RecordPlacesOptions) {
    this.#options = options
  }

  get sourceId(): number {
    return this.#rows.at(-1)?.id ?? 0
  }

  /** @param beginSource is told of each source before its first record */
  begin(raw: RawLog | undefined, beginSource: (sourceId: number, tally: Tally) => void): void {
    this.#raw = raw
    this.#offset = raw?.size ?? 0
    this.#beginSource = beginSource
    this.#open()
  }

  place(type: number, buffer: Buffer, start: number, end: number, place: Place): void {
    const message = this.#message
    message.type = type
    message.buffer = buffer
    message.start = start
    message.end = end
    place.length = lineLength(message)
    place.offset = this.#raw?.append(type, buffer, start, end) ?? this.#offset
    this.#offset = place.offset + place.length
    if (type !== EOE) this.#countRecord()
  }

  /** The raw log goes on in a new file: rows of the old ones keep their source, under its new name. */
  readonly rotated = ({ path, size }: Rotation): void => {
    this.#end(size)
    for (const [age, row] of this.#rows.toReversed().entries()) {
      row.path = `${path}.${age + 1}`
      this.#options.sources.mark(row)
    }
    this.#offset = 0
    this.#open()
  }

  /** Brings the rows of the sources up to date; to be called when nothing more comes. */
  close(): void {
    this.#end(this.#offset)
  }

  #countRecord(): void {
    const row = this.#rows.at(-1)
    if (row !== undefined) row.records++
  }

  #end(size: number): void {
    const row = this.#rows.at(-1)
    if (row === undefined) return
    const { events, firstTime, lastTime } = this.#tally
    row.state = "done"
    row.size = row.contentSize = row.resumeOffset = size
    row.events = events
    row.firstTime = Number.isNaN(firstTime) ? null : firstTime
    row.lastTime = Number.isNaN(lastTime) ? null : lastTime
    this.#options.sources.mark(row)
  }

  #open(): void {
    const { sources, path, hasRawLog, nowMs } = this.#options
    const facts = { path, member: "", packing: "", storedSize: 0, modifiedMs: nowMs() }
    const row = sources.add(facts, "reading")
    row.format = "linux-audit"
    row.variant = hasRawLog ? "auditd" : "kernel"
    this.#rows.push(row)
    this.#tally = newTally()
    this.#beginSource(row.id, this.#tally)
  }
}
