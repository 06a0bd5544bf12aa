/** One record of our BPF programs, read where it lies; one object is used again and again. See capture-record.ts. */
import { COMM_BYTES, FIELD, FLAG, HEADER_BYTES, WIDE_HEADER_BYTES } from "./capture-record.ts"

const TWO_32 = 0x1_0000_0000
const NO_CPU = -1

export class RingRecord {
  type = 0
  flags = 0
  /** Unix time, NaN where the clocks were not read together. */
  second = Number.NaN
  nsec = 0
  /** CLOCK_MONOTONIC in nanoseconds, two halves without sign. */
  timeLow = 0
  timeHigh = 0
  readonly hasTime = true
  pid = 0
  tid = 0
  uid = 0
  gid = 0
  cgroupLow = 0
  cgroupHigh = 0
  /** Number of the system call, -1 for none. */
  call = -1
  /** By CPU, counting attempts. */
  sequence = 0
  isWide = false
  /** -1 where neither the record nor its ring tells. */
  cpu = NO_CPU
  /** The rest is there with `isWide` only. */
  parent = 0
  loginUid = 0
  session = 0
  bytes: Buffer = Buffer.alloc(0)
  /** The event's own bytes. */
  from = 0
  to = 0
  #start = 0
  /** Of the record in the uncompressed source. */
  offset = 0
  length = 0

  /**
   * Reads the record that begins at `start`.
   * @param end of what may belong to it, padding included
   * @returns false when the bytes are no such record
   */
  read(bytes: Buffer, start: number, end: number, offset: number, cpu: number): boolean {
    if (end - start < HEADER_BYTES) return false
    const length = bytes.readUInt32LE(start + FIELD.length)
    const flags = bytes.readUInt16LE(start + FIELD.flags)
    const isWide = (flags & FLAG.wide) !== 0
    const headerBytes = isWide ? WIDE_HEADER_BYTES : HEADER_BYTES
    if (length < headerBytes || length > end - start) return false
    this.bytes = bytes
    this.#start = start
    this.offset = offset
    this.length = length
    this.from = start + headerBytes
    this.to = start + length
    this.flags = flags
    this.isWide = isWide
    this.#readHeader(bytes, start)
    if (isWide) this.#readWide(bytes, start)
    else this.cpu = cpu
    return true
  }

  /** Lower half of a0, a1 or a2, without sign. */
  low(index: 0 | 1 | 2): number {
    return this.bytes.readUInt32LE(this.#start + FIELD.a0 + index * 8)
  }

  /** Upper half, with sign. */
  high(index: 0 | 1 | 2): number {
    return this.bytes.readInt32LE(this.#start + FIELD.a0 + index * 8 + 4)
  }

  /** The whole number; beyond 2^53 the nearest that a double holds. */
  number(index: 0 | 1 | 2): number {
    return this.high(index) * TWO_32 + this.low(index)
  }

  get cgroupId(): string {
    if (this.cgroupHigh === 0) return String(this.cgroupLow)
    return String((BigInt(this.cgroupHigh) << 32n) | BigInt(this.cgroupLow))
  }

  get commFrom(): number {
    return this.#start + FIELD.comm
  }

  get commTo(): number {
    const from = this.commFrom
    let to = from
    while (to < from + COMM_BYTES && this.bytes[to] !== 0) to++
    return to
  }

  #readHeader(bytes: Buffer, start: number): void {
    this.type = bytes.readUInt16LE(start + FIELD.type)
    this.timeLow = bytes.readUInt32LE(start + FIELD.time)
    this.timeHigh = bytes.readUInt32LE(start + FIELD.time + 4)
    this.pid = bytes.readUInt32LE(start + FIELD.process)
    this.tid = bytes.readUInt32LE(start + FIELD.thread)
    this.uid = bytes.readUInt32LE(start + FIELD.uid)
    this.gid = bytes.readUInt32LE(start + FIELD.gid)
    this.cgroupLow = bytes.readUInt32LE(start + FIELD.cgroup)
    this.cgroupHigh = bytes.readUInt32LE(start + FIELD.cgroup + 4)
    this.call = bytes.readInt32LE(start + FIELD.call)
    this.sequence = bytes.readUInt32LE(start + FIELD.number)
  }

  #readWide(bytes: Buffer, start: number): void {
    this.cpu = bytes.readUInt32LE(start + FIELD.cpu)
    this.parent = bytes.readUInt32LE(start + FIELD.parent)
    this.loginUid = bytes.readUInt32LE(start + FIELD.loginUid)
    this.session = bytes.readUInt32LE(start + FIELD.session)
  }
}
