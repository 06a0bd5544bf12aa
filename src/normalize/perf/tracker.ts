/**
 * The story of processes, threads and sockets as calls begin, act and return: the state machine that recordings by perf
 * and records by BPF drive alike. It decides what becomes a row.
 *
 *   enter execve -> exec of the new program -> return      one exec row
 *   enter connect -> the socket changes its state -> return      one connect row
 *
 * DEVIATION(osquery): order-of-calls: osquery keys waiting events by their nanosecond, so that of two in the same one
 * is lost.
 *
 * Source of truth: osquery events/linux/bpf/systemstatetracker.cpp; Linux' fs/exec.c and kernel/fork.c for the order.
 */
import { Call, type CallRole, type Moment, type SocketEnd } from "./call.ts"
import { ProcessRows } from "./process-rows.ts"
import type { Process } from "./process-table.ts"
import type { RowContext } from "./row-context.ts"
import { SocketRows } from "./socket-rows.ts"
import { SocketStates } from "./socket-states.ts"

/** Calls that wait for their return; a thread has one. */
const MAX_WAITING = 65_536
const CLONE_THREAD = 0x10000
const AT_FDCWD = -100
const AT_EMPTY_PATH = 0x1000
const SLASH = 0x2f
const ROOT = Buffer.from("/")
const TWO_32 = 0x1_0000_0000

export class Tracker {
  readonly row: RowContext
  readonly #processes: ProcessRows
  readonly #sockets: SocketRows
  readonly #states: SocketStates
  /** By thread. */
  readonly #waiting = new Map<number, Call>()
  /** Forks of which nothing tells yet whether they made a process or a thread, by the new thread. */
  readonly #inDoubt = new Map<number, Call>()

  constructor(row: RowContext) {
    this.row = row
    this.#processes = new ProcessRows(row)
    this.#sockets = new SocketRows(row)
    this.#states = new SocketStates(row.table)
  }

  /** The call that a thread is in. */
  waitingOf(tid: number): Call | undefined {
    return this.#waiting.get(tid)
  }

  /** A call begins; what the thread was in has been left without a return that was recorded. */
  enter(name: string, role: CallRole, tid: number, pid: number, moment: Moment, sourceId: number): Call {
    this.leave(tid)
    const call = new Call(name, role, tid, pid, moment, sourceId)
    call.parent = this.row.table.find(pid)?.parent ?? Number.NaN
    this.#waiting.set(tid, call)
    if (this.#waiting.size > MAX_WAITING) {
      for (const oldest of this.#waiting.keys()) {
        this.leave(oldest)
        break
      }
    }
    return call
  }

  /** The thread is in no call any more; an exec that took place is told. */
  leave(tid: number): void {
    const call = this.#waiting.get(tid)
    if (call === undefined) return
    this.#waiting.delete(tid)
    if (call.role === "exec" && call.isDone) {
      if (Number.isNaN(call.result)) call.result = 0
      this.#tellExec(call)
    } else if (call.role === "exec" && Number.isNaN(call.result)) {
      // Nobody knows whether it took place.
      const process = this.row.table.find(call.pid)
      if (process !== undefined) process.path = undefined
    }
  }

  /** A call returned; returns it for what is to be added before `finish`, undefined when its entry was not seen. */
  take(role: CallRole, tid: number): Call | undefined {
    const call = this.#waiting.get(tid)
    if (call === undefined || call.role !== role) return undefined
    this.#waiting.delete(tid)
    return call
  }

  /** What follows from a call that has returned. */
  finish(call: Call): void {
    switch (call.role) {
      case "exec":
        this.#finishExec(call)
        return
      case "connect":
      case "bind":
      case "listen":
      case "accept":
        this.#states.finish(call)
        this.#sockets.write(call)
        return
      case "fork":
        this.#finishFork(call)
        return
      default:
        this.#states.finish(call)
        this.#finishFile(call)
    }
  }

  /**
   * A new program runs.
   * @param oldTid the thread that made the call, which becomes the process's first
   * @param call what is known when its entry was not seen; the entry's own call counts more
   */
  exec(call: Call, oldTid: number): void {
    const waiting = this.#waiting.get(oldTid)
    const process = this.row.table.get(call.pid)
    const isSeen = waiting?.role === "exec"
    const told = isSeen ? waiting : call
    if (isSeen) {
      if (oldTid !== call.pid) {
        this.#waiting.delete(oldTid)
        this.leave(call.pid)
        this.#waiting.set(call.pid, waiting)
      }
      mergeExec(waiting, call)
    }
    told.isDone = true
    told.path = this.#resolve(told, process)
    process.image = undefined
    if (!Number.isNaN(told.parent)) process.parent = told.parent
    else told.parent = process.parent
    process.path = told.path
    this.row.table.exec(process)
    if (isSeen) return
    told.result = 0
    this.#tellExec(told)
    process.isExecTold = true
  }

  /** The return of an exec whose entry was not seen. */
  bareExecReturn(call: Call): void {
    const process = this.row.table.get(call.pid)
    if (call.result === 0 && process.isExecTold) {
      process.isExecTold = false
      return
    }
    if (call.result === 0) this.#takeImage(call, process)
    call.parent = process.parent
    this.#tellExec(call)
  }

  /** @param call its pid is the child's; `isTold` when the row was written before */
  fork(call: Call): void {
    const { table } = this.row
    const known = table.find(call.pid)
    if (known !== undefined && !known.hasEnded && isSameFork(known, call)) return
    this.#inDoubt.delete(call.tid)
    this.leave(call.pid)
    this.#tellFork(call)
  }

  /** The new process may be in a call already. */
  #tellFork(call: Call): void {
    const { table } = this.row
    const process = table.fork(call.pid, call.parent)
    process.forkedAt = secondsOf(call)
    call.path = process.path
    this.#processes.fork(call)
  }

  /** A new thread, or the first one of a new process: what it does next tells. */
  forkInDoubt(call: Call): void {
    this.#inDoubt.delete(call.tid)
    this.#inDoubt.set(call.tid, call)
    if (this.#inDoubt.size <= MAX_WAITING) return
    for (const oldest of this.#inDoubt.keys()) {
      this.#inDoubt.delete(oldest)
      break
    }
  }

  /** Something was recorded of a thread: it is its process's first one, or it is not. */
  seen(pid: number, tid: number): void {
    const call = this.#inDoubt.size === 0 ? undefined : this.#inDoubt.get(tid)
    if (call === undefined) return
    this.#inDoubt.delete(tid)
    if (pid === tid) this.#tellFork(call)
    else this.row.table.addThread(tid, pid)
  }

  /** A thread that was made is none of its own process. */
  thread(tid: number, pid: number): void {
    this.#inDoubt.delete(tid)
    this.row.table.addThread(tid, pid)
  }

  /** A process was running before: known from a snapshot, no row. */
  introduce(pid: number, parent: number): Process {
    const process = this.row.table.get(pid)
    if (!Number.isNaN(parent) && Number.isNaN(process.parent)) process.parent = parent
    return process
  }

  /** The last thread of a process ended. */
  exit(call: Call, exitCode: number): void {
    this.leave(call.tid)
    const process = this.row.table.get(call.pid)
    if (process.hasEnded) return
    this.tellImage(call.pid, call.sourceId)
    process.hasEnded = true
    call.path = process.path
    call.parent = process.parent
    this.#processes.exit(call, exitCode)
  }

  /** A socket call that was seen only by what it did. */
  socket(call: Call): void {
    this.#states.finish(call)
    this.#sockets.write(call)
  }

  /** An exec known only by the mapping of its program. */
  tellImage(pid: number, sourceId: number): void {
    const process = this.row.table.find(pid)
    const image = process?.image
    if (process === undefined || image === undefined) return
    const call = new Call("", "exec", pid, pid, image, sourceId)
    call.path = image.path
    call.result = 0
    call.parent = process.parent
    process.image = undefined
    process.path = image.path
    this.#processes.exec(call, process.cwd)
  }

  /** Nothing more comes. */
  end(sourceId: number): void {
    for (const tid of [...this.#waiting.keys()]) this.leave(tid)
    for (const [pid, { image }] of this.row.table.entries())
      if (image !== undefined) this.tellImage(pid, sourceId)
  }

  setEnds(call: Call, local: SocketEnd | undefined, remote: SocketEnd | undefined): void {
    if (local !== undefined) call.local = local
    if (remote !== undefined) call.remote = remote
  }

  #finishExec(call: Call): void {
    const process = this.row.table.get(call.pid)
    if (call.result === 0 && !call.isDone) {
      call.isDone = true
      this.#takeImage(call, process)
      call.path = this.#resolve(call, process)
      process.path = call.path
      this.row.table.exec(process)
    } else if (call.result < 0) call.path = this.#resolve(call, process)
    if (Number.isNaN(call.parent)) call.parent = process.parent
    this.#tellExec(call)
  }

  /** The parent's return: the new process's number. clone3 has its flags in memory, which is not recorded. */
  #finishFork(call: Call): void {
    if (!(call.result > 0)) return
    const made = new Call("", "fork", call.result, call.result, call, call.sourceId)
    made.parent = call.pid
    made.cgroup = call.cgroup
    if (this.#isToldSince(call)) return
    const isProcess = call.name === "fork" || call.name === "vfork"
    const flags = call.name === "clone" ? call.a0 : Number.NaN
    if (!isProcess && (flags & CLONE_THREAD) !== 0) this.thread(call.result, call.pid)
    else if (isProcess || !Number.isNaN(flags)) this.fork(made)
    else if (this.row.table.processOf(call.result) === call.result) this.forkInDoubt(made)
  }

  /** The new process was told within the call; it may have ended before the call returned. */
  #isToldSince(call: Call): boolean {
    const known = this.row.table.find(call.result)
    if (known === undefined || known.parent !== call.pid || Number.isNaN(known.forkedAt)) return false
    return !call.hasTime || known.forkedAt >= secondsOf(call)
  }

  #takeImage(call: Call, process: Process): void {
    if (process.image === undefined) return
    if (call.path === undefined) call.path = process.image.path
    process.path = call.path
    process.image = undefined
  }

  #tellExec(call: Call): void {
    this.#processes.exec(call, this.row.table.find(call.pid)?.cwd)
  }

  /** Directories, and files that were opened by name. */
  #finishFile(call: Call): void {
    if (!(call.result >= 0)) return
    const process = this.row.table.get(call.pid)
    if (call.role === "chdir") process.cwd = this.#resolve(call, process)
    else if (call.role === "fchdir") process.cwd = process.descriptors.get(call.a0)?.path
    else if (call.role === "open" && call.path !== undefined)
      this.#states.opened(call, process, this.#resolve(call, process))
  }

  /**
   * The path as far as it is known: relative ones behind the working directory or the descriptor's, or as the kernel
   * mapped the program where that has the same name.
   */
  #resolve(call: Call, process: Process): Buffer | undefined {
    const { path } = call
    const isAt = call.name === "execveat" || call.name === "openat"
    const base = isAt && call.a0 !== AT_FDCWD ? process.descriptors.get(call.a0)?.path : process.cwd
    if (path === undefined || path.length === 0) {
      const flags = call.name === "execveat" ? call.a1 : 0
      return (flags & AT_EMPTY_PATH) !== 0 ? (base ?? path) : path
    }
    if (path[0] === SLASH) return path
    if (base !== undefined) return Buffer.concat(isRoot(base) ? [base, path] : [base, ROOT, path])
    const image = call.role === "exec" ? process.image?.path : undefined
    return image !== undefined && nameOf(image).equals(nameOf(path)) ? image : path
  }
}

function isRoot(path: Buffer): boolean {
  return path.length === 1 && path[0] === SLASH
}

/** Of what the entry and the new program tell of an exec, the program's counts more. */
function mergeExec(entered: Call, done: Call): void {
  entered.pid = done.pid
  if (done.path !== undefined && done.path.length > 0) entered.path = done.path
  if (done.arguments !== undefined) {
    entered.arguments = done.arguments
    // The new program has what the caller's memory did not show.
    entered.hasFault = done.hasFault
    entered.isCut = done.isCut
  }
  if (!Number.isNaN(done.parent)) entered.parent = done.parent
  if (!Number.isNaN(done.loginUid)) entered.loginUid = done.loginUid
  if (!Number.isNaN(done.session)) entered.session = done.session
  // A program with the set-uid bit runs as another user.
  if (!Number.isNaN(done.uid)) entered.uid = done.uid
  if (!Number.isNaN(done.gid)) entered.gid = done.gid
  if (entered.cgroup === "") entered.cgroup = done.cgroup
}

/** Two records tell of one fork: perf's own and the scheduler's. */
function isSameFork(known: Process, call: Call): boolean {
  return known.parent === call.parent && Math.abs(known.forkedAt - secondsOf(call)) <= 1
}

/** Of the recording's own clock. */
function secondsOf({ timeHigh, timeLow }: Call): number {
  return timeHigh * (TWO_32 / 1e9) + timeLow / 1e9
}

function nameOf(path: Buffer): Buffer {
  return path.subarray(path.lastIndexOf(SLASH) + 1)
}
