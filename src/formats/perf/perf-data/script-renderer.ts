/**
 * Writes samples as `perf script` does, in its own fields for tracepoints or those of `--ns -F pid,…`:
 *
 *          echo  1923 [000]  2756.445682:    sched:sched_process_exec: filename=/bin/echo pid=1923 old_pid=1923
 *
 * Bytes are given as they are: a name with a line feed makes a line of its own here as well.
 * Source: perf-script(1); tools/perf/builtin-script.c.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { createPrinter, listFields, type Print, putBytes, putLatin1 } from "../print/printer.ts"
import { KIND, type PerfSample } from "../sample.ts"
import type { EventFormat } from "./event-format.ts"

export interface ScriptOptions {
  /** Nine digits of the time instead of six. */
  readonly hasNanoseconds: boolean
  /** `pid/tid` instead of the thread alone. */
  readonly hasPid: boolean
}

/** What the recording tells of its events. */
export interface ScriptEvents {
  readonly labelWidth: number
  readonly longBytes: number
  formatOf(event: number): EventFormat | undefined
  labelOf(event: number): string
}

const COMM_WIDTH = 16
const TIME_WIDTH = 12
const BILLION = 1_000_000_000n
const LF = 0x0a

export class ScriptRenderer {
  readonly #options: ScriptOptions
  readonly #events: ScriptEvents
  readonly #printers = new Map<number, { readonly format: EventFormat; readonly print: Print }>()

  constructor(options: ScriptOptions, events: ScriptEvents) {
    this.#options = options
    this.#events = events
  }

  /** Appends the line of a sample; nothing for records that are none. */
  render(sample: PerfSample, out: GrowingBytes): void {
    if (sample.kind !== KIND.sample) return
    const { commBytes, commFrom, commTo, pid, tid, cpu } = sample
    putThread({ comm: commBytes.subarray(commFrom, commTo), pid, tid, cpu }, this.#options, out)
    putLatin1(out, `${this.#timeText(sample)}: `)
    putLatin1(out, `${this.#events.labelOf(sample.event).padStart(this.#events.labelWidth)}: `)
    const format = this.#events.formatOf(sample.event)
    if (format !== undefined) this.#printerOf(sample.event, format)(sample, out)
    else listFields(sample, [], out)
    out.reserve(1)
    out.bytes[out.used++] = LF
  }

  #timeText({ timeHigh, timeLow }: PerfSample): string {
    const ns = (BigInt(timeHigh) << 32n) | BigInt(timeLow)
    const second = String(ns / BILLION)
    const digits = String(ns % BILLION).padStart(9, "0")
    if (this.#options.hasNanoseconds) return `${second.padStart(5)}.${digits}`
    return `${second}.${digits.slice(0, 6)}`.padStart(TIME_WIDTH)
  }

  #printerOf(event: number, format: EventFormat): Print {
    const known = this.#printers.get(event)
    if (known?.format === format) return known.print
    const { printFormat, fieldNames, fields } = format
    const print = createPrinter(printFormat, fieldNames, fields, { longBytes: this.#events.longBytes })
    this.#printers.set(event, { format, print })
    return print
  }
}

/** What is told of the thread that a sample is of. */
interface ThreadFacts {
  readonly comm: Buffer
  readonly pid: number
  readonly tid: number
  /** NaN where it is not known. */
  readonly cpu: number
}

/** `            echo  1923 [000] ` */
export function putThread(
  { comm, pid, tid, cpu }: ThreadFacts,
  { hasPid }: ScriptOptions,
  out: GrowingBytes,
): void {
  const unknown = comm.length === 0 ? `:${tid}` : ""
  putLatin1(out, " ".repeat(Math.max(0, COMM_WIDTH - comm.length - unknown.length)))
  putLatin1(out, unknown)
  putBytes(out, comm, 0, comm.length)
  const thread = hasPid ? `${String(pid).padStart(5)}/${String(tid).padEnd(5)}` : String(tid).padStart(5)
  putLatin1(out, ` ${thread} `)
  if (!Number.isNaN(cpu)) putLatin1(out, `[${String(cpu).padStart(3, "0")}] `)
}
