/**
 * Payloads of osquery's two BPF publishers, as they lie in a perf ring.
 *
 * ebpfpub (bpf_process_events, bpf_socket_events), packed: u32 bytes, u64 event, u64 CLOCK_MONOTONIC in ns, u32 thread,
 * u32 process, u32 uid, u32 gid, u64 cgroup id, u64 result, u64 probe error, u64 duration in ns, then parameters. Texts
 * are places in maps of the kernel, which no ring holds; and which call an event is was decided when it was loaded. What
 * remains is who, when, with which result.
 *
 * linuxevents (bpf_process_events_v2), packed: u64 session, u16 kind, u16 bytes, then 1 u64 time, u32 parent, u32 process;
 * 2 a part of the path, 3 an argument, 4 a part of the control group's path, each ending in NUL; 0 ends the session. Parts
 * of paths come leaf first.
 *
 * Source of truth: trailofbits/ebpfpub, trailofbits/linuxevents.
 */

const EBPFPUB_BYTES = 76
const SESSION_HEADER = 12
/** Sessions that wait for their end; more at once are damage. */
const MAX_SESSIONS = 4096
const MAX_PARTS = 1024
const KIND = { end: 0, process: 1, path: 2, argument: 3, cgroup: 4 } as const

export interface EbpfpubRecord {
  readonly event: bigint
  readonly timeNs: bigint
  readonly pid: number
  readonly tid: number
  readonly uid: number
  readonly gid: number
  readonly cgroup: bigint
  readonly result: bigint
  readonly hasError: boolean
  readonly durationNs: bigint
  /** As they are: numbers, or places in maps. */
  readonly parameters: readonly bigint[]
}

/** An exec that linuxevents has told in full. */
export interface LinuxeventsExec {
  readonly timeLow: number
  readonly timeHigh: number
  readonly pid: number
  readonly parent: number
  readonly path: Buffer
  /** Each with a NUL behind it. */
  readonly arguments: Buffer
  readonly cgroup: Buffer
}

/** Several records may follow each other in a payload; undefined when the bytes are none. */
export function readEbpfpub(bytes: Buffer, start: number, end: number): EbpfpubRecord | undefined {
  if (end - start < EBPFPUB_BYTES) return undefined
  const size = bytes.readUInt32LE(start)
  if (size < EBPFPUB_BYTES || size > end - start || (size - EBPFPUB_BYTES) % 8 !== 0) return undefined
  const parameters: bigint[] = []
  for (let at = start + EBPFPUB_BYTES; at < start + size; at += 8) parameters.push(bytes.readBigUInt64LE(at))
  return {
    event: bytes.readBigUInt64LE(start + 4),
    timeNs: bytes.readBigUInt64LE(start + 12),
    tid: bytes.readUInt32LE(start + 20),
    pid: bytes.readUInt32LE(start + 24),
    uid: bytes.readUInt32LE(start + 28),
    gid: bytes.readUInt32LE(start + 32),
    cgroup: bytes.readBigUInt64LE(start + 36),
    result: bytes.readBigUInt64LE(start + 44),
    hasError: bytes.readBigUInt64LE(start + 52) !== 0n,
    durationNs: bytes.readBigUInt64LE(start + 60),
    parameters,
  }
}

interface Session {
  timeLow: number
  timeHigh: number
  pid: number
  parent: number
  readonly path: Buffer[]
  readonly arguments: Buffer[]
  readonly cgroup: Buffer[]
}

/** Puts execs together from the pieces that linuxevents writes. */
export class LinuxeventsSessions {
  readonly #sessions = new Map<bigint, Session>()

  /** @returns false when the bytes are no such piece */
  read(bytes: Buffer, start: number, end: number, tell: (exec: LinuxeventsExec) => void): boolean {
    if (end - start < SESSION_HEADER) return false
    const id = bytes.readBigUInt64LE(start)
    const kind = bytes.readUInt16LE(start + 8)
    const size = bytes.readUInt16LE(start + 10)
    const from = start + SESSION_HEADER
    if (kind > KIND.cgroup || size > end - from || end - from - size > 7) return false
    if (kind === KIND.process) return this.#begin(id, bytes, from, size)
    const session = this.#sessions.get(id)
    if (session === undefined) return true
    if (kind === KIND.end) {
      this.#sessions.delete(id)
      tell(finish(session))
      return true
    }
    const list =
      kind === KIND.path ? session.path : kind === KIND.argument ? session.arguments : session.cgroup
    if (list.length < MAX_PARTS) list.push(textOf(bytes, from, from + size))
    return true
  }

  #begin(id: bigint, bytes: Buffer, from: number, size: number): boolean {
    if (size !== 16) return false
    if (this.#sessions.size >= MAX_SESSIONS) this.#sessions.clear()
    this.#sessions.set(id, {
      timeLow: bytes.readUInt32LE(from),
      timeHigh: bytes.readUInt32LE(from + 4),
      parent: bytes.readUInt32LE(from + 8),
      pid: bytes.readUInt32LE(from + 12),
      path: [],
      arguments: [],
      cgroup: [],
    })
    return true
  }
}

function finish({ path, arguments: list, cgroup, ...known }: Session): LinuxeventsExec {
  const NUL = Buffer.from([0])
  return {
    ...known,
    path: joinLeafFirst(path),
    arguments: Buffer.concat(list.flatMap((argument) => [argument, NUL])),
    cgroup: joinLeafFirst(cgroup),
  }
}

/** `passwd`, `etc`, `` gives `/etc/passwd`. */
function joinLeafFirst(parts: readonly Buffer[]): Buffer {
  const named = parts.filter((part) => part.length > 0 && !(part.length === 1 && part[0] === 0x2f)).reverse()
  return Buffer.concat(named.flatMap((part) => [Buffer.from("/"), part]))
}

function textOf(bytes: Buffer, from: number, to: number): Buffer {
  const nul = bytes.indexOf(0, from)
  return Buffer.from(bytes.subarray(from, nul < 0 || nul > to ? to : nul))
}
