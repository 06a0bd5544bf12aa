/** What the row builders of all tables share: the writer, the event at hand, its SYSCALL fields, and the columns at the end. */
import { BytePool } from "../../base/byte-pool.ts"
import { parseDecimal, parseWholeDecimal } from "../../base/digits.ts"
import type { Problem } from "../../base/problem.ts"
import { ProcessTracker } from "../../base/process-tracker.ts"
import type { AuditEvent, EventRecord } from "../../formats/linux-audit/event.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import { ByteArena, type DecodedValue, decodeValue } from "../../formats/linux-audit/value.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EidWriter } from "../../schema/eid.ts"
import { ALL_ROWS, type RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import { CWD, CWD_PLAN, SYSCALL_PLAN } from "./syscall-plan.ts"

const RECORD_CWD = 1307
const UNSET_ID = 4_294_967_295
const TWO_32 = 4_294_967_296
const NOTHING = Buffer.alloc(0)

/** Names of the target host's accounts, from files that came with the evidence. */
export interface Accounts {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

export interface NormalizerOptions {
  readonly writer: RowWriter
  /** Host of events that name none. */
  readonly host: string
  readonly accounts?: Accounts
  /** Only these tables; all when absent. */
  readonly tables?: ReadonlySet<string>
  /** Only these rows; all when absent. */
  readonly rows?: RowChoice
  /** Highest eid in use, by table; counted on in place, so that several normalizers can share one table. */
  readonly eids?: Map<string, number>
  readonly problem: (problem: Problem, sourceId: number) => void
}

/** Of a value that is no number. */
const SHOWN_CHARACTERS = 40

export class RowContext {
  readonly writer: RowWriter
  readonly tracker = new ProcessTracker()
  readonly arena = new ByteArena()
  readonly syscall = new Fields(SYSCALL_PLAN)
  readonly value: DecodedValue = { buffer: NOTHING, start: 0, end: 0, kind: "text" }
  readonly accounts: Accounts | undefined
  readonly eids: Map<string, number>
  readonly choice: RowChoice
  event!: AuditEvent
  /** The event's host: its node, else the one given for the run. */
  host = ""
  readonly #options: NormalizerOptions
  /** Found while a row was being written; handed on between rows. */
  #warnings: Problem[] = []
  readonly #cwd = new Fields(CWD_PLAN)
  readonly #eid = new EidWriter()
  readonly #constants = new BytePool()

  constructor(options: NormalizerOptions) {
    this.#options = options
    this.writer = options.writer
    this.accounts = options.accounts
    this.eids = options.eids ?? new Map()
    this.choice = options.rows ?? ALL_ROWS
  }

  wants(table: TableSchema): boolean {
    return this.#options.tables === undefined || this.#options.tables.has(table.name)
  }

  begin(event: AuditEvent): void {
    this.event = event
    this.host = event.node === "" ? this.#options.host : event.node
    this.arena.reset()
  }

  /** Reports damage inside a record that was kept. `at` is a place in the record's buffer, -1 for the record as a whole. */
  warn(record: EventRecord, code: string, at: number, message: string, found?: string): void {
    this.#warnings.push({
      code,
      severity: "warning",
      offset: record.offset,
      length: record.length,
      message: at < 0 ? message : `${message} at byte ${at - record.start + 1} of the record's body`,
      ...(found === undefined ? {} : { found }),
    })
  }

  /** The event's rows are written: hands on what was found in its records. */
  finish(): void {
    if (this.#warnings.length === 0) return
    const warnings = this.#warnings
    this.#warnings = []
    for (const problem of warnings) this.#options.problem(problem, this.event.sourceId)
  }

  // One column each, from a field of `fields`.

  number(fields: Fields, slot: number): void {
    const start = fields.starts[slot] as number
    if (start < 0) {
      this.writer.null()
      return
    }
    const value = parseWholeDecimal(fields.buffer, start, fields.ends[slot] as number)
    if (Number.isNaN(value)) this.reportNumber(fields, slot)
    this.integer(value)
  }

  /** Tells that a field which holds a number in every record does not hold one here; once a record. */
  reportNumber(fields: Fields, slot: number): void {
    const start = fields.starts[slot] as number
    if (start < 0) return
    const { buffer } = fields
    const found = buffer.latin1Slice(start, Math.min(fields.ends[slot] as number, start + SHOWN_CHARACTERS))
    if (found === "?" || found === "(none)" || found === "unset") return
    const record = this.event.records.find((one) => {
      return one.buffer === buffer && one.start <= start && start <= one.end
    })
    if (record === undefined) return
    const code = "linux-audit/bad-number"
    if (this.#warnings.some((one) => one.code === code && one.offset === record.offset)) return
    const key = fields.plan.keys[slot]?.latin1Slice() ?? ""
    this.warn(record, code, start, `${key} is no number`, found)
  }

  integer(value: number): void {
    if (Number.isNaN(value)) this.writer.null()
    else this.writer.int(value)
  }

  /** The field as it stands. */
  raw(fields: Fields, slot: number): void {
    const start = fields.starts[slot] as number
    if (start < 0) this.writer.empty()
    else this.writer.bytes(fields.buffer, start, fields.ends[slot] as number)
  }

  /** The decoded value of an encoded field. */
  text(fields: Fields, slot: number, record: EventRecord): void {
    this.decode(fields, slot, record)
    this.writeValue()
  }

  writeValue(): void {
    const { buffer, start, end } = this.value
    if (end === start) this.writer.empty()
    else this.writer.bytes(buffer, start, end)
  }

  /** Decodes an encoded field into `value`; absent gives an empty value of kind `null`. */
  decode(fields: Fields, slot: number, record: EventRecord): DecodedValue {
    const value = this.value
    const start = fields.starts[slot] as number
    if (start < 0) {
      value.start = value.end = 0
      value.kind = "null"
      return value
    }
    const end = fields.ends[slot] as number
    decodeValue(fields.buffer, start, end, this.arena, value)
    if (value.kind === "bad-hex") {
      const key = fields.plan.keys[slot]?.latin1Slice() ?? ""
      this.warn(record, "linux-audit/bad-hex", start, `${key} has an odd number of hex digits`)
    }
    return value
  }

  /** `text` of a constant, or of a name that recurs. */
  constant(text: string): void {
    if (text === "") this.writer.empty()
    else if (this.#constants.isFull) this.writer.text(text)
    else {
      const id = this.#constants.intern(text, "utf8")
      this.writer.bytes(this.#constants.bytes, this.#constants.start(id), this.#constants.end(id))
    }
  }

  /** The user's name: as the writing host enriched it, else from the accounts given; '' when neither knows. */
  userName(fields: Fields, enrichedSlot: number, idSlot: number): void {
    const start = fields.starts[enrichedSlot] as number
    if (start >= 0) {
      decodeValue(fields.buffer, start, fields.ends[enrichedSlot] as number, this.arena, this.value)
      if (this.isNoName()) this.writer.empty()
      else this.writeValue()
      return
    }
    const users = this.accounts?.users
    const idStart = fields.starts[idSlot] as number
    if (users === undefined || idStart < 0) this.writer.empty()
    else this.constant(users.get(parseDecimal(fields.buffer, idStart, fields.ends[idSlot] as number)) ?? "")
  }

  /** auditd's words for an id that is unset, and for one that its host had no name for. */
  isNoName(): boolean {
    const { buffer, start, end } = this.value
    if (end === start || buffer[start] !== 0x75) return false
    return /^(?:unset$|unknown\()/.test(buffer.latin1Slice(start, Math.min(end, start + 8)))
  }

  /** A session or login id: 4294967295 and -1 mean that there is none. */
  session(fields: Fields, slot: number): void {
    const start = fields.starts[slot] as number
    const id = start < 0 ? Number.NaN : parseDecimal(fields.buffer, start, fields.ends[slot] as number)
    if (id === UNSET_ID || id === -1) this.writer.null()
    else this.integer(id)
  }

  /** DEVIATION(osquery): time-of-record, no-uptime: when and where a row was made says nothing of the event. */
  time(): void {
    this.integer(this.event.sec)
  }

  eid(table: TableSchema): void {
    const id = (this.eids.get(table.name) ?? 0) + 1
    this.eids.set(table.name, id)
    this.#eid.write(this.writer, id)
  }

  /** The columns that end every event table: source, event_type, host, time_ns, record_id, source_id, source_offset. */
  origin(eventType: string): void {
    const { writer, event } = this
    this.constant("audit")
    this.constant(eventType)
    this.constant(this.host)
    if (Number.isNaN(event.sec)) writer.null()
    else writeTimeNs(writer, event.sec, event.nsec)
    if (event.hasSerial) writer.int(event.serial)
    else writer.null()
    writer.int(event.sourceId)
    writer.int(event.offset)
  }

  /**
   * The working directory into `value`; empty when the event holds none.
   * DEVIATION(osquery): cwd-decoded: osquery keeps the quotes or the hex digits.
   */
  workingDirectory(): DecodedValue {
    const record = this.event.find(RECORD_CWD)
    if (record === undefined) {
      this.value.start = this.value.end = 0
      this.value.kind = "null"
      return this.value
    }
    this.#cwd.scan(record.buffer, record.start, record.end)
    this.checkQuotes(this.#cwd, record)
    return this.decode(this.#cwd, CWD.cwd, record)
  }

  checkQuotes(fields: Fields, record: EventRecord): void {
    if (fields.unterminatedAt < 0) return
    this.warn(record, "linux-audit/unterminated-quote", fields.unterminatedAt, "a quoted value has no end")
  }
}

/** Seconds and nanoseconds as one 64-bit number of nanoseconds, exact without bigint. */
function writeTimeNs(writer: RowWriter, sec: number, nsec: number): void {
  const upper = Math.floor(sec / 65_536) * 1e9
  const low = (upper % 65_536) * 65_536 + (sec % 65_536) * 1e9 + nsec
  const carry = Math.floor(low / TWO_32)
  writer.int64(Math.floor(upper / 65_536) + carry, low - carry * TWO_32)
}
