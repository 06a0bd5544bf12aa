/**
 * Reads the kernel's records that are no samples into a sample's fields.
 * Source: perf_event_open(2), PERF_RECORD_COMM, FORK, EXIT, MMAP, MMAP2, LOST, CGROUP.
 */
import { FieldNames, KIND, type PerfSample } from "../sample.ts"
import { RECORD } from "./record-types.ts"

const COMM = new FieldNames(["comm", "exec"])
const TASK = new FieldNames(["ppid", "ptid"])
const MMAP = new FieldNames(["addr", "len", "pgoff", "filename"])
const MMAP2 = new FieldNames(["addr", "len", "pgoff", "maj", "min", "ino", "prot", "flags", "filename"])
const MMAP2_BUILD_ID = new FieldNames(["addr", "len", "pgoff", "build_id", "prot", "flags", "filename"])
const LOST = new FieldNames(["id", "lost"])
const CGROUP = new FieldNames(["id", "path"])
const MISC_COMM_EXEC = 1 << 13
const MISC_BUILD_ID = 1 << 14
const HEADER = 8

/** Bytes of each type up to its text or its end. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [RECORD.comm, 16],
  [RECORD.fork, 24],
  [RECORD.exit, 24],
  [RECORD.mmap, 40],
  [RECORD.mmap2, 72],
  [RECORD.lost, 24],
  [RECORD.cgroup, 16],
])

/** Reads `view[at, end)`, without its sample id; false for a type that has no fields, or a record too short. */
export function readTask(
  sample: PerfSample,
  view: DataView,
  at: number,
  end: number,
  isLittle: boolean,
): boolean {
  const type = view.getUint32(at, isLittle)
  const fixed = FIXED.get(type)
  if (fixed === undefined || at + fixed > end) return false
  const misc = view.getUint16(at + 4, isLittle)
  const i32 = (offset: number) => view.getInt32(at + offset, isLittle)
  const add64 = (offset: number) => {
    const low = view.getInt32(at + offset + (isLittle ? 0 : 4), isLittle)
    sample.addUnsigned(low, view.getInt32(at + offset + (isLittle ? 4 : 0), isLittle))
  }
  const add32 = (offset: number) => sample.addUnsigned(i32(offset), 0)
  const addText = (from: number) => {
    let to = from
    while (to < end && sample.bytes[to] !== 0) to++
    sample.addText(from, to)
  }
  switch (type) {
    case RECORD.comm:
      sample.kind = KIND.comm
      sample.pid = i32(HEADER)
      sample.tid = i32(12)
      sample.beginFields(COMM)
      addText(at + 16)
      sample.addUnsigned((misc & MISC_COMM_EXEC) === 0 ? 0 : 1, 0)
      return true
    case RECORD.fork:
    case RECORD.exit:
      sample.kind = type === RECORD.fork ? KIND.fork : KIND.exit
      sample.pid = i32(HEADER)
      sample.tid = i32(16)
      sample.beginFields(TASK)
      sample.addInt(i32(12), i32(12) >> 31)
      sample.addInt(i32(20), i32(20) >> 31)
      return true
    case RECORD.mmap:
    case RECORD.mmap2: {
      const isSecond = type === RECORD.mmap2
      const hasBuildId = isSecond && (misc & MISC_BUILD_ID) !== 0
      sample.kind = KIND.mmap
      sample.pid = i32(HEADER)
      sample.tid = i32(12)
      sample.beginFields(hasBuildId ? MMAP2_BUILD_ID : isSecond ? MMAP2 : MMAP)
      add64(16)
      add64(24)
      add64(32)
      if (hasBuildId) sample.addBytes(at + 44, at + 44 + Math.min(20, view.getUint8(at + 40)), 1)
      else if (isSecond) {
        add32(40)
        add32(44)
        add64(48)
      }
      if (isSecond) {
        add32(64)
        add32(68)
      }
      addText(at + fixed)
      return true
    }
    case RECORD.lost:
      sample.kind = KIND.lost
      sample.beginFields(LOST)
      add64(HEADER)
      add64(16)
      return true
    default:
      sample.kind = KIND.cgroup
      sample.beginFields(CGROUP)
      add64(HEADER)
      addText(at + 16)
      return true
  }
}
