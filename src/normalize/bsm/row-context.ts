/** What the row builders of all tables share: the writer, the record's tokens, its place, and the columns at the end. */
import { BytePool } from "../../base/byte-pool.ts"
import { formatIpv4, formatIpv6 } from "../../base/ip-text.ts"
import { ProcessTracker } from "../../base/process-tracker.ts"
import { TOKEN } from "../../formats/bsm/layout.ts"
import { BsmRecord } from "../../formats/bsm/record.ts"
import type { BsmPlatform } from "../../formats/bsm/tables/events.ts"
import {
  Argument,
  ReturnValue,
  readArgument,
  readReturn,
  readSequence,
} from "../../formats/bsm/tokens/result.ts"
import { readSubject, Subject } from "../../formats/bsm/tokens/subject.ts"
import { readText, type TextRange } from "../../formats/bsm/tokens/text-range.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EidWriter } from "../../schema/eid.ts"
import { ALL_ROWS, type RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import { writeNanoseconds } from "../../schema/write-time.ts"
import { ProcessTree } from "./process-tree.ts"
import { TokenIndex } from "./token-index.ts"

/** AU_DEFAUDITID and the like. */
const UNSET = 0xffff_ffff
const HIGH_BIT = 0x8000_0000
const SOLARIS = 2
/** Where a trail does not show the end of processes, what a pid ran counts for so long: it may be another's then. */
const KNOWN_SECONDS = 86_400

/** Names of the target host's accounts, from files that came with the evidence. */
export interface Accounts {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

export interface NormalizerOptions {
  readonly writer: RowWriter
  /** Host of records whose header names none. */
  readonly host: string
  readonly accounts?: Accounts
  /** Only these tables; all when absent. */
  readonly tables?: ReadonlySet<string>
  /** Only these rows; all when absent. */
  readonly rows?: RowChoice
  /** Highest eid in use, by table; counted on in place, so that several normalizers can share one table. */
  readonly eids?: Map<string, number>
}

export class RowContext {
  readonly writer: RowWriter
  readonly tracker = new ProcessTracker(KNOWN_SECONDS)
  readonly tree = new ProcessTree()
  readonly tokens = new TokenIndex()
  readonly subject = new Subject()
  readonly argument = new Argument()
  readonly range: TextRange = { from: 0, to: 0 }
  readonly choice: RowChoice
  record = new BsmRecord()
  platform: BsmPlatform = "unknown"
  host = ""
  hasSubject = false
  /** Of the process that made the call; NaN without a subject. */
  pid = Number.NaN
  /** BSM error of the call, 0 for success; NaN where the record does not tell. */
  status = Number.NaN
  readonly result = new ReturnValue()
  sourceId = 0
  readonly #options: NormalizerOptions
  readonly #eids: Map<string, number>
  readonly #eid = new EidWriter()
  readonly #constants = new BytePool()

  constructor(options: NormalizerOptions) {
    this.#options = options
    this.writer = options.writer
    this.choice = options.rows ?? ALL_ROWS
    this.#eids = options.eids ?? new Map()
  }

  wants(table: TableSchema): boolean {
    return this.#options.tables === undefined || this.#options.tables.has(table.name)
  }

  begin(record: BsmRecord, platform: BsmPlatform, sourceId: number): void {
    const { tokens } = this
    this.record = record
    this.platform = platform
    this.sourceId = sourceId
    tokens.read(record)
    this.host = this.hostOf(record)
    this.hasSubject = tokens.subject >= 0
    if (this.hasSubject) readSubject(record, tokens.subject, this.subject)
    this.pid = this.hasSubject ? this.subject.pid : Number.NaN
    this.#readResult()
  }

  /** The address of the host in the header, where audit_control gives one. */
  hostOf(record: BsmRecord): string {
    const id = record.id(0)
    if (id !== TOKEN.header32Ex && id !== TOKEN.header64Ex) return this.#options.host
    const timeBytes = id === TOKEN.header64Ex ? 16 : 8
    const text = this.address(record.from(0) + 13, record.to(0) - timeBytes)
    return text === "" ? this.#options.host : text
  }

  /** Seconds since 1970. */
  get sec(): number {
    return this.record.sec
  }

  /** Finds the argument at a position of the call into `argument`; 0 is a result such as the child's pid. */
  findArgument(position: number): boolean {
    const { record, argument } = this
    for (let token = 1; token < record.count; token++) {
      const id = record.id(token)
      if (id !== TOKEN.arg32 && id !== TOKEN.arg64) continue
      readArgument(record, token, argument)
      if (argument.num === position) return true
    }
    return false
  }

  /** Text of an address of 4 or 16 bytes, '' for none and for one that is all zeros. */
  address(from: number, to: number): string {
    const { bytes } = this.record
    let at = from
    while (at < to && bytes[at] === 0) at++
    if (at === to) return ""
    return to - from === 4 ? formatIpv4(bytes, from) : to - from === 16 ? formatIpv6(bytes, from) : ""
  }

  /** The text of a path or text token into `range`. */
  readText(token: number): TextRange {
    readText(this.record, token, this.range)
    return this.range
  }

  // Columns.

  /** Text as it stands in the record. */
  bytes(from: number, to: number): void {
    if (to <= from) this.writer.empty()
    else this.writer.bytes(this.record.bytes, from, to)
  }

  /** The text of a path or text token, '' without one. */
  text(token: number): void {
    if (token < 0) this.writer.empty()
    else {
      const { from, to } = this.readText(token)
      this.bytes(from, to)
    }
  }

  int(value: number): void {
    if (Number.isSafeInteger(value)) this.writer.int(value)
    else this.writer.null()
  }

  /** An id of the subject, NULL without one. */
  id(value: number): void {
    if (this.hasSubject) this.writer.int(value)
    else this.writer.null()
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

  nulls(count: number): void {
    for (let column = 0; column < count; column++) this.writer.null()
  }

  /**
   * The program of a process, as far as the trail has shown it.
   * DEVIATION(osquery): program-of-the-trail: osquery asks the system for the program of the pid when it makes the row.
   */
  program(pid: number): void {
    const path = Number.isNaN(pid) ? undefined : this.tracker.pathOf(this.host, pid, this.sec)
    const { paths } = this.tracker
    if (path === undefined) this.writer.empty()
    else this.writer.bytes(paths.bytes, paths.start(path), paths.end(path))
  }

  /** The session of the subject: 0 and 4294967295 mean that there is none. */
  session(): void {
    const { sid } = this.subject
    this.int(!this.hasSubject || sid === 0 || sid === UNSET ? Number.NaN : sid)
  }

  userName(uid: number): void {
    this.constant(this.nameOf(uid))
  }

  /** From the accounts given; '' when they do not know. */
  nameOf(uid: number): string {
    return this.#options.accounts?.users.get(uid) ?? ""
  }

  /** DEVIATION(osquery): bsm-time, bsm-no-uptime: when and where a row was made says nothing of the event. */
  time(): void {
    this.int(this.sec)
  }

  eid(table: TableSchema): void {
    const id = (this.#eids.get(table.name) ?? 0) + 1
    this.#eids.set(table.name, id)
    this.#eid.write(this.writer, id)
  }

  /** The columns that end every event table: source, event_type, host, time_ns, record_id, source_id, source_offset. */
  origin(eventType: string): void {
    const { writer, record, tokens } = this
    this.constant("openbsm")
    this.constant(eventType)
    this.constant(this.host)
    writeNanoseconds(writer, record.sec, nanosecondsOf(record))
    if (tokens.sequence < 0) writer.null()
    else writer.int(readSequence(record, tokens.sequence))
    writer.int(this.sourceId)
    writer.int(record.offset)
  }

  #readResult(): void {
    const { record, tokens, result } = this
    result.high = result.low = 0
    this.status = Number.NaN
    if (tokens.result >= 0) {
      readReturn(record, tokens.result, result)
      this.status = result.status
    } else if (isCutReturn(record)) this.status = record.bytes[record.rawFrom + 1] as number
  }

  /** True for a result below zero, which is an error whatever the status says. */
  get isNegative(): boolean {
    const { result, record, tokens } = this
    if (tokens.result < 0) return false
    return (record.id(tokens.result) === TOKEN.return64 ? result.high : result.low) >= HIGH_BIT
  }
}

/**
 * XNU writes records too short when audit_control names the host: the end of the return token is then missing, but
 * not its first byte.
 * DEVIATION(osquery): cut-return: osquery reads no token that is not whole.
 */
function isCutReturn(record: BsmRecord): boolean {
  if (record.failure !== "token-overrun" || record.rawTo - record.rawFrom < 2) return false
  const id = record.bytes[record.rawFrom]
  return id === TOKEN.return32 || id === TOKEN.return64
}

/** Milliseconds; Solaris has nanoseconds in the same place. */
function nanosecondsOf({ msec, version }: BsmRecord): number {
  if (msec < 1000) return msec * 1e6
  return version === SOLARIS && msec < 1e9 ? msec : 0
}
