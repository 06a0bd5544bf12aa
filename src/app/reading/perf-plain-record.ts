/**
 * The record of a plain sample as JSON, the same bytes as perf-record.ts gives, by a plan for each event:
 *
 *   {"format":"perf-data","offset": 3144 ,"length": 112 ,"time":"2026-…:08. 352302147 Z","id":null,"type":"…","ntime":
 *   of all records                                      of a second                   of an event
 *   36573621441230 ,"cpu":0,"pid":1923,"tid":1923,"comm":"echo","fields":{ "fd": 3 ,"buf": 94046 … }}
 *                  of a thread on a CPU                                    of an event
 */
import { ConstantPool } from "../../base/constant-pool.ts"
import { INTEGER_BYTES, writeInteger, writeNineDigits } from "../../base/decimal.ts"
import { copyWords, GrowingBytes } from "../../base/growing-bytes.ts"
import { putAscii, putText } from "../../base/json-writer.ts"
import type { PlainSample } from "../../formats/perf/perf-data/plain-sample.ts"
import type { SamplePlan } from "../../formats/perf/perf-data/sample-plan.ts"
import { THREAD_TEXT_BYTES, ThreadTexts } from "../../formats/perf/perf-data/thread-texts.ts"
import { CLOCK } from "../../formats/perf/sample.ts"
import { PlainFieldWriter } from "./perf-plain-fields.ts"
import { recordHead } from "./perf-record.ts"
import { isDated, secondText } from "./perf-record-time.ts"

const LENGTH = Buffer.from(',"length":')
const NO_TIME = Buffer.from(',"time":null')
/** Longer than the time of any year. */
const TIME_BYTES = 64
/** Behind the nanoseconds of a time. */
const ZULU = 'Z"'
const QUOTE = 0x22
const CLOSE = 0x7d
/** Numbers that are not of the fields, and bytes that stand alone. */
const OTHER_BYTES = 5 * INTEGER_BYTES + 16

/** What the records of an event have in common. */
interface EventText {
  readonly plan: SamplePlan
  readonly fields: PlainFieldWriter
  /** `Z","id":null,"type":"sched:sched_process_exec","ntime":` */
  readonly start: number
  readonly length: number
}

export class PlainRecordWriter {
  readonly #pool = new ConstantPool()
  readonly #threads = new ThreadTexts(putThread, new GrowingBytes(THREAD_TEXT_BYTES))
  readonly #headStart: number
  readonly #headLength: number
  readonly #lengthStart = this.#pool.add(LENGTH)
  readonly #noTimeStart = this.#pool.add(NO_TIME)
  /** `,"time":"2026-01-02T03:04:05.` of `#second`. */
  readonly #timeStart = this.#pool.add(Buffer.alloc(TIME_BYTES))
  #timeLength = 0
  #thread = -1
  #second = Number.NaN
  /** By the plan's index. */
  #events: (EventText | undefined)[] = []

  constructor(format: string) {
    const head = Buffer.from(recordHead(format))
    this.#headStart = this.#pool.add(head)
    this.#headLength = head.length
  }

  /** Whether `write` can write the sample; false for one that is left to the general writer. */
  takes(sample: PlainSample): boolean {
    this.#thread = this.#threads.find(sample)
    return this.#thread >= 0
  }

  /** Appends the record of the sample that `takes` was asked of. */
  write(sample: PlainSample, out: GrowingBytes): void {
    const { plan, length } = sample
    const known = this.#events[plan.index]
    const event = known?.plan === plan ? known : this.#learn(plan)
    const { fields } = event
    const fixed = this.#headLength + TIME_BYTES + event.length + THREAD_TEXT_BYTES + OTHER_BYTES
    out.reserve(fixed + LENGTH.length + fields.roomFor(length))
    const { view } = this.#pool
    const target = out.view
    let at = out.used
    copyWords(view, this.#headStart, target, at, this.#headLength)
    at = writeInteger(target, at + this.#headLength, sample.offset)
    copyWords(view, this.#lengthStart, target, at, LENGTH.length)
    at = writeInteger(target, at + LENGTH.length, length)
    at = this.#writeTime(sample, event, target, at)
    at = this.#threads.write(this.#thread, target, at)
    at = fields.write(sample, out, at)
    out.bytes[at] = CLOSE
    out.bytes[at + 1] = CLOSE
    out.used = at + 2
  }

  /** From the time to the nanoseconds of the recording's own clock. */
  #writeTime(sample: PlainSample, event: EventText, target: DataView, from: number): number {
    const { view } = this.#pool
    const { second } = sample
    let at = from
    if (isDated(sample.clock, second)) {
      if (second !== this.#second) this.#learnSecond(second)
      copyWords(view, this.#timeStart, target, at, this.#timeLength)
      at = writeNineDigits(target, at + this.#timeLength, sample.nsec)
      copyWords(view, event.start, target, at, event.length)
      at += event.length
    } else {
      copyWords(view, this.#noTimeStart, target, at, NO_TIME.length)
      at += NO_TIME.length
      copyWords(view, event.start + ZULU.length, target, at, event.length - ZULU.length)
      at += event.length - ZULU.length
    }
    if (!sample.isBeyondDouble) return writeOwnTime(sample, target, at)
    target.setInt8(at, QUOTE)
    at = writeOwnTime(sample, target, at + 1)
    target.setInt8(at, QUOTE)
    return at + 1
  }

  #learnSecond(second: number): void {
    const text = Buffer.from(`,"time":"${secondText(second)}.`)
    this.#second = second
    this.#timeLength = text.length
    this.#pool.replace(this.#timeStart, text)
  }

  #learn(plan: SamplePlan): EventText {
    const { system, name } = plan.format
    const text = Buffer.from(`${ZULU},"id":null,"type":${JSON.stringify(`${system}:${name}`)},"ntime":`)
    const fields = new PlainFieldWriter(plan, this.#pool)
    const event: EventText = { plan, fields, start: this.#pool.add(text), length: text.length }
    this.#events[plan.index] = event
    return event
  }
}

/** Nanoseconds, without zeros before them. */
function writeOwnTime({ ownSecond, ownNsec }: PlainSample, target: DataView, at: number): number {
  if (ownSecond === 0) return writeInteger(target, at, ownNsec)
  return writeNineDigits(target, writeInteger(target, at, ownSecond), ownNsec)
}

/** `,"cpu":0,"pid":1923,"tid":1923,"comm":"echo","fields":{` */
function putThread({ clock, cpu, pid, tid, comm }: PlainSample, out: GrowingBytes): void {
  if (clock !== CLOCK.unix) putAscii(out, `,"clock":"${clock === CLOCK.boot ? "boot" : "estimated"}"`)
  putAscii(out, `,"cpu":${cpu},"pid":${pid},"tid":${tid}`)
  if (comm.length > 0) {
    putAscii(out, ',"comm":')
    putText(out, comm, 0, comm.length)
  }
  putAscii(out, ',"fields":{')
}
