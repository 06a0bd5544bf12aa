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
import {
  putAscii,
  putByte,
  putHex,
  putInteger,
  putInteger64,
  putPiece,
  putText,
} from "../../formats/bsm/render/json-writer.ts"
import { CLOCK, FIELD, type FieldNames, KIND, type PerfSample } from "../../formats/perf/sample.ts"

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
const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
const DOT = 0x2e
const ZULU = 0x5a
/** The last second that a date of JavaScript can hold. */
const LAST_SECOND = 8_640_000_000_000
const BILLION = 1_000_000_000
const KINDS = new Map<number, string>(Object.entries(KIND).map(([name, kind]) => [kind, name]))
/** Arrays of the kernel's events are short. */
const MOST_ELEMENTS = 4096

export class PerfRecordWriter {
  readonly #head: Buffer
  #second = Number.NaN
  /** `"2026-01-02T03:04:05` of `#second`. */
  #secondText = Buffer.alloc(0)
  readonly #types = new Map<string, Buffer>()
  /** `"name":` of each field, the first without and the others with a comma before. */
  readonly #keys = new Map<FieldNames, readonly Buffer[]>()

  constructor(format: string) {
    this.#head = Buffer.from(`{"format":${JSON.stringify(format)},"offset":`)
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
    if ((clock !== CLOCK.unix && clock !== CLOCK.estimated) || !(Math.abs(second) <= LAST_SECOND)) {
      putPiece(out, NONE)
      return
    }
    if (second !== this.#second) {
      this.#second = second
      this.#secondText = Buffer.from(`"${new Date(second * 1000).toISOString().slice(0, -5)}`)
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
  const low = sample.low(field)
  const high = sample.high(field)
  if (high === 0) putInteger(out, low >>> 0)
  else if (high > 0 || sample.isUnsigned(field)) putInteger64(out, high >>> 0, low >>> 0)
  else if (high === -1 && low < 0) putInteger(out, low)
  else putNegative(out, (BigInt(high) << 32n) | BigInt(low >>> 0))
}

/** As text from -2^53 on, which every reader keeps exact. */
function putNegative(out: GrowingBytes, value: bigint): void {
  putAscii(out, value < -0x1f_ffff_ffff_ffffn ? `"${value}"` : String(value))
}

/** Bytes as hexadecimal digits, integers as a list. */
function putArray(out: GrowingBytes, sample: PerfSample, field: number): void {
  const from = sample.from(field)
  const to = sample.to(field)
  const length = sample.elementBytes(field)
  if (length !== 2 && length !== 4 && length !== 8) {
    putHex(out, sample.bytes, from, to)
    return
  }
  putByte(out, OPEN)
  const end = Math.min(to, from + MOST_ELEMENTS * length)
  for (let at = from; at + length <= end; at += length) {
    if (at > from) putByte(out, COMMA)
    putElement(out, sample, field, at, length)
  }
  putByte(out, CLOSE)
}

function putElement(out: GrowingBytes, sample: PerfSample, field: number, at: number, length: number): void {
  const { bytes, isBigEndian } = sample
  const isUnsigned = sample.isUnsigned(field)
  if (length === 8) {
    const high = isBigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at + 4)
    const low = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at)
    if (high >= 0 || isUnsigned) putInteger64(out, high >>> 0, low)
    else putNegative(out, (BigInt(high) << 32n) | BigInt(low))
  } else if (isUnsigned)
    putInteger(out, isBigEndian ? bytes.readUIntBE(at, length) : bytes.readUIntLE(at, length))
  else putInteger(out, isBigEndian ? bytes.readIntBE(at, length) : bytes.readIntLE(at, length))
}
