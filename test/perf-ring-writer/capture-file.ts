/** The file of a BPF capture. */
import {
  cgroupFrame,
  FRAME,
  frameBytes,
  NO_CPU,
  numbersFrame,
  processFrame,
  putFrame,
  writeRawHeader,
} from "../../src/formats/perf-ring/raw-file.ts"

export const CLOCKS = { monotonicNs: 1_000_000_000n, realtimeNs: 1_700_000_000_000_000_000n }

export function header(hasRounds = false): Buffer {
  return writeRawHeader({ ...CLOCKS, cpus: 2, hasRounds })
}

export function recordFrame(record: Buffer, cpu = NO_CPU): Buffer {
  const frame = Buffer.alloc(frameBytes(record.length))
  putFrame(frame, 0, FRAME.record, cpu, record, 0, record.length)
  return frame
}

export const ROUND = numbersFrame(FRAME.round, NO_CPU)
export const CONTAINER = cgroupFrame(
  77n,
  Buffer.from(`/system.slice/docker-${"0123456789abcdef".repeat(4)}.scope`),
)
export const SHELL_PROCESS = processFrame(400, 1, Buffer.from("/bin/sh"), Buffer.from("/srv/demo"))

export function totals(attempted: bigint, lost: bigint): Buffer {
  return numbersFrame(FRAME.totals, NO_CPU, attempted, lost)
}

export function lostFrame(cpu: number, count: bigint): Buffer {
  return numbersFrame(FRAME.lost, cpu, count)
}
