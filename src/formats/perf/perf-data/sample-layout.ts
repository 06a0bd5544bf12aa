/**
 * Where the parts of a sample lie, by its sample_type: fixed places as far as they are, then a walk.
 *
 *   identifier ip tid time addr id stream cpu period | read callchain raw branches regs stack weight … cgroup
 *
 * Source: perf_event_open(2), PERF_RECORD_SAMPLE.
 */
import { type Attribute, hasBit, SAMPLE_BIT } from "./attribute.ts"

const NONE = -1
const HEADER_BYTES = 8
const READ_ENABLED = 0
const READ_RUNNING = 1
const READ_ID = 2
const READ_GROUP = 3
const READ_LOST = 4
const HW_INDEX = 17n

/** Offsets from the record's start, -1 for what the samples do not hold. */
export interface SampleLayout {
  readonly identifier: number
  readonly tid: number
  readonly time: number
  readonly id: number
  readonly cpu: number
  readonly period: number
  /** Behind the last fixed part. */
  readonly fixedEnd: number
  /** From the end of records that are no samples; -1 without sample ids. */
  readonly trailTid: number
  readonly trailTime: number
  readonly trailId: number
  readonly trailCpu: number
  readonly trailBytes: number
  readonly attribute: Attribute
}

export function layoutOf(attribute: Attribute): SampleLayout {
  const { sampleType } = attribute
  let at = HEADER_BYTES
  const place = (bit: number) => {
    if (!hasBit(sampleType, bit)) return NONE
    at += 8
    return at - 8
  }
  const identifier = place(SAMPLE_BIT.identifier)
  place(SAMPLE_BIT.ip)
  const tid = place(SAMPLE_BIT.tid)
  const time = place(SAMPLE_BIT.time)
  place(SAMPLE_BIT.addr)
  const id = place(SAMPLE_BIT.id)
  place(SAMPLE_BIT.streamId)
  const cpu = place(SAMPLE_BIT.cpu)
  const period = place(SAMPLE_BIT.period)
  return { identifier, tid, time, id, cpu, period, fixedEnd: at, attribute, ...trailOf(attribute) }
}

function trailOf({ sampleType, hasSampleIds }: Attribute) {
  let back = 0
  const place = (bit: number) => {
    if (!hasSampleIds || !hasBit(sampleType, bit)) return NONE
    back += 8
    return back
  }
  const identifier = place(SAMPLE_BIT.identifier)
  const trailCpu = place(SAMPLE_BIT.cpu)
  place(SAMPLE_BIT.streamId)
  const id = place(SAMPLE_BIT.id)
  const trailTime = place(SAMPLE_BIT.time)
  const trailTid = place(SAMPLE_BIT.tid)
  return { trailTid, trailTime, trailId: identifier === NONE ? id : identifier, trailCpu, trailBytes: back }
}

/** What a walk over the parts without a fixed place has found. */
export interface SampleParts {
  /** The tracepoint's data: `bytes[rawFrom, rawTo)`; -1 without. */
  rawFrom: number
  rawTo: number
  /** Place of the cgroup's id, -1 without. */
  cgroupAt: number
  /** Whether the record was too short for what it should hold. */
  isShort: boolean
}

/** Walks `view[at, end)`, the record whole. */
export function walkSample(
  view: DataView,
  at: number,
  end: number,
  isLittle: boolean,
  layout: SampleLayout,
  parts: SampleParts,
): void {
  const { attribute } = layout
  const { sampleType } = attribute
  parts.rawFrom = NONE
  parts.rawTo = NONE
  parts.cgroupAt = NONE
  parts.isShort = false
  let next = at + layout.fixedEnd
  const u64 = (place: number) => {
    if (place + 8 > end) return Number.POSITIVE_INFINITY
    const low = view.getUint32(isLittle ? place : place + 4, isLittle)
    return view.getUint32(isLittle ? place + 4 : place, isLittle) * 0x1_0000_0000 + low
  }
  if (hasBit(sampleType, SAMPLE_BIT.read)) next += readBytes(attribute.readFormat, u64(next))
  if (hasBit(sampleType, SAMPLE_BIT.callchain)) next += 8 + u64(next) * 8
  if (hasBit(sampleType, SAMPLE_BIT.raw)) {
    if (next + 4 > end) {
      parts.isShort = true
      return
    }
    const size = view.getUint32(next, isLittle)
    parts.rawFrom = next + 4
    parts.rawTo = next + 4 + size
    next += 4 + size
  }
  if (next > end) {
    parts.isShort = true
    if (parts.rawTo > end) parts.rawTo = Math.max(end, parts.rawFrom)
    return
  }
  if (!hasBit(sampleType, SAMPLE_BIT.cgroup)) return
  next = skipToCgroup(attribute, next, u64)
  if (next + 8 <= end) parts.cgroupAt = next
  else parts.isShort = true
}

function readBytes(format: number, count: number): number {
  const has = (bit: number) => (hasBit(format, bit) ? 8 : 0)
  const times = has(READ_ENABLED) + has(READ_RUNNING)
  const each = 8 + has(READ_ID) + has(READ_LOST)
  return hasBit(format, READ_GROUP) ? 8 + times + count * each : times + each
}

/** Parts between the raw data and the cgroup. */
function skipToCgroup(attribute: Attribute, from: number, u64: (place: number) => number): number {
  const { sampleType, branchSampleType, regsUser, regsIntr } = attribute
  const has = (bit: number) => hasBit(sampleType, bit)
  let next = from
  if (has(SAMPLE_BIT.branchStack)) next += 8 + u64(next) * 24 + ((branchSampleType >> HW_INDEX) & 1n ? 8 : 0)
  if (has(SAMPLE_BIT.regsUser)) next += 8 + (u64(next) === 0 ? 0 : bitCount(regsUser) * 8)
  if (has(SAMPLE_BIT.stackUser)) {
    const size = u64(next)
    next += 8 + (size === 0 ? 0 : size + 8)
  }
  if (has(SAMPLE_BIT.weight) || has(SAMPLE_BIT.weightStruct)) next += 8
  if (has(SAMPLE_BIT.dataSource)) next += 8
  if (has(SAMPLE_BIT.transaction)) next += 8
  if (has(SAMPLE_BIT.regsIntr)) next += 8 + (u64(next) === 0 ? 0 : bitCount(regsIntr) * 8)
  if (has(SAMPLE_BIT.physAddr)) next += 8
  return next
}

function bitCount(mask: bigint): number {
  let count = 0
  for (let rest = mask; rest > 0n; rest &= rest - 1n) count++
  return count
}
