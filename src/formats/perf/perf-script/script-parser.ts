/**
 * Reads the text of `perf script` and `perf trace` into samples.
 *
 * The text is of little trust: names of files and tasks stand in it as they are, line breaks included, so that a name can
 * forge a line. What contradicts itself is left out; what does not cannot be told from the truth. An exec whose file name
 * has line breaks is put together again, and with it the lines that the name would have forged.
 */
import type { Problem } from "../../../base/problem.ts"
import { EventNames, enterEvent, exitEvent, NO_EVENT } from "../events.ts"
import { CLOCK, KIND, PerfSample } from "../sample.ts"
import { readEventText } from "./event-text.ts"
import { FieldList } from "./field-list.ts"
import { nanosecondsOf, readHeader, type ScriptLine } from "./header.ts"
import { LineCutter } from "./line-cutter.ts"
import { readTaskRecord } from "./task-record.ts"
import { readTraceArguments, readTraceLine, type TraceLine } from "./trace-line.ts"

/** Lines that one event may spread over: file names with line breaks. */
const MAX_JOINED = 64
const MILLION = 1_000_000
const BILLION = 1_000_000_000
const TWO_32 = 0x1_0000_0000
/** A machine that perf trace runs on has been up for longer. */
const BOOT_MS = 60_000
const RECORD = "PERF_RECORD_"
const EXEC = "sched:sched_process_exec"

export interface SampleConsumer {
  /** Valid during the call. `text` is the line's own text of the event. */
  sample(sample: PerfSample, names: EventNames, sourceId: number): void
  problem(problem: Problem, sourceId: number): void
}

/** How the text's times are to be taken, decided by its first ones. */
type TimeUse = "unknown" | "boot" | "none"

interface WaitingExec {
  readonly header: ScriptLine
  readonly offset: number
  text: string
  lines: number
  length: number
}

export class ScriptParser {
  readonly names = new EventNames()
  records = 0
  /** Lines that are of no event: stacks, comments, perf's own messages. */
  otherLines = 0
  readonly #consumer: SampleConsumer
  readonly #cutter: LineCutter
  readonly #sample = new PerfSample()
  readonly #fields = new FieldList()
  #sourceId = 0
  #hasBegun = false
  #isTrace = false
  #time: TimeUse = "unknown"
  #last = Number.NaN
  #waiting: WaitingExec | undefined

  constructor(consumer: SampleConsumer) {
    this.#consumer = consumer
    this.#cutter = new LineCutter({
      line: (text, offset, length) => this.#line(text, offset, length),
      longLine: (offset, length) => {
        this.#tell(
          "perf-script/long-line",
          "error",
          offset,
          length,
          "a line is longer than any that perf writes",
        )
      },
    })
  }

  get consumedTo(): number {
    return this.#waiting?.offset ?? this.#cutter.consumedTo
  }

  beginSource(sourceId: number, isTrace: boolean): void {
    this.#sourceId = sourceId
    this.#isTrace = isTrace
    this.#hasBegun = false
    this.#time = "unknown"
    this.#last = Number.NaN
  }

  push(bytes: Buffer, offset: number): void {
    if (!this.#hasBegun) this.#begin(offset)
    this.#cutter.push(bytes)
  }

  endSource(): void {
    if (!this.#hasBegun) return
    this.#cutter.end()
    this.#giveUp()
  }

  #begin(offset: number): void {
    this.#hasBegun = true
    this.#cutter.begin(offset)
    if (offset > 0) return
    const what = this.#isTrace ? "perf trace" : "perf script"
    const message = `a name with a line break can forge lines of ${what}, which nobody can tell from true ones`
    this.#tell("perf-script/low-trust", "warning", 0, 0, message)
  }

  #line(text: string, offset: number, length: number): void {
    if (this.#isTrace) this.#traceLine(text, offset, length)
    else if (this.#waiting !== undefined) this.#join(text, offset, length)
    else this.#scriptLine(text, offset, length)
  }

  #scriptLine(text: string, offset: number, length: number): void {
    const header = text.charCodeAt(0) === 0x09 ? undefined : readHeader(text)
    if (header === undefined) {
      this.#foreign(text, offset, length)
      return
    }
    this.#fields.clear()
    if (header.event.startsWith(RECORD)) this.#taskRecord(header, offset, length)
    else if (readEventText(header.event, header.text, this.#fields)) this.#event(header, offset, length)
    else if (header.event === EXEC && header.text.startsWith("filename="))
      this.#waiting = { header, offset, text: header.text, lines: 1, length }
    else this.#bad(offset, length)
  }

  /** The next line of an exec whose file name has line breaks. */
  #join(text: string, offset: number, length: number): void {
    const waiting = this.#waiting as WaitingExec
    waiting.text += `\n${text}`
    waiting.lines++
    waiting.length = offset + length - waiting.offset
    this.#fields.clear()
    const { header } = waiting
    if (
      readEventText(EXEC, waiting.text, this.#fields) &&
      new RegExp(` pid=${header.tid} old_pid=\\d+`).test(text)
    ) {
      this.#waiting = undefined
      this.#event({ ...header, text: waiting.text }, waiting.offset, waiting.length)
    } else if (waiting.lines >= MAX_JOINED) this.#giveUp()
  }

  /** The end of the name does not come: each line is taken for itself. */
  #giveUp(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    const [first = "", ...rest] = waiting.text.split("\n")
    this.#bad(waiting.offset, waiting.length - rest.reduce((sum, line) => sum + line.length + 1, 0))
    let offset = waiting.offset + waiting.length - rest.reduce((sum, line) => sum + line.length + 1, 0) + 1
    if (first === "") return
    for (const line of rest) {
      this.#line(line, offset, line.length)
      offset += line.length + 1
    }
  }

  #event(header: ScriptLine, offset: number, length: number): void {
    const sample = this.#begun(header, KIND.sample, offset, length)
    sample.event = this.names.numberOf(header.event)
    this.#fields.fill(sample)
    if (header.event === EXEC && this.#contradicts(header, sample)) {
      const message = "the line's task and the exec's process are not the same: forged, or damaged"
      this.#tell("perf-script/bad-line", "warning", offset, length, message)
      return
    }
    this.#give(header.comm)
  }

  /** An exec is told by the new program's own task. */
  #contradicts({ tid, pid }: ScriptLine, sample: PerfSample): boolean {
    const process = sample.low(sample.find("pid"))
    return process !== tid || (!Number.isNaN(pid) && process !== pid)
  }

  #taskRecord(header: ScriptLine, offset: number, length: number): void {
    const record = readTaskRecord(header.event, header.text, this.#fields)
    if (record === undefined) {
      this.#bad(offset, length)
      return
    }
    const sample = this.#begun(header, record.kind, offset, length)
    sample.event = NO_EVENT
    if (!Number.isNaN(record.pid)) {
      sample.pid = record.pid
      sample.tid = record.tid
    }
    this.#fields.fill(sample)
    this.#give(header.comm)
  }

  #begun(header: ScriptLine, kind: PerfSample["kind"], offset: number, length: number): PerfSample {
    const sample = this.#sample
    sample.begin(kind, offset, length)
    sample.pid = header.pid
    sample.tid = header.tid
    sample.cpu = header.cpu
    this.#setTime(header, offset)
    return sample
  }

  #setTime({ second, fraction, day, dayFraction }: ScriptLine, offset: number): void {
    const sample = this.#sample
    if (this.#time === "unknown" && !Number.isNaN(second) && !isSynthesized(second, fraction))
      this.#time = "boot"
    const isRelative =
      Number.isNaN(this.#last) && second === 0 && nanosecondsOf(fraction) === 0 && sample.kind === KIND.sample
    if (isRelative || (Number.isNaN(second) && Number.isNaN(this.#last))) this.#noTime(offset)
    if (!Number.isNaN(second) && sample.kind === KIND.sample) this.#last = second
    if (this.#time === "none" || Number.isNaN(second)) return
    const nsec = nanosecondsOf(fraction)
    this.#putClock(second, nsec)
    if (day === "") return
    const unix = Date.parse(`${day.replace(" ", "T")}Z`) / 1000
    if (Number.isNaN(unix)) return
    // The clock on the wall of where the text was made; its zone is not written down.
    sample.clock = CLOCK.estimated
    sample.second = unix
    sample.nsec = nanosecondsOf(dayFraction)
  }

  /** Nanoseconds since the machine's start. */
  #putClock(second: number, nsec: number): void {
    const sample = this.#sample
    if (second > 2 ** 33) return
    // 2^23 s are 1,953,125 times 2^32 ns: no step leaves 2^53.
    const low = (second % 8_388_608) * BILLION + nsec
    const high = Math.floor(second / 8_388_608) * 1_953_125
    sample.timeHigh = (high + Math.floor(low / TWO_32)) >>> 0
    sample.timeLow = low % TWO_32
    sample.clock = CLOCK.boot
    sample.second = second
    sample.nsec = nsec
  }

  #noTime(offset: number): void {
    if (this.#time === "none") return
    this.#time = "none"
    this.#last = 0
    const message = "times count from the first line or from line to line, or are missing: rows have none"
    this.#tell("perf-script/no-time", "warning", offset, 0, message)
  }

  #traceLine(text: string, offset: number, length: number): void {
    const line = readTraceLine(text)
    if (line === undefined) {
      this.#foreign(text, offset, length)
      return
    }
    if (this.#time === "unknown" && !Number.isNaN(line.time)) {
      if (line.time >= BOOT_MS) this.#time = "boot"
      else this.#noTime(offset)
    }
    if (line.isEntered) this.#traceHalf(line, enterEvent(line.name), "enter", line.time, offset, length)
    if (line.isReturned && !Number.isNaN(line.result)) {
      const end = line.time + (Number.isNaN(line.duration) ? 0 : line.duration)
      this.#traceHalf(line, exitEvent(line.name), "exit", end, offset, length)
    }
  }

  #traceHalf(
    line: TraceLine,
    known: number,
    half: "enter" | "exit",
    ms: number,
    offset: number,
    length: number,
  ): void {
    const sample = this.#sample
    const event = known === NO_EVENT ? this.names.numberOf(`syscalls:sys_${half}_${line.name}`) : known
    sample.begin(KIND.sample, offset, length)
    sample.event = event
    sample.tid = line.tid
    if (this.#time === "boot" && !Number.isNaN(ms)) {
      const whole = Math.floor(ms / 1000)
      this.#putClock(whole, Math.round((ms - whole * 1000) * MILLION))
    }
    this.#fields.clear()
    if (half === "enter") readTraceArguments(line.list, this.#fields)
    else this.#fields.int("ret", line.result)
    this.#fields.fill(sample)
    this.#give(line.comm)
  }

  #give(comm: string): void {
    const sample = this.#sample
    const name = Buffer.from(comm, "latin1")
    sample.commBytes = name
    sample.commFrom = 0
    sample.commTo = name.length
    this.records++
    this.#consumer.sample(sample, this.names, this.#sourceId)
  }

  /** Stacks, blank lines behind them, comments and messages of perf are no damage. */
  #foreign(text: string, offset: number, length: number): void {
    this.otherLines++
    const isUsual = text === "" || /^(?:\t|#|\s+[0-9a-f]{5,16} |Warning|LOST )/.test(text)
    if (!isUsual) this.#bad(offset, length)
  }

  #bad(offset: number, length: number): void {
    this.#tell("perf-script/bad-line", "warning", offset, length, "the line is no event and belongs to none")
  }

  #tell(code: string, severity: Problem["severity"], offset: number, length: number, message: string): void {
    this.#consumer.problem({ code, severity, offset, length, message }, this.#sourceId)
  }
}

/** Records that perf makes at its start have the time 0. */
function isSynthesized(second: number, fraction: string): boolean {
  return second === 0 && nanosecondsOf(fraction) === 0
}
