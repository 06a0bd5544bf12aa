/**
 * The front of a line of `perf script`, up to the event's own text, in the order that perf keeps whatever -F asks for:
 *
 *            true  1920 [000]  2756.439928:    sched:sched_process_exec: filename=/bin/true pid=1920 old_pid=1920
 *            true  1920/1920  [000] K  2026-11-21 22:28:33.571016  2756.439928123:   1   sched:sched_process_exec: …
 *
 * A task's name has at most 15 bytes, any but NUL, and stands first: the first place where the rest fits is its end.
 * Source of truth: Linux' tools/perf/builtin-script.c, perf_sample__fprintf_start.
 */

const COMM = " *(?<comm>[^\\0]{0,16}?)"
const TASK = "\\s+(?<pid>-?\\d+)(?:/(?<tid>-?\\d+))?"
const CPU = "(?:\\s+\\[(?<cpu>\\d{3,5})\\])?"
const MISC = "(?:\\s+(?:[KUHGgEMTSDFC]{1,2}\\b[ A-Z]*?))?"
const DAY = "(?:\\s+(?<day>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)\\.(?<dayFraction>\\d{6,9}))?"
const TIME = "(?:\\s+(?<second>\\d+)\\.(?<fraction>\\d{6}(?:\\d{3})?):)?"
const PERIOD = "(?:\\s+\\d+)?"
const EVENT = "\\s+(?<event>[A-Za-z_][\\w-]*:[\\w-]+):(?: (?<text>[^\\0]*))?"
const RECORD = "\\s+(?<record>PERF_RECORD_[A-Z_0-9]+)(?<detail>[^\\0]*)"

const LINE = new RegExp(`^${COMM}${TASK}${CPU}${MISC}${DAY}${TIME}(?:${PERIOD}${EVENT}|${RECORD})$`, "s")

export interface ScriptLine {
  readonly comm: string
  /** Process, NaN where only the thread is shown. */
  readonly pid: number
  readonly tid: number
  readonly cpu: number
  /** `YYYY-MM-DD HH:MM:SS` where it is shown. */
  readonly day: string
  readonly dayFraction: string
  /** NaN without a time. */
  readonly second: number
  /** Digits behind the point. */
  readonly fraction: string
  /** `sched:sched_process_exec`, or `PERF_RECORD_COMM` for a record of perf's own. */
  readonly event: string
  readonly text: string
}

/** @param line in Latin-1, a character a byte; undefined when it does not begin an event */
export function readHeader(line: string): ScriptLine | undefined {
  const groups = LINE.exec(line)?.groups
  if (groups === undefined) return undefined
  const { comm = "", pid = "", tid, cpu, day = "", dayFraction = "", second, fraction = "" } = groups
  return {
    comm,
    pid: tid === undefined ? Number.NaN : Number(pid),
    tid: Number(tid ?? pid),
    cpu: cpu === undefined ? Number.NaN : Number(cpu),
    day,
    dayFraction,
    second: second === undefined ? Number.NaN : Number(second),
    fraction,
    event: groups.event ?? groups.record ?? "",
    text: groups.text ?? groups.detail ?? "",
  }
}

/** Whole nanoseconds of the digits behind a decimal point. */
export function nanosecondsOf(fraction: string): number {
  return Number(fraction.padEnd(9, "0").slice(0, 9))
}
