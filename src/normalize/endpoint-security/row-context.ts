/** What the row builders of all tables share: the writer, the message, its place, and the columns at the end. */
import { BytePool } from "../../base/byte-pool.ts"
import { ProcessTracker } from "../../base/process-tracker.ts"
import type { EsMessage } from "../../formats/endpoint-security/message.ts"
import { EVENT } from "../../formats/endpoint-security/slots.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EidWriter } from "../../schema/eid.ts"
import { ALL_ROWS, type RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"

/** A pid is used again after some ten thousand others, and not every stream tells of exits. */
const KNOWN_SECONDS = 86_400
const TWO_16 = 65_536
const TWO_32 = 4_294_967_296
const NANO = 1e9
/** Whole seconds that 64 bits of nanoseconds reach, either way. */
const MOST_SECONDS = 9_223_372_035

export interface NormalizerOptions {
  readonly writer: RowWriter
  /** Host of messages that name none. */
  readonly host: string
  readonly accounts?: { readonly users: ReadonlyMap<number, string> }
  /** Only these tables; all when absent. */
  readonly tables?: ReadonlySet<string>
  /** Only these rows; all when absent. */
  readonly rows?: RowChoice
  /** Highest eid in use, by table; counted on in place, so that several normalizers can share one table. */
  readonly eids?: Map<string, number>
}

export interface RowPlace {
  readonly offset: number
}

export class RowContext {
  readonly writer: RowWriter
  readonly tracker = new ProcessTracker(KNOWN_SECONDS)
  readonly choice: RowChoice
  message: EsMessage
  host = ""
  readonly #options: NormalizerOptions
  readonly #eids: Map<string, number>
  readonly #eid = new EidWriter()
  readonly #constants = new BytePool()
  #sourceId = 0
  #offset = 0

  /** @param message the one that is used for all */
  constructor(options: NormalizerOptions, message: EsMessage) {
    this.#options = options
    this.message = message
    this.writer = options.writer
    this.choice = options.rows ?? ALL_ROWS
    this.#eids = options.eids ?? new Map()
  }

  begin(message: EsMessage, place: RowPlace, sourceId: number): void {
    this.message = message
    this.#sourceId = sourceId
    this.#offset = place.offset
    this.host = message.host === "" ? this.#options.host : message.host
  }

  wants(table: TableSchema): boolean {
    return this.#options.tables === undefined || this.#options.tables.has(table.name)
  }

  // Columns.

  integer(slot: number): void {
    const { message, writer } = this
    if (message.has(slot)) writer.int64(message.high(slot), message.low(slot))
    else writer.null()
  }

  int(value: number): void {
    if (Number.isNaN(value)) this.writer.null()
    else this.writer.int(value)
  }

  text(slot: number): void {
    const { message, writer } = this
    const start = message.start(slot)
    const end = message.end(slot)
    if (start < 0 || start === end) writer.empty()
    else writer.bytes(message.arena.bytes, start, end)
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

  time(): void {
    this.int(this.message.sec)
  }

  eid(table: TableSchema): void {
    const id = (this.#eids.get(table.name) ?? 0) + 1
    this.#eids.set(table.name, id)
    this.#eid.write(this.writer, id)
  }

  /** The name that the message gives, else that of the uid in the evidence's own files. */
  userName(nameSlot: number, uidSlot: number): void {
    const { message } = this
    const users = this.#options.accounts?.users
    if (message.start(nameSlot) >= 0 || users === undefined) this.text(nameSlot)
    else this.constant(users.get(message.value(uidSlot)) ?? "")
  }

  /** The program that a process is known to run. */
  pathOf(pid: number): void {
    const { tracker, message } = this
    const path = Number.isNaN(pid) ? undefined : tracker.pathOf(this.host, pid, message.sec)
    if (path === undefined) this.writer.empty()
    else this.writer.bytes(tracker.paths.bytes, tracker.paths.start(path), tracker.paths.end(path))
  }

  learn(pidSlot: number, pathSlot: number): void {
    const { message } = this
    const pid = message.value(pidSlot)
    const start = message.start(pathSlot)
    const end = message.end(pathSlot)
    if (Number.isNaN(pid) || start < 0 || start === end) return
    this.tracker.learn(this.host, pid, message.arena.bytes, start, end, message.sec)
  }

  /** source, event_type, and the rest that ends every table. */
  origin(eventType: string): void {
    this.constant(this.message.source)
    this.constant(eventType)
    this.place()
  }

  /** host, time_ns, record_id, source_id, source_offset. */
  place(): void {
    const { writer, message } = this
    this.constant(this.host)
    this.#timeNs()
    this.integer(message.has(EVENT.globalSequence) ? EVENT.globalSequence : EVENT.sequence)
    writer.int(this.#sourceId)
    writer.int(this.#offset)
  }

  /** Exact without bigint: the seconds in halves of 16 bits times a billion. */
  #timeNs(): void {
    const { sec, nsec } = this.message
    if (!(Math.abs(sec) <= MOST_SECONDS)) {
      this.writer.null()
      return
    }
    const upper = Math.floor(sec / TWO_16)
    const product = upper * NANO
    const high = Math.floor(product / TWO_16)
    const low = (product - high * TWO_16) * TWO_16 + (sec - upper * TWO_16) * NANO + nsec
    const carry = Math.floor(low / TWO_32)
    this.writer.int64(high + carry, low - carry * TWO_32)
  }
}
