/**
 * The file beside saved rings that says what their pages cannot: clocks that were read together, and counts.
 *
 *   {"kind":"perf_event_array","monotonic_ns":"2928809105947","realtime_ns":"1795300282647000000","bpf_stats":{"lost":0}}
 */
import type { ClockPair } from "./raw-file.ts"

export interface SideFile {
  readonly clocks: ClockPair | undefined
  /** Records that the programs could not write, NaN when it is not told. */
  readonly lost: number
}

const KINDS: ReadonlySet<unknown> = new Set(["perf_event_array", "bpf_ringbuf"])

export function readSideFile(text: string): SideFile | undefined {
  const found = parseObject(text)
  if (found === undefined || !KINDS.has(found.get("kind"))) return undefined
  const monotonicNs = readCount(found.get("monotonic_ns"))
  const realtimeNs = readCount(found.get("realtime_ns"))
  const counts = found.get("bpf_stats")
  const lost = isObject(counts) ? readCount(new Map(Object.entries(counts)).get("lost")) : undefined
  return {
    clocks: monotonicNs === undefined || realtimeNs === undefined ? undefined : { monotonicNs, realtimeNs },
    lost: lost === undefined ? Number.NaN : Number(lost),
  }
}

function parseObject(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? new Map(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null
}

function readCount(value: unknown): bigint | undefined {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value)
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined
}
