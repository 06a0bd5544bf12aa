/** One system call, from what was seen of it: its entry, the exec that it made, its return, or some of them. */
import type { SocketAddress } from "../../formats/linux-audit/sockaddr.ts"

const TWO_32 = 0x1_0000_0000

/** What a call is to the tables. */
export type CallRole =
  | "exec"
  | "fork"
  | "socket"
  | "connect"
  | "bind"
  | "listen"
  | "accept"
  | "open"
  | "close"
  | "dup"
  | "fcntl"
  | "chdir"
  | "fchdir"

/** When and where a record was made. Its values are copied, never kept by reference. */
export interface Moment {
  /** Unix time, NaN where it is not known. */
  readonly second: number
  readonly nsec: number
  /** Nanoseconds of the recording's own clock, two halves without sign. */
  readonly timeLow: number
  readonly timeHigh: number
  readonly hasTime: boolean
  readonly offset: number
}

/** One end of a socket. */
export interface SocketEnd {
  readonly address: string
  /** -1 without one. */
  readonly port: number
  /** AF_UNIX: path, or name behind an `@`. */
  readonly path: Buffer
}

export class Call {
  readonly name: string
  readonly role: CallRole
  readonly tid: number
  pid: number
  second = Number.NaN
  nsec = 0
  timeLow = 0
  timeHigh = 0
  hasTime = false
  offset = 0
  sourceId = 0

  /** NaN where nothing tells: perf records none of them. */
  uid = Number.NaN
  gid = Number.NaN
  loginUid = Number.NaN
  session = Number.NaN
  parent = Number.NaN
  cgroupLow = 0
  cgroupHigh = 0
  hasCgroup = false
  cgroup = ""

  /** NaN for an argument that was not recorded. */
  a0 = Number.NaN
  a1 = Number.NaN
  a2 = Number.NaN
  /** As the caller gave it, or as the kernel opened it. */
  path: Buffer | undefined
  /** Arguments, a NUL behind each. */
  arguments: Buffer | undefined
  isCut = false
  hasFault = false
  given: SocketAddress | undefined
  local: SocketEnd | undefined
  remote: SocketEnd | undefined
  family = Number.NaN
  type = Number.NaN
  protocol = Number.NaN

  /** The new program runs: the exec can no longer fail. */
  isDone = false
  /** NaN without a return. */
  result = Number.NaN
  /** Nanoseconds from entry to return, NaN without either. */
  duration = Number.NaN

  constructor(name: string, role: CallRole, tid: number, pid: number, moment: Moment, sourceId: number) {
    this.name = name
    this.role = role
    this.tid = tid
    this.pid = pid
    this.second = moment.second
    this.nsec = moment.nsec
    this.timeLow = moment.timeLow
    this.timeHigh = moment.timeHigh
    this.hasTime = moment.hasTime
    this.offset = moment.offset
    this.sourceId = sourceId
  }

  /** The same moment and process in another role. */
  as(role: CallRole): Call {
    const call = new Call(this.name, role, this.tid, this.pid, this, this.sourceId)
    const { parent, cgroup, family, type, protocol, local, remote } = this
    return Object.assign(call, { parent, cgroup, family, type, protocol, local, remote })
  }

  /** The call returned. */
  end(result: number, moment: Moment): void {
    this.result = result
    if (!this.hasTime || !moment.hasTime) return
    const elapsed = (moment.timeHigh - this.timeHigh) * TWO_32 + (moment.timeLow - this.timeLow)
    if (elapsed >= 0) this.duration = elapsed
  }
}
