/** What the row builders of all tables share: the writer, the event's fields, its place, and the columns at the end. */
import { BytePool } from "../../base/byte-pool.ts"
import type { Problem } from "../../base/problem.ts"
import { ProcessTracker } from "../../base/process-tracker.ts"
import type { EventPlace, EventTape } from "../../formats/windows/event-tape.ts"
import { EventTime } from "../../formats/windows/event-time.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EidWriter } from "../../schema/eid.ts"
import { ALL_ROWS, type RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import { writeNanoseconds } from "../../schema/write-time.ts"
import { EventFields, SYS } from "./event-fields.ts"
import { WholeNumber } from "./whole-number.ts"

/** Of a value that is quoted in a problem. */
const SHOWN_BYTES = 40
/** Below this a loop is faster than a search outside of JavaScript. */
const SHORT = 64
/** Pids of Windows are used again soon, and few hosts record the end of processes. */
const KNOWN_SECONDS = 86_400
const BACKSLASH = 0x5c
const LOWER_X = 0x78

export interface NormalizerOptions {
  readonly writer: RowWriter
  /** Host of events that name none. */
  readonly host: string
  /** Only these tables; all when absent. */
  readonly tables?: ReadonlySet<string>
  /** Only these rows; all when absent. */
  readonly rows?: RowChoice
  /** Highest eid in use, by table; counted on in place, so that several normalizers can share one table. */
  readonly eids?: Map<string, number>
  readonly problem: (problem: Problem, sourceId: number) => void
}

/** Where an event comes from, for rows that are written when it has gone by. */
export interface Origin {
  readonly host: string
  readonly sec: number
  readonly nsec: number
  /** Halves of the EventRecordID; NaN without one. */
  readonly recordHigh: number
  readonly recordLow: number
  readonly sourceId: number
  readonly offset: number
  readonly length: number
}

export class RowContext implements Origin {
  readonly writer: RowWriter
  readonly tracker = new ProcessTracker(KNOWN_SECONDS)
  readonly fields = new EventFields()
  readonly number = new WholeNumber()
  readonly choice: RowChoice
  /** Number of the event's kind; NaN when there is none. */
  eventId = Number.NaN
  host = ""
  sec = Number.NaN
  nsec = 0
  recordHigh = Number.NaN
  recordLow = 0
  sourceId = 0
  offset = 0
  length = 0
  readonly #options: NormalizerOptions
  readonly #eids: Map<string, number>
  readonly #eid = new EidWriter()
  readonly #time = new EventTime()
  readonly #constants = new BytePool()
  #computer = ""
  #computerBytes: Buffer = Buffer.alloc(0)
  /** Found while a row was being written; handed on between rows. */
  #warnings: { readonly problem: Problem; readonly sourceId: number }[] = []

  constructor(options: NormalizerOptions) {
    this.#options = options
    this.writer = options.writer
    this.choice = options.rows ?? ALL_ROWS
    this.#eids = options.eids ?? new Map()
  }

  wants(table: TableSchema): boolean {
    return this.#options.tables === undefined || this.#options.tables.has(table.name)
  }

  begin(tape: EventTape, place: EventPlace, sourceId: number): void {
    const { fields, number } = this
    fields.read(tape)
    this.sourceId = sourceId
    this.offset = place.offset
    this.length = place.length
    this.host = fields.findSystem(SYS.computer) ? this.#readComputer() : this.#options.host
    this.eventId = this.#system(SYS.eventId) ? number.value : Number.NaN
    if (this.#system(SYS.recordId)) {
      this.recordHigh = number.high
      this.recordLow = number.low
    } else this.recordHigh = Number.NaN
    this.#readTime()
  }

  /** The event's rows are written: hands on what was found in it. */
  finish(): void {
    if (this.#warnings.length === 0) return
    const warnings = this.#warnings
    this.#warnings = []
    for (const { problem, sourceId } of warnings) this.#options.problem(problem, sourceId)
  }

  report(code: string, origin: Origin, message: string, found?: string): void {
    const { offset, length, sourceId } = origin
    const shown = found === undefined ? {} : { found }
    const problem: Problem = { code, severity: "warning", offset, length, message, ...shown }
    this.#warnings.push({ problem, sourceId })
  }

  // Columns.

  /** Text as it stands in the source; what looks like an escape of ours is none. */
  bytes(bytes: Buffer, start: number, end: number): void {
    if (end === start) this.writer.empty()
    else if (hasEscape(bytes, start, end)) this.writer.text(bytes.utf8Slice(start, end))
    else this.writer.bytes(bytes, start, end)
  }

  /** The field as it stands. */
  raw(name: number): void {
    if (this.fields.find(name)) this.found()
    else this.writer.empty()
  }

  /** The field, `-` being nothing. */
  text(name: number): void {
    if (this.fields.findValue(name)) this.found()
    else this.writer.empty()
  }

  system(slot: number): void {
    if (this.fields.findSystem(slot)) this.found()
    else this.writer.empty()
  }

  /** The text found last. */
  found(): void {
    this.bytes(this.fields.tape.bytes, this.fields.from, this.fields.to)
  }

  /** A field that holds a number, hexadecimal or decimal. */
  integer(name: number): void {
    if (this.readNumber(name)) this.writer.int64(this.number.high, this.number.low)
    else this.writer.null()
  }

  systemInteger(slot: number): void {
    if (this.#system(slot)) this.writer.int64(this.number.high, this.number.low)
    else this.writer.null()
  }

  /** Reads a field into `number`; false without one, and for what is no number, which is reported. */
  readNumber(name: number): boolean {
    const { fields } = this
    if (!fields.findValue(name)) return false
    if (this.number.read(fields.tape.bytes, fields.from, fields.to)) return true
    this.#reportNumber()
    return false
  }

  /** The number in a field; NaN without one. */
  valueOf(name: number): number {
    return this.readNumber(name) ? this.number.value : Number.NaN
  }

  int(value: number): void {
    if (Number.isNaN(value)) this.writer.null()
    else this.writer.int(value)
  }

  /** `text` of a constant, or of a name that recurs. */
  constant(text: string): void {
    if (text === "") this.writer.empty()
    else if (this.#constants.isFull || text.includes("\\x")) this.writer.text(text)
    else {
      const id = this.#constants.intern(text, "utf8")
      this.writer.bytes(this.#constants.bytes, this.#constants.start(id), this.#constants.end(id))
    }
  }

  nulls(count: number): void {
    for (let column = 0; column < count; column++) this.writer.null()
  }

  eid(table: TableSchema): void {
    this.#eid.write(this.writer, this.nextEid(table))
  }

  nextEid(table: TableSchema): number {
    const id = (this.#eids.get(table.name) ?? 0) + 1
    this.#eids.set(table.name, id)
    return id
  }

  /** source, event_type, and the rest that ends every table. */
  origin(eventType: string, origin: Origin = this): void {
    this.constant("windows")
    this.constant(eventType)
    this.place(origin)
  }

  /** host, time_ns, record_id, source_id, source_offset. */
  place(origin: Origin = this): void {
    const { writer } = this
    this.constant(origin.host)
    writeNanoseconds(writer, origin.sec, origin.nsec)
    if (Number.isNaN(origin.recordHigh)) writer.null()
    else writer.int64(origin.recordHigh, origin.recordLow)
    writer.int(origin.sourceId)
    writer.int(origin.offset)
  }

  /** Most events are of the computer that the one before was of: its name is made once. */
  #readComputer(): string {
    const { tape, from, to } = this.fields
    const isSame =
      to - from === this.#computerBytes.length && this.#computerBytes.equals(tape.bytes.subarray(from, to))
    if (!isSame) {
      this.#computerBytes = Buffer.from(tape.bytes.subarray(from, to))
      this.#computer = this.#computerBytes.toString("utf8")
    }
    return this.#computer
  }

  #system(slot: number): boolean {
    const { fields } = this
    if (!fields.findSystem(slot)) return false
    if (this.number.read(fields.tape.bytes, fields.from, fields.to)) return true
    this.#reportNumber()
    return false
  }

  #readTime(): void {
    const { fields } = this
    const isThere = fields.findSystem(SYS.time)
    const isTime = this.#time.read(fields.tape.bytes, fields.from, fields.to)
    this.sec = this.#time.sec
    this.nsec = this.#time.nsec
    if (isThere && !isTime) {
      this.report("windows/bad-time", this, "TimeCreated holds no time", this.#show(SHOWN_BYTES))
    }
  }

  /** Once an event. */
  #reportNumber(): void {
    const code = "windows/bad-number"
    if (this.#warnings.some(({ problem }) => problem.code === code)) return
    this.report(code, this, "a field that holds a number holds none", this.#show(SHOWN_BYTES))
  }

  #show(most: number): string {
    const { tape, from, to } = this.fields
    return tape.bytes.utf8Slice(from, Math.min(to, from + most))
  }
}

/** True for a `\x`: the text form would take it for an escape of ours, and Windows paths are full of backslashes. */
function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > SHORT) return bytes.subarray(start, end).indexOf("\\x", 0, "latin1") >= 0
  for (let at = start; at < end - 1; at++)
    if (bytes[at] === BACKSLASH && bytes[at + 1] === LOWER_X) return true
  return false
}
