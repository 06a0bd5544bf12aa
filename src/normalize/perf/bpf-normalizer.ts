/** Turns records of our BPF programs into rows. */
import { textOfBytes } from "../../base/text.ts"
import { readSockaddr } from "../../formats/linux-audit/sockaddr.ts"
import { ENDS, FLAG, TYPE } from "../../formats/perf-ring/capture-record.ts"
import type { LinuxeventsExec } from "../../formats/perf-ring/foreign-layouts.ts"
import type { RingPlace } from "../../formats/perf-ring/ring-parser.ts"
import type { RingRecord } from "../../formats/perf-ring/ring-record.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import { Call, type CallRole } from "./call.ts"
import { callOfNumber, roleOf } from "./call-roles.ts"
import { replayRow } from "./replay.ts"
import { type NormalizerOptions, RowContext } from "./row-context.ts"
import { endOf } from "./socket-states.ts"
import { Tracker } from "./tracker.ts"

/** Numbers of execve and execveat where the generic table has them; the record's machine is not told. */
const GENERIC_EXECS: ReadonlyMap<number, string> = new Map([
  [221, "execve"],
  [281, "execveat"],
])

const TWO_32 = 0x1_0000_0000
const SLASH = Buffer.from("/")

export class BpfNormalizer {
  readonly #row: RowContext
  readonly #tracker: Tracker
  /** Machine whose system call numbers the records have. */
  machine = "x86_64"
  /** Path of a control group by its id. */
  readonly cgroups = new Map<string, string>()
  /** When processes called the exec that is told next, two halves of their clock. */
  readonly #execsFrom = new Map<number, readonly [low: number, high: number]>()

  constructor(options: NormalizerOptions) {
    this.#row = new RowContext(options)
    this.#row.source = "bpf"
    this.#tracker = new Tracker(this.#row)
  }

  record(record: RingRecord, sourceId: number): void {
    this.#tracker.seen(record.pid, record.tid)
    switch (record.type) {
      case TYPE.execEnter:
        this.#enterExec(record, sourceId)
        return
      case TYPE.exec:
        this.#exec(record, sourceId)
        return
      case TYPE.execExit:
        this.#returnExec(record, sourceId)
        return
      case TYPE.fork:
        this.#fork(record, sourceId)
        return
      case TYPE.exit:
        this.#exit(record, sourceId)
        return
      case TYPE.sockEnter:
        this.#enterSocket(record, sourceId)
        return
      case TYPE.sockExit:
        this.#returnSocket(record, sourceId)
        return
      case TYPE.directory:
        this.#enterDirectory(record)
    }
  }

  /** A process that ran before the capture. */
  introduce(pid: number, parent: number, path: Buffer, cwd: Buffer): void {
    const process = this.#tracker.introduce(pid, parent)
    if (path.length > 0) process.path = path
    if (cwd.length > 0) process.cwd = cwd
  }

  replay(row: ProcessRow): void {
    replayRow(this.#row.table, row)
  }

  /** An exec that linuxevents told. */
  linuxevents(exec: LinuxeventsExec, second: number, nsec: number, place: RingPlace): void {
    const { pid, timeLow, timeHigh } = exec
    const moment = { second, nsec, timeLow, timeHigh, hasTime: true, offset: place.offset }
    const call = new Call("", "exec", pid, pid, moment, place.sourceId)
    call.parent = exec.parent
    call.path = exec.path
    call.arguments = exec.arguments
    call.cgroup = textOfBytes(exec.cgroup)
    this.#tracker.exec(call, pid)
  }

  end(sourceId: number): void {
    this.#tracker.end(sourceId)
  }

  #nameOf(record: RingRecord, isExec: boolean): string {
    const name = callOfNumber(record.call, this.machine)
    if (!isExec) return name
    return roleOf(name) === "exec" ? name : (GENERIC_EXECS.get(record.call) ?? "execve")
  }

  #enterExec(record: RingRecord, sourceId: number): void {
    const { pid, tid, bytes, from, to, flags } = record
    const call = this.#tracker.enter(this.#nameOf(record, true), "exec", tid, pid, record, sourceId)
    this.#fill(call, record)
    call.a0 = record.low(0) | 0
    call.a1 = record.low(1)
    call.hasFault = (flags & (FLAG.unreadablePath | FLAG.unreadableArgument | FLAG.cutArguments)) !== 0
    call.isCut = (flags & FLAG.cutArguments) !== 0
    const nul = bytes.indexOf(0, from)
    if (nul < 0 || nul >= to) return
    if ((flags & FLAG.unreadablePath) === 0) call.path = Buffer.from(bytes.subarray(from, nul))
    if ((flags & FLAG.unreadableArgument) === 0) call.arguments = Buffer.from(bytes.subarray(nul + 1, to))
  }

  #exec(record: RingRecord, sourceId: number): void {
    const { pid, bytes, from, to, flags } = record
    const call = new Call("execve", "exec", pid, pid, record, sourceId)
    this.#fill(call, record)
    call.parent = record.low(1) >>> 0
    call.loginUid = record.low(2) >>> 0
    const nul = bytes.indexOf(0, from)
    const pathTo = nul < 0 || nul > to ? to : nul
    call.path = Buffer.from(bytes.subarray(from, pathTo))
    call.hasFault = (flags & (FLAG.unreadablePath | FLAG.unreadableArgument | FLAG.cutArguments)) !== 0
    call.isCut = (flags & FLAG.cutArguments) !== 0
    if ((flags & FLAG.unreadableArgument) === 0 && pathTo < to)
      call.arguments = Buffer.from(bytes.subarray(pathTo + 1, to))
    const since = this.#execsFrom.get(pid)
    this.#execsFrom.delete(pid)
    if (since !== undefined) call.duration = (record.timeHigh - since[1]) * TWO_32 + record.timeLow - since[0]
    this.#tracker.exec(call, record.low(0) >>> 0)
  }

  /** What the kernel knows of the directory counts more than what was followed. */
  #enterDirectory(record: RingRecord): void {
    const { pid, bytes, from, to, flags } = record
    const [low, high] = [record.low(0), record.high(0) >>> 0]
    if (low !== 0 || high !== 0) this.#execsFrom.set(pid, [low, high])
    if ((flags & FLAG.cutDirectory) === 0) this.#tracker.row.table.get(pid).cwd = pathOfNames(bytes, from, to)
  }

  #returnExec(record: RingRecord, sourceId: number): void {
    const result = record.number(0)
    const call = this.#tracker.take("exec", record.tid)
    if (call === undefined) {
      const bare = new Call(this.#nameOf(record, true), "exec", record.tid, record.pid, record, sourceId)
      this.#fill(bare, record)
      bare.result = result
      this.#tracker.bareExecReturn(bare)
      return
    }
    call.end(result, record)
    this.#tracker.finish(call)
  }

  /** Without `wide` nothing tells a new thread from a new process but what it does next. */
  #fork(record: RingRecord, sourceId: number): void {
    const child = record.low(1) >>> 0
    const group = record.isWide ? record.low(2) >>> 0 : child
    if (group !== child) {
      this.#tracker.thread(child, group)
      return
    }
    const call = new Call("fork", "fork", child, child, record, sourceId)
    this.#fill(call, record)
    call.parent = record.pid
    if (record.isWide) this.#tracker.fork(call)
    else this.#tracker.forkInDoubt(call)
  }

  #exit(record: RingRecord, sourceId: number): void {
    const isLast = record.isWide ? record.low(2) === 1 : record.tid === record.pid
    if (!isLast) {
      this.#tracker.leave(record.tid)
      return
    }
    const call = new Call("exit_group", "fork", record.tid, record.pid, record, sourceId)
    this.#fill(call, record)
    const code = record.isWide ? (record.low(1) >> 8) & 0xff : Number.NaN
    this.#tracker.exit(call, code)
  }

  #enterSocket(record: RingRecord, sourceId: number): void {
    const name = this.#nameOf(record, false)
    const role = roleOf(name)
    if (role === undefined || role === "exec" || role === "fork") return
    const call = this.#tracker.enter(name, role, record.tid, record.pid, record, sourceId)
    this.#fill(call, record)
    call.a0 = record.low(0) | 0
    call.a1 = record.low(1) | 0
    call.a2 = record.low(2) | 0
    const { bytes, from, to, flags } = record
    call.hasFault = (flags & FLAG.unreadablePath) !== 0
    // The address of an accept is what the call is to write.
    if (to > from && role !== "accept" && !call.hasFault)
      call.given = readSockaddr(Buffer.from(bytes.subarray(from, to)))
  }

  #returnSocket(record: RingRecord, sourceId: number): void {
    const role = roleOf(this.#nameOf(record, false))
    if (role === undefined) return
    const call = this.#tracker.take(role, record.tid) ?? this.#unseenAccept(record, role, sourceId)
    if (call === undefined) return
    call.end(record.number(0), record)
    if ((record.flags & FLAG.ends) !== 0) this.#readEnds(record, call)
    this.#tracker.finish(call)
  }

  /** A server may have waited since before the capture: both ends are told by the return alone. */
  #unseenAccept(record: RingRecord, role: CallRole, sourceId: number): Call | undefined {
    if (role !== "accept" || !record.isWide || (record.flags & FLAG.ends) === 0) return undefined
    const name = this.#nameOf(record, false)
    const call = new Call(name, role, record.tid, record.pid, record, sourceId)
    this.#fill(call, record)
    call.a0 = record.low(1) | 0
    return call
  }

  #readEnds({ bytes, from, to }: RingRecord, call: Call): void {
    if (to - from < ENDS.addresses) return
    const family = bytes.readUInt16LE(from + ENDS.family)
    const type = bytes.readUInt16LE(from + ENDS.type)
    if (family !== 0) call.family = family
    if (type !== 0) {
      call.type = type
      call.protocol = bytes.readUInt16LE(from + ENDS.protocol)
    }
    const localTo = from + ENDS.addresses + (bytes[from + ENDS.localLength] as number)
    const remoteTo = localTo + (bytes[from + ENDS.remoteLength] as number)
    if (remoteTo > to) return
    if (localTo > from + ENDS.addresses)
      call.local = endOf(readSockaddr(Buffer.from(bytes.subarray(from + ENDS.addresses, localTo))))
    if (remoteTo > localTo) call.remote = endOf(readSockaddr(Buffer.from(bytes.subarray(localTo, remoteTo))))
  }

  #fill(call: Call, record: RingRecord): void {
    call.uid = record.uid
    call.gid = record.gid
    call.cgroupLow = record.cgroupLow
    call.cgroupHigh = record.cgroupHigh
    call.hasCgroup = true
    if (this.cgroups.size > 0) call.cgroup = this.cgroups.get(record.cgroupId) ?? ""
    if (!record.isWide) return
    call.parent = record.parent
    call.loginUid = record.loginUid
    call.session = record.session
  }
}

/** `demo NUL srv NUL` is /srv/demo. */
function pathOfNames(bytes: Buffer, from: number, to: number): Buffer {
  const parts: Buffer[] = []
  for (let at = from; at < to; ) {
    const nul = bytes.indexOf(0, at)
    const end = nul < 0 || nul > to ? to : nul
    parts.unshift(SLASH, bytes.subarray(at, end))
    at = end + 1
  }
  return parts.length === 0 ? SLASH : Buffer.concat(parts)
}
