/**
 * process_events from exec, fork, exit and signal calls.
 * Source of truth: osquery osquery/tables/events/linux/process_events.cpp for the columns; kernel/auditsc.c for
 * the records. Where we differ: docs/osquery-differences.md.
 */
import { parseHexLow32, parseWholeDecimal } from "../../base/digits.ts"
import type { EventRecord } from "../../formats/linux-audit/event.ts"
import { ArgvReader } from "../../formats/linux-audit/execve.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import { PROCESS_EVENTS } from "../../schema/tables/process-events.ts"
import type { PathReader } from "./path-records.ts"
import type { RowContext } from "./row-context.ts"
import { PATH, PATH_PLAN, SYSCALL } from "./syscall-plan.ts"
import type { Call } from "./syscall-role.ts"

const CLONE_PARENT = 0x8000
const CLONE_THREAD = 0x10000

export class ProcessEventRows {
  readonly #row: RowContext
  readonly #argv: ArgvReader
  readonly #paths: PathReader
  readonly #item = new Fields(PATH_PLAN)
  #pid = Number.NaN
  #parent = Number.NaN
  #status = 0

  constructor(row: RowContext, paths: PathReader) {
    this.#row = row
    this.#paths = paths
    this.#argv = new ArgvReader(row.arena)
  }

  /**
   * Writes the row of one call, if it makes one: threads are no processes.
   * DEVIATION(osquery): incomplete-exec: the row is written without CWD, EXECVE or PATH too.
   */
  write(call: Call, record: EventRecord): void {
    const row = this.#row
    const isClone = call.role === "clone"
    if (isClone && (this.#cloneFlags() & CLONE_THREAD) !== 0) return
    const isFork = isClone || call.role === "fork"
    const isSibling = isClone && (this.#cloneFlags() & CLONE_PARENT) !== 0
    const caller = this.#number(SYSCALL.pid)
    this.#status = this.#readStatus()
    this.#pid = !isFork ? caller : this.#status === 0 ? this.#number(SYSCALL.exit) : Number.NaN
    this.#parent = isFork && !isSibling ? caller : this.#number(SYSCALL.ppid)
    const isExec = call.role === "exec"
    const eventType = isFork ? "fork" : isExec || call.role === "exit" ? call.role : "signal"
    // ProcessTracker.replay does the same from the rows.
    if (isFork && !isSibling) this.#learn(caller, record)
    if (row.wants(PROCESS_EVENTS) && this.#isChosen(eventType)) this.#writeRow(call, record, eventType)
    if (eventType === "exit") row.tracker.forget(row.host, caller)
    else if (this.#status === 0 || eventType === "signal") this.#learn(this.#pid, record)
  }

  #isChosen(eventType: string): boolean {
    const { processes, forks, signals } = this.#row.choice
    return processes && (eventType === "exec" || (eventType === "signal" ? signals : forks))
  }

  #learn(pid: number, record: EventRecord): void {
    if (Number.isNaN(pid) || !this.#row.syscall.has(SYSCALL.exe)) return
    const { buffer, start, end } = this.#row.decode(this.#row.syscall, SYSCALL.exe, record)
    if (end > start) this.#row.tracker.learn(this.#row.host, pid, buffer, start, end)
  }

  #number(slot: number): number {
    const { syscall } = this.#row
    const start = syscall.starts[slot] as number
    if (start < 0) return Number.NaN
    const value = parseWholeDecimal(syscall.buffer, start, syscall.ends[slot] as number)
    if (Number.isNaN(value)) this.#row.reportNumber(syscall, slot)
    return value
  }

  #cloneFlags(): number {
    const { syscall } = this.#row
    const start = syscall.starts[SYSCALL.a0] as number
    return start < 0 ? 0 : parseHexLow32(syscall.buffer, start, syscall.ends[SYSCALL.a0] as number)
  }

  /** 0 for success, else the errno; a failed call without a usable `exit` gives NaN. */
  #readStatus(): number {
    const { syscall } = this.#row
    const start = syscall.starts[SYSCALL.success] as number
    const exit = this.#number(SYSCALL.exit)
    const isFailed = start >= 0 ? syscall.buffer[start] === 0x6e : exit < 0
    if (!isFailed) return 0
    return exit < 0 ? -exit : Number.NaN
  }

  #writeRow(call: Call, record: EventRecord, eventType: string): void {
    const row = this.#row
    const { writer, syscall } = row
    const isExec = eventType === "exec"
    const hasItem = isExec && this.#paths.scanFirst(this.#item)
    const argc = isExec ? this.#argv.read(row.event) : 0
    if (isExec) this.#reportArgv(record)
    writer.begin(PROCESS_EVENTS)
    row.integer(this.#pid)
    this.#writePath(isExec, hasItem, record)
    if (hasItem) row.raw(this.#item, PATH.mode)
    else writer.empty()
    this.#writeCmdline(argc)
    // DEVIATION(osquery): no-env: the environment is not recorded, which is not the same as empty.
    writer.empty() // env
    writer.null()
    writer.null()
    if (isExec) {
      row.workingDirectory()
      row.writeValue()
    } else writer.empty()
    row.number(syscall, SYSCALL.auid)
    row.number(syscall, SYSCALL.uid)
    row.number(syscall, SYSCALL.euid)
    row.number(syscall, SYSCALL.gid)
    row.number(syscall, SYSCALL.egid)
    // DEVIATION(osquery): owner-unknown: 0 would be root.
    if (hasItem) {
      row.number(this.#item, PATH.ouid)
      row.number(this.#item, PATH.ogid)
    } else {
      writer.null()
      writer.null()
    }
    // DEVIATION(osquery): no-stat: the examiner's files are not the host's.
    for (let column = 0; column < 4; column++) writer.null() // atime, mtime, ctime, btime
    writer.empty() // overflows
    row.integer(this.#parent)
    row.time()
    writer.null() // uptime
    row.eid(PROCESS_EVENTS)
    row.integer(this.#status)
    row.number(syscall, SYSCALL.fsuid)
    row.number(syscall, SYSCALL.suid)
    row.number(syscall, SYSCALL.fsgid)
    row.number(syscall, SYSCALL.sgid)
    row.constant(call.name)
    row.origin(eventType)
    this.#writeExtensions(eventType, argc)
  }

  #writeExtensions(eventType: string, argc: number): void {
    const row = this.#row
    const { writer, syscall } = row
    if (eventType === "exit" && syscall.has(SYSCALL.a0)) {
      // exit(2) keeps the low eight bits.
      row.integer(
        parseHexLow32(
          syscall.buffer,
          syscall.starts[SYSCALL.a0] as number,
          syscall.ends[SYSCALL.a0] as number,
        ) & 0xff,
      )
    } else writer.null()
    const parentPath = Number.isNaN(this.#parent) ? undefined : row.tracker.pathOf(row.host, this.#parent)
    const { paths } = row.tracker
    if (parentPath === undefined) writer.empty()
    else writer.bytes(paths.bytes, paths.start(parentPath), paths.end(parentPath))
    row.userName(syscall, SYSCALL.UID, SYSCALL.uid)
    writer.empty() // domain
    row.session(syscall, SYSCALL.ses)
    writer.null() // pid_version
    if (argc > 0) {
      const json = this.#argv.json()
      writer.bytes(json.bytes, 0, json.length)
    } else writer.empty()
    writer.end()
  }

  /**
   * DEVIATION(osquery): failed-exec: a failed exec is kept and names the program that was tried, from its PATH
   * record; `exe` is then the caller's program, which did not change, and all there is without a PATH record.
   */
  #writePath(isExec: boolean, hasItem: boolean, record: EventRecord): void {
    const row = this.#row
    const isTried = isExec && this.#status !== 0 && hasItem && this.#paths.resolve(this.#item, false)
    if (isTried) row.writeValue()
    else row.text(row.syscall, SYSCALL.exe, record)
  }

  #writeCmdline(argc: number): void {
    const { writer } = this.#row
    if (argc === 0) {
      writer.empty()
      writer.null()
      return
    }
    const { bytes, start, end } = this.#argv.cmdline()
    if (end === start) writer.empty()
    else writer.bytes(bytes, start, end)
    writer.int(end - start)
  }

  /** A failed exec has no EXECVE record. */
  #reportArgv(syscall: EventRecord): void {
    const { fault, record } = this.#argv
    if (record !== null) {
      if (fault !== "") this.#row.warn(record, "linux-audit/execve-arguments", -1, fault)
    } else if (this.#status === 0) {
      this.#row.warn(syscall, "linux-audit/incomplete-event", -1, "the exec has no EXECVE record")
    }
  }
}
