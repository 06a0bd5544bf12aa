/**
 * One record of a BPF ring as `convert --records` gives it:
 *
 *   {"format":"perf-ring","offset":4104,"length":108,"time":"2026-…Z","id":null,"type":"exec","record":{…}}
 */
import { textOfBytes } from "../../base/text.ts"
import { FLAG, TYPE } from "../../formats/perf-ring/capture-record.ts"
import type { EbpfpubRecord, LinuxeventsExec } from "../../formats/perf-ring/foreign-layouts.ts"
import type { RingRecord } from "../../formats/perf-ring/ring-record.ts"

const NAMES: ReadonlyMap<number, string> = new Map([
  [TYPE.execEnter, "exec_enter"],
  [TYPE.execExit, "exec_exit"],
  [TYPE.exec, "exec"],
  [TYPE.fork, "fork"],
  [TYPE.exit, "exit"],
  [TYPE.sockEnter, "sock_enter"],
  [TYPE.sockExit, "sock_exit"],
  [TYPE.directory, "directory"],
])

interface Place {
  readonly offset: number
  readonly length: number
  readonly second: number
  readonly nsec: number
}

export function ringRecordJson(record: RingRecord): string {
  const { type, flags, cpu, isWide } = record
  const content = {
    ntime: wide(record.timeHigh, record.timeLow),
    cpu: cpu < 0 ? null : cpu,
    number: record.sequence,
    flags,
    pid: record.pid,
    tid: record.tid,
    uid: record.uid,
    gid: record.gid,
    cgroup: wide(record.cgroupHigh, record.cgroupLow),
    call: record.call,
    arguments: [0, 1, 2].map((index) => signed(record, index as 0 | 1 | 2)),
    comm: textOfBytes(record.bytes, record.commFrom, record.commTo),
    ...(isWide ? { parent: record.parent, auid: record.loginUid, session: record.session } : {}),
    ...contentOf(record),
  }
  return envelope(record, NAMES.get(type) ?? String(type), content)
}

export function ebpfpubJson(record: EbpfpubRecord, place: Place): string {
  const { parameters, ...known } = record
  const content = { layout: "ebpfpub", ...known, parameters }
  return envelope(place, "ebpfpub", content)
}

export function linuxeventsJson(exec: LinuxeventsExec, place: Place): string {
  const { pid, parent, timeHigh, timeLow } = exec
  const texts = {
    path: textOfBytes(exec.path),
    argv: textsOf(exec.arguments),
    cgroup: textOfBytes(exec.cgroup),
  }
  return envelope(place, "exec", {
    layout: "linuxevents",
    ntime: wide(timeHigh, timeLow),
    pid,
    parent,
    ...texts,
  })
}

function contentOf(record: RingRecord): object {
  const { bytes, from, to, type, flags } = record
  if (type === TYPE.execEnter || type === TYPE.exec) {
    const nul = bytes.indexOf(0, from)
    const pathTo = nul < 0 || nul > to ? to : nul
    const path =
      type === TYPE.execEnter && (flags & FLAG.unreadablePath) !== 0 ? "" : textOfBytes(bytes, from, pathTo)
    return { path, argv: textsOf(bytes.subarray(Math.min(pathTo + 1, to), to)) }
  }
  if (type === TYPE.directory) return { names: textsOf(bytes.subarray(from, to)) }
  return to > from ? { data: bytes.toString("hex", from, to) } : {}
}

function textsOf(list: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < list.length; ) {
    const nul = list.indexOf(0, at)
    const end = nul < 0 ? list.length : nul
    texts.push(textOfBytes(list, at, end))
    at = end + 1
  }
  return texts
}

function envelope({ offset, length, second, nsec }: Place, type: string, content: object): string {
  const time = timeText(second, nsec)
  return JSON.stringify({ format: "perf-ring", offset, length, time, id: null, type, record: content }, exact)
}

function exact(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : String(value)
}

export function timeText(second: number, nsec: number): string | null {
  if (!(Math.abs(second) < 8.64e12)) return null
  return `${new Date(second * 1000).toISOString().slice(0, -5)}.${String(nsec).padStart(9, "0")}Z`
}

function wide(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low)
}

function signed(record: RingRecord, index: 0 | 1 | 2): bigint {
  return (BigInt(record.high(index)) << 32n) | BigInt(record.low(index))
}
