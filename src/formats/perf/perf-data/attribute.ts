/**
 * One event of a recording as perf asked the kernel for it: what its samples hold, and in which order.
 * Source: perf_event_open(2), struct perf_event_attr; include/uapi/linux/perf_event.h.
 */
import { ByteCursor } from "./byte-cursor.ts"

export const TYPE_TRACEPOINT = 2

/** Bits of sample_type, by their place. */
export const SAMPLE_BIT = {
  ip: 0,
  tid: 1,
  time: 2,
  addr: 3,
  read: 4,
  callchain: 5,
  id: 6,
  cpu: 7,
  period: 8,
  streamId: 9,
  raw: 10,
  branchStack: 11,
  regsUser: 12,
  stackUser: 13,
  weight: 14,
  dataSource: 15,
  identifier: 16,
  transaction: 17,
  regsIntr: 18,
  physAddr: 19,
  aux: 20,
  cgroup: 21,
  weightStruct: 24,
} as const

const FLAG_SAMPLE_ID_ALL = 18
const FLAG_USE_CLOCKID = 25
/** The kernel's first version of the structure. */
const SMALLEST = 64
const LARGEST = 4096

export interface Attribute {
  readonly type: number
  /** Of a tracepoint: the id of its format. */
  readonly config: number
  readonly sampleType: number
  readonly readFormat: number
  readonly branchSampleType: bigint
  readonly regsUser: bigint
  readonly regsIntr: bigint
  readonly hasSampleIds: boolean
  /** -1 for the kernel's own clock. */
  readonly clockId: number
}

/** null when the bytes are no attribute. `length` is what the structure says it has. */
export function readAttribute(
  bytes: Buffer,
  isBigEndian: boolean,
): { attribute: Attribute; length: number } | null {
  const cursor = new ByteCursor(bytes, isBigEndian)
  const type = cursor.u32()
  const length = cursor.u32()
  if (length < SMALLEST || length > LARGEST || length > bytes.length) return null
  const own = new ByteCursor(bytes, isBigEndian, 8, length)
  const config = own.u64()
  own.u64()
  const sampleType = own.u64()
  const readFormat = own.u64()
  const flags = own.big()
  own.at = 72
  const branchSampleType = own.big()
  const regsUser = own.big()
  own.u32()
  const clockId = own.u32() | 0
  const regsIntr = own.big()
  const hasFlag = (flag: number) => ((flags >> BigInt(isBigEndian ? 63 - flag : flag)) & 1n) === 1n
  const attribute: Attribute = {
    type,
    config,
    sampleType,
    readFormat,
    branchSampleType,
    regsUser,
    regsIntr,
    hasSampleIds: hasFlag(FLAG_SAMPLE_ID_ALL),
    clockId: hasFlag(FLAG_USE_CLOCKID) ? clockId : -1,
  }
  return { attribute, length }
}

export function hasBit(sampleType: number, bit: number): boolean {
  return Math.floor(sampleType / 2 ** bit) % 2 === 1
}

const SOFTWARE = [
  "cpu-clock",
  "task-clock",
  "page-faults",
  "context-switches",
  "cpu-migrations",
  "minor-faults",
  "major-faults",
  "alignment-faults",
  "emulation-faults",
  "dummy",
  "bpf-output",
  "cgroup-switches",
]
const HARDWARE = [
  "cpu-cycles",
  "instructions",
  "cache-references",
  "cache-misses",
  "branches",
  "branch-misses",
  "bus-cycles",
  "stalled-cycles-frontend",
  "stalled-cycles-backend",
  "ref-cycles",
]

/** What the event is called when the recording does not say. */
export function defaultName({ type, config }: Attribute): string {
  if (type === TYPE_TRACEPOINT) return `tracepoint:${config}`
  const known = type === 0 ? HARDWARE[config] : type === 1 ? SOFTWARE[config] : undefined
  return known ?? `type-${type}:${config}`
}
