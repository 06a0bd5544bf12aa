/**
 * The file that a BPF capture keeps its records in: a header, then frames one behind the other. It can be read while it
 * grows, and joined from its start at any frame. Little endian.
 *
 *    0 "RTRLRING"        8 u16 version 1      10 u16 bytes of this header, 64
 *   12 u32 flags        16 u64 CLOCK_MONOTONIC and 24 u64 CLOCK_REALTIME of one moment, in ns
 *   32 u32 layout of the records: 1, capture-record.ts       36 u32 CPUs        40 zeros
 *
 * A frame is padded with zeros to a multiple of eight bytes:
 *
 *    0 u32 bytes of what follows   4 u16 kind   6 u16 CPU, 0xffff for unknown   8 …
 */

export const RAW_MAGIC = Buffer.from("RTRLRING", "latin1")
export const RAW_VERSION = 1
export const RAW_HEADER_BYTES = 64
export const FRAME_HEADER_BYTES = 8
export const NO_CPU = 0xffff
/** A frame is never longer: what claims to be is damage. */
export const MAX_FRAME_BYTES = 64 * 1024
/** The only layout so far. */
export const LAYOUT_CAPTURE = 1

export const RAW_FLAG = {
  /** Records of several CPUs are in order only from one `round` frame to the next. */
  rounds: 1,
} as const

export const FRAME = {
  /** A record of a ring, see capture-record.ts. */
  record: 1,
  /** u64 records lost on this CPU since the last such frame, by the capture's own counter. */
  lost: 2,
  /** u64 CLOCK_MONOTONIC, u64 CLOCK_REALTIME: the clock was set, or time has passed. */
  clock: 3,
  /** u64 id, path: a control group, told before the first record that names it. */
  cgroup: 4,
  /** u32 process, u32 parent, path NUL directory NUL: a process that ran when the capture began. */
  process: 5,
  /** u64 records attempted, u64 lost, of the whole capture so far. */
  totals: 6,
  /** All rings were emptied once: records of the round before can no longer be preceded. */
  round: 7,
} as const

/** Two clocks, read together. */
export interface ClockPair {
  readonly monotonicNs: bigint
  readonly realtimeNs: bigint
}

export interface RawHeader extends ClockPair {
  readonly cpus: number
  readonly hasRounds: boolean
}

export function writeRawHeader({ monotonicNs, realtimeNs, cpus, hasRounds }: RawHeader): Buffer {
  const header = Buffer.alloc(RAW_HEADER_BYTES)
  RAW_MAGIC.copy(header)
  header.writeUInt16LE(RAW_VERSION, 8)
  header.writeUInt16LE(RAW_HEADER_BYTES, 10)
  header.writeUInt32LE(hasRounds ? RAW_FLAG.rounds : 0, 12)
  header.writeBigUInt64LE(monotonicNs, 16)
  header.writeBigUInt64LE(realtimeNs, 24)
  header.writeUInt32LE(LAYOUT_CAPTURE, 32)
  header.writeUInt32LE(cpus, 36)
  return header
}

/** @param bytes at least `RAW_HEADER_BYTES` of the file's beginning; undefined when they are no such header */
export function readRawHeader(bytes: Buffer): RawHeader | undefined {
  if (bytes.length < RAW_HEADER_BYTES || RAW_MAGIC.compare(bytes, 0, RAW_MAGIC.length) !== 0) return undefined
  if (bytes.readUInt16LE(8) !== RAW_VERSION || bytes.readUInt16LE(10) !== RAW_HEADER_BYTES) return undefined
  return {
    monotonicNs: bytes.readBigUInt64LE(16),
    realtimeNs: bytes.readBigUInt64LE(24),
    cpus: bytes.readUInt32LE(36),
    hasRounds: (bytes.readUInt32LE(12) & RAW_FLAG.rounds) !== 0,
  }
}

/** Bytes of a frame with its header and padding. */
export function frameBytes(length: number): number {
  return (FRAME_HEADER_BYTES + length + 7) & ~7
}

/**
 * Writes a frame around `source[start, end)` to `target` at `at`, which has room for `frameBytes`; returns its end.
 * Nothing is allocated: for records on their way from a ring.
 */
export function putFrame(
  target: Buffer,
  at: number,
  kind: number,
  cpu: number,
  source: Buffer,
  start: number,
  end: number,
): number {
  const length = end - start
  const to = at + frameBytes(length)
  target.writeUInt32LE(length, at)
  target.writeUInt16LE(kind, at + 4)
  target.writeUInt16LE(cpu, at + 6)
  source.copy(target, at + FRAME_HEADER_BYTES, start, end)
  target.fill(0, at + FRAME_HEADER_BYTES + length, to)
  return to
}

/** A frame of unsigned 64-bit numbers: `lost`, `clock`, `totals`, and `round`, which has none. */
export function numbersFrame(kind: number, cpu: number, ...numbers: readonly bigint[]): Buffer {
  const content = Buffer.alloc(numbers.length * 8)
  numbers.forEach((number, index) => {
    content.writeBigUInt64LE(number, index * 8)
  })
  return frameOf(kind, cpu, content)
}

export function cgroupFrame(id: bigint, path: Buffer): Buffer {
  const content = Buffer.alloc(8 + path.length)
  content.writeBigUInt64LE(id)
  path.copy(content, 8)
  return frameOf(FRAME.cgroup, NO_CPU, content)
}

export function processFrame(process: number, parent: number, path: Buffer, directory: Buffer): Buffer {
  const content = Buffer.alloc(10 + path.length + directory.length)
  content.writeUInt32LE(process)
  content.writeUInt32LE(parent, 4)
  path.copy(content, 8)
  directory.copy(content, 9 + path.length)
  return frameOf(FRAME.process, NO_CPU, content)
}

function frameOf(kind: number, cpu: number, content: Buffer): Buffer {
  const frame = Buffer.alloc(frameBytes(content.length))
  putFrame(frame, 0, kind, cpu, content, 0, content.length)
  return frame
}
