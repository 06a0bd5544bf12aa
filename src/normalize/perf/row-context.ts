/** What the row builders of all tables share: the writer, columns that several tables have, and those at the end. */
import { BytePool } from "../../base/byte-pool.ts"
import { writeInteger64 } from "../../base/decimal.ts"
import { viewOf } from "../../base/growing-bytes.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EidWriter } from "../../schema/eid.ts"
import { ALL_ROWS, type RowChoice } from "../../schema/row-choice.ts"
import type { RowWriter } from "../../schema/row-writer.ts"
import { writeNanoseconds } from "../../schema/write-time.ts"
import type { Call } from "./call.ts"
import { containerOf } from "./container.ts"
import { ProcessTable } from "./process-table.ts"

const NUMBER_BYTES = 24
const NO_BYTES = Buffer.alloc(0)
/** A login uid or session that was never set. */
const UNSET = 0xffff_ffff

export interface Accounts {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

export interface NormalizerOptions {
  readonly writer: RowWriter
  readonly host: string
  readonly accounts?: Accounts
  /** Seconds since 1970: rows of calls outside are not written. */
  readonly start?: number
  readonly end?: number
  /** Only these tables; all when absent. */
  readonly tables?: ReadonlySet<string>
  readonly rows?: RowChoice
  /** Highest eid in use, by table; counted on in place. */
  readonly eids?: Map<string, number>
}

export class RowContext {
  readonly writer: RowWriter
  readonly choice: RowChoice
  readonly table = new ProcessTable()
  /** Of the rows to come. */
  host: string
  source: "perf" | "bpf" = "perf"
  readonly #options: NormalizerOptions
  readonly #eids: Map<string, number>
  readonly #eid = new EidWriter()
  readonly #constants = new BytePool()
  readonly #digits = Buffer.alloc(NUMBER_BYTES)
  readonly #digitsView = viewOf(this.#digits)

  constructor(options: NormalizerOptions) {
    this.#options = options
    this.writer = options.writer
    this.host = options.host
    this.choice = options.rows ?? ALL_ROWS
    this.#eids = options.eids ?? new Map()
  }

  wants(table: TableSchema, second: number): boolean {
    const { tables, start, end } = this.#options
    if (tables !== undefined && !tables.has(table.name)) return false
    return !(second < (start ?? Number.NEGATIVE_INFINITY)) && !(second > (end ?? Number.POSITIVE_INFINITY))
  }

  int(value: number): void {
    if (Number.isSafeInteger(value)) this.writer.int(value)
    else this.writer.null()
  }

  buffer(value: Buffer | undefined): void {
    if (value === undefined || value.length === 0) this.writer.empty()
    else this.writer.bytes(value, 0, value.length)
  }

  constant(text: string): void {
    if (text === "") this.writer.empty()
    else if (this.#constants.isFull) this.writer.text(text)
    else {
      const id = this.#constants.intern(text, "utf8")
      this.writer.bytes(this.#constants.bytes, this.#constants.start(id), this.#constants.end(id))
    }
  }

  /** An unsigned 64-bit number as text. */
  decimal(high: number, low: number): void {
    const upper = high >>> 0
    if (upper >= 0x8000_0000) {
      this.writer.text(((BigInt(upper) << 32n) | BigInt(low >>> 0)).toString())
      return
    }
    const end = writeInteger64(this.#digitsView, 0, upper, low)
    this.writer.bytes(this.#digits, 0, end)
  }

  /** A 64-bit result as osquery prints it: without sign, -111 is 18446744073709551505. '' without one. */
  exitCode(result: number): void {
    if (Number.isNaN(result)) this.writer.empty()
    else this.decimal(Math.floor(result / 0x1_0000_0000), result >>> 0)
  }

  nulls(count: number): void {
    for (let column = 0; column < count; column++) this.writer.null()
  }

  userName(uid: number): void {
    this.constant(this.#options.accounts?.users.get(uid) ?? "")
  }

  /** The program of a process, as far as the recording has shown it. */
  program(pid: number): Buffer {
    return (Number.isNaN(pid) ? undefined : this.table.find(pid)?.path) ?? NO_BYTES
  }

  eid(table: TableSchema): void {
    const id = (this.#eids.get(table.name) ?? 0) + 1
    this.#eids.set(table.name, id)
    const isText = table.columns.some(({ name, type }) => name === "eid" && type === "TEXT")
    if (isText) this.#eid.write(this.writer, id)
    else this.writer.int(id)
  }

  cgroupId(call: Call): void {
    if (call.hasCgroup) this.writer.int64(call.cgroupHigh | 0, call.cgroupLow >>> 0)
    else this.writer.null()
  }

  loginId(value: number): void {
    this.int(value === UNSET ? UNSET : value)
  }

  session(value: number): void {
    this.int(value === UNSET ? Number.NaN : value)
  }

  /** The columns `ntime` and `time`. */
  bpfTime(call: Call): void {
    if (call.hasTime) this.decimal(call.timeHigh, call.timeLow)
    else this.writer.empty()
    this.int(call.second)
  }

  /** cgroup, container_id, container_runtime. */
  container(call: Call): void {
    this.constant(call.cgroup)
    const { id, runtime } = containerOf(call.cgroup)
    this.constant(id)
    this.constant(runtime)
  }

  /** The columns that end every event table: source, event_type, host, time_ns, record_id, source_id, source_offset. */
  origin(eventType: string, call: Call): void {
    const { writer } = this
    this.constant(this.source)
    this.constant(eventType)
    this.constant(this.host)
    if (Number.isNaN(call.second)) writer.null()
    else writeNanoseconds(writer, call.second, call.nsec)
    writer.null() // record_id: records have none that is unique
    writer.int(call.sourceId)
    writer.int(call.offset)
  }
}
