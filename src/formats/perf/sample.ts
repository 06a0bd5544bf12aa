/**
 * One record of a recording by perf or BPF, whichever way it was written down: what every parser of this family fills
 * and the normalizer and the renderers read. One object is used again and again; nothing is allocated per record.
 *
 *   perf.data, text of perf script, saved rings  ->  PerfSample  ->  rows, records
 *
 * The fields of an event keep the names that the kernel's format gives them. Records that are no sample have fields too:
 *
 *   comm    comm (text), exec (1 when an exec gave the name)      fork, exit   ppid, ptid
 *   mmap    addr, len, pgoff, maj, min, ino, prot, flags, filename (text)
 *   lost    id, lost                                               cgroup       id, path (text)
 *
 * whose pid and tid stand in `pid` and `tid` (fork: of the child). Source: perf_event_open(2), Linux'
 * include/uapi/linux/perf_event.h and trace_events.h.
 */
import { NO_EVENT } from "./events.ts"

/** What a record is. `other` holds nothing that rows want. */
export const KIND = { sample: 0, comm: 1, fork: 2, exit: 3, mmap: 4, lost: 5, cgroup: 6, other: 7 } as const
export type Kind = (typeof KIND)[keyof typeof KIND]

/**
 * What `second` and `nsec` count. `unix`: Unix time, exact. `estimated`: Unix time by the file's own, wrong by seconds.
 * `boot`: about the seconds since the machine's start, of no known moment. `none`: the record has no time.
 */
export const CLOCK = { unix: 0, estimated: 1, boot: 2, none: 3 } as const
export type Clock = (typeof CLOCK)[keyof typeof CLOCK]

/** `int`: 64 bits in two halves. `text`: bytes without the NUL. `bytes`: an array of integers as it lies there. */
export const FIELD = { int: 0, text: 1, bytes: 2 } as const
export type FieldKind = (typeof FIELD)[keyof typeof FIELD]

/** The names of an event's fields, the same object for all records of the event: what is derived from it can be kept. */
export class FieldNames {
  readonly names: readonly string[]
  readonly #places: ReadonlyMap<string, number>

  constructor(names: readonly string[]) {
    this.names = names
    this.#places = new Map(names.map((name, place) => [name, place]))
  }

  /** -1 for a name that no field has. */
  find(name: string): number {
    return this.#places.get(name) ?? -1
  }
}

export const NO_FIELDS = new FieldNames([])
/** The one field of a tracepoint's sample whose format is not known: its data as it lies there. */
export const RAW_FIELD = new FieldNames(["raw"])

/** Set in a field's kind when the integer, or each of the array, has no sign. */
const UNSIGNED = 0x100

/** Integers a field: kind, sign and bytes an element, then low and high half or first byte and end. */
const STRIDE = 3
const FIRST_FIELDS = 32

export class PerfSample {
  kind: Kind = KIND.other
  /** Number in the `EventNames` of the recording, NO_EVENT where it has none. */
  event = NO_EVENT
  /** The process, NaN where the record does not hold it. */
  pid = Number.NaN
  /** The thread, NaN where the record does not hold it. */
  tid = Number.NaN
  cpu = Number.NaN

  clock: Clock = CLOCK.none
  /** NaN without a time. */
  second = Number.NaN
  nsec = 0
  /** Nanoseconds of the recording's own clock, exact: two halves without sign. */
  timeLow = 0
  timeHigh = 0

  /** Events that the sample stands for, as two halves without sign; 1 unless the recording says otherwise. */
  periodLow = 1
  periodHigh = 0

  /** The thread's name as known at that time is `commBytes[commFrom, commTo)`; empty where it is not known. */
  commBytes: Buffer = Buffer.alloc(0)
  commFrom = 0
  commTo = 0

  /** Path of the cgroup in its hierarchy, `/system.slice/x.service`; '' where the recording does not tell. */
  cgroup = ""

  /** Where the fields' texts and arrays lie. */
  bytes: Buffer = Buffer.alloc(0)
  isBigEndian = false
  fields: FieldNames = NO_FIELDS
  /** Fields that this record has; the first so many of `fields`. */
  fieldCount = 0
  #values = new Int32Array(FIRST_FIELDS * STRIDE)

  /** Of the record in the uncompressed source. */
  offset = 0
  length = 0

  // For readers.

  fieldName(field: number): string {
    return this.fields.names[field] ?? ""
  }

  /** The place of a field, -1 when the record has none of that name. */
  find(name: string): number {
    const field = this.fields.find(name)
    return field < this.fieldCount ? field : -1
  }

  fieldKind(field: number): FieldKind {
    return ((this.#values[field * STRIDE] as number) & 0xff) as FieldKind
  }

  isText(field: number): boolean {
    return this.fieldKind(field) === FIELD.text
  }

  /** Whether the integer, or each of an array, has no sign. */
  isUnsigned(field: number): boolean {
    return ((this.#values[field * STRIDE] as number) & UNSIGNED) !== 0
  }

  /** Bytes of each integer of an array. */
  elementBytes(field: number): number {
    return (this.#values[field * STRIDE] as number) >> 16
  }

  /** Lower half of an integer, with the sign of 32 bits. */
  low(field: number): number {
    return this.#values[field * STRIDE + 1] as number
  }

  /** Upper half of an integer, -1 for small negative ones. */
  high(field: number): number {
    return this.#values[field * STRIDE + 2] as number
  }

  /** First byte of a text or array in `bytes`. */
  from(field: number): number {
    return this.#values[field * STRIDE + 1] as number
  }

  to(field: number): number {
    return this.#values[field * STRIDE + 2] as number
  }

  // For parsers.

  /** Takes back everything but the buffers. */
  begin(kind: Kind, offset: number, length: number): void {
    this.kind = kind
    this.offset = offset
    this.length = length
    this.event = NO_EVENT
    this.pid = Number.NaN
    this.tid = Number.NaN
    this.cpu = Number.NaN
    this.clearTime()
    this.periodLow = 1
    this.periodHigh = 0
    this.commFrom = 0
    this.commTo = 0
    this.cgroup = ""
    this.beginFields(NO_FIELDS)
  }

  clearTime(): void {
    this.clock = CLOCK.none
    this.second = Number.NaN
    this.nsec = 0
    this.timeLow = 0
    this.timeHigh = 0
  }

  /** The values follow in the order of the names, by one `addInt`, `addText` or `addBytes` each. */
  beginFields(fields: FieldNames): void {
    this.fields = fields
    this.fieldCount = 0
    if (fields.names.length * STRIDE > this.#values.length)
      this.#values = new Int32Array(fields.names.length * 2 * STRIDE)
  }

  addInt(low: number, high: number): void {
    this.#add(FIELD.int, low, high)
  }

  addUnsigned(low: number, high: number): void {
    this.#add(FIELD.int | UNSIGNED, low, high)
  }

  addRaw(from: number, to: number): void {
    this.beginFields(RAW_FIELD)
    this.addBytes(from, to, 1)
  }

  addText(from: number, to: number): void {
    this.#add(FIELD.text, from, to)
  }

  addBytes(from: number, to: number, elementBytes: number, isUnsigned = true): void {
    this.#add(FIELD.bytes | (isUnsigned ? UNSIGNED : 0) | (elementBytes << 16), from, to)
  }

  #add(kind: number, first: number, second: number): void {
    const at = this.fieldCount * STRIDE
    const values = this.#values
    values[at] = kind
    values[at + 1] = first
    values[at + 2] = second
    this.fieldCount++
  }
}
