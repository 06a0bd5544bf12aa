/**
 * What the rings hold as the bytes of a capture's file, so that what is stored live and what is read from a raw file
 * later is the same. Source of truth: src/formats/perf-ring/raw-file.ts, capture-record.ts.
 */
import { FIELD } from "../../formats/perf-ring/capture-record.ts"
import {
  type ClockPair,
  cgroupFrame,
  FRAME,
  frameBytes,
  NO_CPU,
  numbersFrame,
  putFrame,
  writeRawHeader,
} from "../../formats/perf-ring/raw-file.ts"
import type { BpfCounters } from "./bpf-session.ts"
import type { Transport } from "./programs.ts"
import type { TakeRecord } from "./ring.ts"

const PIECE_BYTES = 256 * 1024
const HIGH_HALF = 2 ** 32
/** A clock that is set, or corrected, shows so soon. */
const CLOCK_FRAMES_MS = 10_000
const NS_PER_MS = 1_000_000n

export interface FrameSource {
  readonly transport: Transport
  drain(take: TakeRecord): boolean
  counters(): BpfCounters
}

export interface FrameWriterOptions {
  readonly source: FrameSource
  readonly cpus: number
  readonly clocks: () => ClockPair
  readonly cgroupPath: (id: number) => string | undefined
  /** Frames of what ran already. */
  readonly processes: () => readonly Buffer[]
}

export class FrameWriter {
  readonly #options: FrameWriterOptions
  readonly #piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
  #length = 0
  #pending: Buffer[] = []
  readonly #toldCgroups = new Set<number>()
  #clockNs = 0n
  /** Records that went through. */
  records = 0

  constructor(options: FrameWriterOptions) {
    this.#options = options
  }

  /** The file's beginning. */
  begin(): Buffer {
    const { source, cpus, clocks, processes } = this.#options
    const now = clocks()
    this.#clockNs = now.monotonicNs
    const header = writeRawHeader({ ...now, cpus, hasRounds: source.transport === "perf" })
    return Buffer.concat([header, ...processes()])
  }

  /** The next bytes, which are the caller's own; undefined when the rings are empty. */
  next(): Buffer | undefined {
    this.#length = 0
    this.#takePending()
    const isEmpty = this.#options.source.drain(this.#take)
    if (isEmpty && this.records > 0 && this.#options.source.transport === "perf" && this.#length > 0)
      this.#put(numbersFrame(FRAME.round, NO_CPU))
    return this.#length === 0 ? undefined : Buffer.from(this.#piece.subarray(0, this.#length))
  }

  /** Once a second: how the clocks stand. */
  look(): void {
    const { monotonicNs, realtimeNs } = this.#options.clocks()
    if (monotonicNs - this.#clockNs >= BigInt(CLOCK_FRAMES_MS) * NS_PER_MS) {
      this.#clockNs = monotonicNs
      this.#pending.push(numbersFrame(FRAME.clock, NO_CPU, monotonicNs, realtimeNs))
    }
  }

  /**
   * After the last record: the sums. Losses between records show in the records' numbers, which are at their place; the
   * sums tell what was lost behind the last of them.
   */
  end(): Buffer {
    const { attempted, lost } = this.#options.source.counters()
    return numbersFrame(FRAME.totals, NO_CPU, BigInt(attempted), BigInt(lost))
  }

  readonly #take: TakeRecord = (bytes, from, to) => {
    const cgroup =
      bytes.readUInt32LE(from + FIELD.cgroup) + bytes.readUInt32LE(from + FIELD.cgroup + 4) * HIGH_HALF
    if (!this.#toldCgroups.has(cgroup) && !this.#tellCgroup(cgroup)) return false
    if (!this.#hasRoom(frameBytes(to - from))) return false
    const cpu = bytes.readUInt32LE(from + FIELD.cpu)
    this.#length = putFrame(this.#piece, this.#length, FRAME.record, cpu, bytes, from, to)
    this.records++
    return true
  }

  /** False when there was no room. One that is not known is asked for again with its next record. */
  #tellCgroup(id: number): boolean {
    const path = this.#options.cgroupPath(id)
    if (path === undefined) return true
    const frame = cgroupFrame(BigInt(id), Buffer.from(path))
    if (!this.#hasRoom(frame.length)) return false
    this.#put(frame)
    this.#toldCgroups.add(id)
    return true
  }

  #takePending(): void {
    while (this.#pending[0] !== undefined && this.#hasRoom(this.#pending[0].length)) {
      const frame = this.#pending.shift()
      if (frame !== undefined) this.#put(frame)
    }
  }

  #put(frame: Buffer): void {
    this.#length += frame.copy(this.#piece, this.#length)
  }

  /** With some left for the frame that ends a round. */
  #hasRoom(bytes: number): boolean {
    return this.#length + bytes + 8 <= PIECE_BYTES
  }
}
