/**
 * Turns recordings by perf into rows: samples of system calls, of the scheduler and of TCP sockets, and perf's own records
 * of names, forks, ends and mappings.
 *
 * Tracepoints hold numbers and pointers: what a pointer leads to is there only where a newer kernel adds its text, in a
 * field named `__<argument>_val`. Nothing is made up for the rest.
 */
import { readSockaddr } from "../../formats/linux-audit/sockaddr.ts"
import { EVENT, type EventNames, NO_EVENT } from "../../formats/perf/events.ts"
import { CLOCK, FIELD, KIND, type PerfSample } from "../../formats/perf/sample.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import { Call, type CallRole, type Moment } from "./call.ts"
import { callOfNumber, roleOf } from "./call-roles.ts"
import { replayRow } from "./replay.ts"
import { type NormalizerOptions, RowContext } from "./row-context.ts"
import { fieldText, fieldValue, firstField } from "./sample-fields.ts"
import { TcpStates } from "./tcp-states.ts"
import { Tracker } from "./tracker.ts"

const CLONE_THREAD = 0x10000
const PROT_EXEC = 4
const ENTER = "syscalls:sys_enter_"
const EXIT = "syscalls:sys_exit_"
const NO_BYTES = Buffer.alloc(0)

/** What an event of the recording is to the rows. */
type EventUse =
  | { readonly kind: "enter" | "return"; readonly name: string; readonly role: CallRole }
  | { readonly kind: "other" }

/** What is needed of a sample that is of no use to the rows. */
export interface Passing {
  readonly event: number
  readonly pid: number
  readonly tid: number
}

const OTHER: EventUse = { kind: "other" }

export class PerfNormalizer {
  readonly #row: RowContext
  readonly #tracker: Tracker
  readonly #tcp: TcpStates
  /** By number of the event. */
  #uses: (EventUse | undefined)[] = []
  #names: EventNames | undefined
  #sourceId = 0
  readonly #moment: { -readonly [Key in keyof Moment]: Moment[Key] } = {
    second: Number.NaN,
    nsec: 0,
    timeLow: 0,
    timeHigh: 0,
    hasTime: false,
    offset: 0,
  }
  /** Machine that was recorded, as uname(1) names it: system calls are numbered by it. */
  machine = "x86_64"

  constructor(options: NormalizerOptions) {
    this.#row = new RowContext(options)
    this.#tracker = new Tracker(this.#row)
    this.#tcp = new TcpStates(this.#tracker)
  }

  /** Host that the rows to come are of. */
  set host(host: string) {
    this.#row.host = host
  }

  sample(sample: PerfSample, names: EventNames, sourceId: number): void {
    if (names !== this.#names) {
      this.#names = names
      this.#uses = []
    }
    this.#sourceId = sourceId
    this.#setMoment(sample)
    const { tid } = sample
    const pid = Number.isNaN(sample.pid) ? this.#row.table.processOf(tid) : sample.pid
    if (!Number.isNaN(sample.pid)) this.#tracker.seen(sample.pid, tid)
    switch (sample.kind) {
      case KIND.sample:
        if (sample.event !== NO_EVENT && !Number.isNaN(tid)) this.#event(sample, pid, tid)
        return
      case KIND.comm:
        this.#named(sample)
        return
      case KIND.fork:
        this.#forked(sample)
        return
      case KIND.exit:
        if (sample.pid === tid) this.#tracker.exit(this.#call("", "fork", pid, tid, sample), Number.NaN)
        return
      case KIND.mmap:
        this.#mapped(sample)
    }
  }

  /** Takes a sample of which rows want no more than that its thread runs; false for others, which are to be given whole. */
  passes({ event, pid, tid }: Passing, names: EventNames): boolean {
    if (names !== this.#names) return false
    if (this.#uses[event] !== OTHER || event <= EVENT.rawExit) return false
    this.#tracker.seen(pid, tid)
    return true
  }

  replay(row: ProcessRow): void {
    replayRow(this.#row.table, row)
  }

  end(sourceId: number): void {
    this.#tracker.end(sourceId)
  }

  #event(sample: PerfSample, pid: number, tid: number): void {
    const use = this.#uses[sample.event] ?? this.#learn(sample.event)
    if (use.kind === "enter") this.#enter(use.name, use.role, sample, pid, tid)
    else if (use.kind === "return")
      this.#return(use.name, use.role, fieldValue(sample, "ret"), sample, pid, tid)
    else this.#scheduler(sample, pid, tid)
  }

  #learn(event: number): EventUse {
    const name = this.#names?.nameOf(event) ?? ""
    const kind = name.startsWith(ENTER) ? "enter" : name.startsWith(EXIT) ? "return" : "other"
    const call = kind === "other" ? "" : name.slice(kind === "enter" ? ENTER.length : EXIT.length)
    const role = roleOf(call)
    const use: EventUse = kind === "other" || role === undefined ? OTHER : { kind, name: call, role }
    this.#uses[event] = use
    return use
  }

  #scheduler(sample: PerfSample, pid: number, tid: number): void {
    switch (sample.event) {
      case EVENT.exec:
        this.#exec(sample, pid)
        return
      case EVENT.newTask:
        this.#newTask(sample, pid)
        return
      case EVENT.fork:
        this.#schedulerFork(sample, pid, tid)
        return
      case EVENT.exit:
        this.#schedulerExit(sample, pid, tid)
        return
      case EVENT.socketState:
        this.#tcp.change(sample, this.#call("", "connect", pid, tid, sample))
        return
      case EVENT.rawEnter:
      case EVENT.rawExit:
        this.#raw(sample, pid, tid)
    }
  }

  #enter(name: string, role: CallRole, sample: PerfSample, pid: number, tid: number): void {
    const call = this.#tracker.enter(name, role, tid, pid, this.#moment, this.#sourceId)
    call.cgroup = sample.cgroup
    const first = firstField(sample)
    call.a0 = numberAt(sample, first)
    call.a1 = numberAt(sample, first + 1)
    call.a2 = numberAt(sample, first + 2)
    if (name === "execveat") call.a1 = fieldValue(sample, "flags")
    call.path =
      fieldText(sample, "__filename_val") ??
      fieldText(sample, "__pathname_val") ??
      fieldText(sample, "filename")
    const address = fieldText(sample, "__uservaddr_val") ?? fieldText(sample, "__umyaddr_val")
    if (address !== undefined) call.given = readSockaddr(address)
  }

  #return(name: string, role: CallRole, result: number, sample: PerfSample, pid: number, tid: number): void {
    const call = this.#tracker.take(role, tid)
    if (call !== undefined) {
      call.end(result, this.#moment)
      this.#tracker.finish(call)
      return
    }
    if (Number.isNaN(result)) return
    const bare = this.#call(name, role, pid, tid, sample)
    bare.result = result
    if (role === "exec") this.#tracker.bareExecReturn(bare)
    else if (role === "connect" || role === "bind" || role === "listen" || role === "accept")
      this.#tracker.finish(bare)
  }

  #raw(sample: PerfSample, pid: number, tid: number): void {
    const name = callOfNumber(fieldValue(sample, "id"), this.machine)
    const role = roleOf(name)
    if (role === undefined) return
    if (sample.event === EVENT.rawExit) this.#return(name, role, fieldValue(sample, "ret"), sample, pid, tid)
    else {
      const call = this.#tracker.enter(name, role, tid, pid, this.#moment, this.#sourceId)
      const args = sample.find("args")
      if (args >= 0 && sample.fieldKind(args) === FIELD.bytes) {
        call.a0 = element(sample, args, 0)
        call.a1 = element(sample, args, name === "execveat" ? 4 : 1)
        call.a2 = element(sample, args, 2)
      }
    }
  }

  /** sched_process_exec: the thread that made the call may have been another. */
  #exec(sample: PerfSample, pid: number): void {
    const newPid = valueOr(fieldValue(sample, "pid"), pid)
    const call = this.#call("execve", "exec", newPid, newPid, sample)
    call.path = fieldText(sample, "filename")
    const oldTid = valueOr(fieldValue(sample, "old_pid"), newPid)
    this.#tracker.seen(newPid, newPid)
    this.#tracker.exec(call, oldTid)
  }

  #newTask(sample: PerfSample, pid: number): void {
    const child = fieldValue(sample, "pid")
    const flags = fieldValue(sample, "clone_flags")
    if (Number.isNaN(child) || Number.isNaN(flags)) return
    if ((flags & CLONE_THREAD) !== 0) this.#tracker.thread(child, pid)
    else this.#fork(sample, child, pid)
  }

  /** Its numbers are those of threads; whether the new one is a process is told by the call, or by what comes next. */
  #schedulerFork(sample: PerfSample, pid: number, tid: number): void {
    const child = fieldValue(sample, "child_pid")
    if (Number.isNaN(child)) return
    if (this.#row.table.processOf(child) !== child) return
    const known = this.#row.table.find(child)
    if (known !== undefined && !known.hasEnded && known.parent === pid && !Number.isNaN(known.forkedAt))
      return
    const waiting = this.#tracker.waitingOf(tid)
    const isPlain = waiting?.name === "fork" || waiting?.name === "vfork"
    const flags = waiting?.name === "clone" ? waiting.a0 : Number.NaN
    if (!isPlain && Number.isNaN(flags)) this.#tracker.forkInDoubt(this.#forkCall(sample, child, pid))
    else if (!isPlain && (flags & CLONE_THREAD) !== 0) this.#tracker.thread(child, pid)
    else this.#fork(sample, child, pid)
  }

  #fork(sample: PerfSample, child: number, parent: number): void {
    this.#tracker.fork(this.#forkCall(sample, child, parent))
  }

  #forkCall(sample: PerfSample, child: number, parent: number): Call {
    const call = this.#call("", "fork", child, child, sample)
    call.parent = parent
    return call
  }

  /** Fires for each thread; only the last one ends the process. */
  #schedulerExit(sample: PerfSample, pid: number, tid: number): void {
    const groupDead = fieldValue(sample, "group_dead")
    const isLast = Number.isNaN(groupDead) ? pid === tid : groupDead !== 0
    // Who ends a process is no other thread of a living one.
    if (isLast) this.#tracker.seen(pid, tid)
    if (isLast) this.#tracker.exit(this.#call("", "fork", pid, tid, sample), Number.NaN)
    else this.#tracker.leave(tid)
  }

  /** PERF_RECORD_COMM: with the mark of an exec, the next mapping is its program. */
  #named(sample: PerfSample): void {
    if (fieldValue(sample, "exec") !== 1) return
    this.#tracker.tellImage(sample.pid, this.#sourceId)
    this.#row.table.get(sample.pid).image = { path: NO_BYTES, ...this.#moment }
  }

  #mapped(sample: PerfSample): void {
    const process = this.#row.table.get(sample.pid)
    const isNew = process.image !== undefined && process.image.path.length === 0
    if (!isNew && (process.path !== undefined || process.image !== undefined)) return
    const protection = fieldValue(sample, "prot")
    if (!Number.isNaN(protection) && (protection & PROT_EXEC) === 0) return
    const path = fieldText(sample, "filename")
    if (path === undefined || path[0] !== 0x2f || path[1] === 0x2f) return
    if (isNew && process.image !== undefined) process.image = { ...process.image, path }
    process.path = path
  }

  /** PERF_RECORD_FORK: of the same process for a thread. What is written at the start has no time and is no news. */
  #forked(sample: PerfSample): void {
    const parent = fieldValue(sample, "ppid")
    const { pid, tid } = sample
    if (pid === parent || pid !== tid) this.#tracker.thread(tid, pid)
    else if (sample.timeLow === 0 && sample.timeHigh === 0) this.#tracker.introduce(pid, parent)
    else this.#fork(sample, pid, parent)
  }

  #call(name: string, role: CallRole, pid: number, tid: number, sample: PerfSample): Call {
    const call = new Call(name, role, tid, pid, this.#moment, this.#sourceId)
    call.cgroup = sample.cgroup
    call.parent = this.#row.table.find(pid)?.parent ?? Number.NaN
    return call
  }

  #setMoment(sample: PerfSample): void {
    const moment = this.#moment
    const isUnix = sample.clock === CLOCK.unix || sample.clock === CLOCK.estimated
    moment.second = isUnix ? sample.second : Number.NaN
    moment.nsec = sample.nsec
    moment.timeLow = sample.timeLow >>> 0
    moment.timeHigh = sample.timeHigh >>> 0
    moment.hasTime = sample.clock !== CLOCK.none
    moment.offset = sample.offset
  }
}

function numberAt(sample: PerfSample, field: number): number {
  if (field >= sample.fieldCount || sample.fieldKind(field) !== FIELD.int) return Number.NaN
  return sample.low(field)
}

/** The low half of a 64-bit element. */
function element(sample: PerfSample, field: number, index: number): number {
  const at = sample.from(field) + index * 8
  if (at + 8 > sample.to(field)) return Number.NaN
  return sample.isBigEndian ? sample.bytes.readInt32BE(at + 4) : sample.bytes.readInt32LE(at)
}

function valueOr(value: number, other: number): number {
  return Number.isNaN(value) ? other : value
}
