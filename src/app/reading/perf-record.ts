/**
 * One record of a recording as `convert --records` gives it, as bytes:
 *
 *   {"format":"perf-data","offset":3144,"length":112,"time":"2026-…Z","id":null,"type":"sched:sched_process_exec",
 *    "ntime":2756445682314,"cpu":0,"pid":1923,"tid":1923,"comm":"echo","fields":{"filename":"/bin/echo",…}}
 *
 * `ntime` are nanoseconds of the recording's own clock; `clock` follows it where `time` is reckoned from the file's or
 * not known. The fields that all events have (`common_…`) are left out. What is not known is left out as well.
 */
import { INTEGER_BYTES, writeInteger } from "../../base/decimal.ts"
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { putInteger, putInteger64, putPiece, putText } from "../../base/json-writer.ts"
import { CLOCK, FIELD, type FieldNames, KIND, type PerfSample } from "../../formats/perf/sample.ts"
import { isDated, secondText } from "./perf-record-time.ts"
import { JSON_INTEGER_BYTES, putElements, writeJsonInteger } from "./perf-record-values.ts"

/** What stands before the place of a record in its source. */
export function recordHead(format: string): string {
  return `{"format":${JSON.stringify(format)},"offset":`
}

const LENGTH = Buffer.from(',"length":')
const TIME = Buffer.from(',"time":')
const TYPE = Buffer.from(',"id":null,"type":')
const NTIME = Buffer.from(',"ntime":')
const ESTIMATED = Buffer.from(',"clock":"estimated"')
const BOOT = Buffer.from(',"clock":"boot"')
const CPU = Buffer.from(',"cpu":')
const PID = Buffer.from(',"pid":')
const TID = Buffer.from(',"tid":')
const COMM = Buffer.from(',"comm":')
const CGROUP = Buffer.from(',"cgroup":')
const FIELDS = Buffer.from(',"fields":{')
const NONE = Buffer.from("null")
const END = Buffer.from("}}")
const QUOTE = 0x22
const DOT = 0x2e
const ZULU = 0x5a
const BILLION = 1_000_000_000
const KINDS = new Map<number, string>(Object.entries(KIND).map(([name, kind]) => [kind, name]))

export class PerfRecordWriter {
  readonly #head: Buffer
  #second = Number.NaN
  /** `"2026-01-02T03:04:05` of `#second`. */
  #secondText = Buffer.alloc(0)
  readonly #types = new Map<string, Buffer>()
  /** `"name":` of each field, the first without and the others with a comma before. */
  readonly #keys = new Map<FieldNames, readonly Buffer[]>()

  constructor(format: string) {
    this.#head = Buffer.from(recordHead(format))
  }

  /** Appends the record to `out`. @param eventName `system:name`, '' for a record that is no sample */
  write(sample: PerfSample, eventName: string, out: GrowingBytes): void {
    putPiece(out, this.#head)
    putInteger(out, sample.offset)
    putPiece(out, LENGTH)
    putInteger(out, sample.length)
    putPiece(out, TIME)
    this.#putTime(sample, out)
    putPiece(out, TYPE)
    putPiece(out, this.#typeOf(sample.kind === KIND.sample ? eventName : (KINDS.get(sample.kind) ?? "")))
    if (sample.clock !== CLOCK.none) {
      putPiece(out, NTIME)
      putInteger64(out, sample.timeHigh, sample.timeLow)
      if (sample.clock !== CLOCK.unix) putPiece(out, sample.clock === CLOCK.boot ? BOOT : ESTIMATED)
    }
    putNumber(out, CPU, sample.cpu)
    putNumber(out, PID, sample.pid)
    putNumber(out, TID, sample.tid)
    if (sample.commTo > sample.commFrom) {
      putPiece(out, COMM)
      putText(out, sample.commBytes, sample.commFrom, sample.commTo)
    }
    if (sample.cgroup !== "") {
      putPiece(out, CGROUP)
      putPiece(out, this.#typeOf(sample.cgroup))
    }
    putPiece(out, FIELDS)
    this.#putFields(sample, out)
    putPiece(out, END)
  }

  #putFields(sample: PerfSample, out: GrowingBytes): void {
    const keys = this.#keysOf(sample.fields)
    for (let field = 0; field < sample.fieldCount; field++) {
      putPiece(out, keys[field] as Buffer)
      const kind = sample.fieldKind(field)
      if (kind === FIELD.int) putFieldInteger(out, sample, field)
      else if (kind === FIELD.text) putText(out, sample.bytes, sample.from(field), sample.to(field))
      else putArray(out, sample, field)
    }
  }

  #keysOf(fields: FieldNames): readonly Buffer[] {
    let keys = this.#keys.get(fields)
    if (keys === undefined) {
      keys = fields.names.map((name, at) => Buffer.from(`${at === 0 ? "" : ","}${JSON.stringify(name)}:`))
      this.#keys.set(fields, keys)
    }
    return keys
  }

  #typeOf(name: string): Buffer {
    let type = this.#types.get(name)
    if (type === undefined) {
      type = Buffer.from(JSON.stringify(name))
      this.#types.set(name, type)
    }
    return type
  }

  /** Nanoseconds. */
  #putTime({ clock, second, nsec }: PerfSample, out: GrowingBytes): void {
    if (!isDated(clock, second)) {
      putPiece(out, NONE)
      return
    }
    if (second !== this.#second) {
      this.#second = second
      this.#secondText = Buffer.from(`"${secondText(second)}`)
    }
    putPiece(out, this.#secondText)
    out.reserve(INTEGER_BYTES)
    // The digits of 1,ddd,ddd,ddd; the point then takes the place of the one.
    const at = out.used
    out.used = writeInteger(out.view, at, nsec + BILLION)
    out.bytes[at] = DOT
    out.reserve(2)
    out.bytes[out.used++] = ZULU
    out.bytes[out.used++] = QUOTE
  }
}

function putNumber(out: GrowingBytes, key: Buffer, value: number): void {
  if (Number.isNaN(value)) return
  putPiece(out, key)
  putInteger(out, value)
}

function putFieldInteger(out: GrowingBytes, sample: PerfSample, field: number): void {
  out.reserve(JSON_INTEGER_BYTES)
  out.used = writeJsonInteger(
    out.view,
    out.used,
    sample.isUnsigned(field),
    sample.high(field),
    sample.low(field),
  )
}

/** Bytes as hexadecimal digits, integers as a list. */
function putArray(out: GrowingBytes, sample: PerfSample, field: number): void {
  const isUnsigned = sample.isUnsigned(field)
  const { bytes, isBigEndian } = sample
  const elements = { elementBytes: sample.elementBytes(field), isUnsigned, isBigEndian }
  putElements(out, bytes, sample.from(field), sample.to(field), elements)
}
