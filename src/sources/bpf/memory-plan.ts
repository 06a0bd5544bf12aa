/**
 * How much memory rings and maps take, ours and osquery's. Source of truth: osquery
 * osquery/events/linux/bpf/bpfeventpublisher.cpp and ebpf-common ebpf/src/perfeventarray.cpp for its own.
 */
import type { Machine } from "./machine.ts"
import type { BpfObject, Transport } from "./programs.ts"

/** Of the kernel for each entry of a hash map, beside key and value. */
const HASH_ENTRY_BYTES = 48
const HASH = 1
const PERCPU_ARRAY = 6
const MIN_RING_BYTES = 4096
const MAX_RING_BYTES = 1024 * 1024 * 1024

/** As osquery makes them: slots of strings for six groups of calls, each of them on each possible CPU. */
const OSQUERY_POOLS = 6
const OSQUERY_SLOTS = 4096

export interface MemoryPlan {
  /** Of one ring: of all CPUs with `ringbuf`, of each CPU with `perf`. A power of two. */
  readonly ringBytes: number
  readonly rings: number
  /** All rings with their pages of positions. */
  readonly ringsBytes: number
  readonly mapsBytes: number
  readonly totalBytes: number
}

/** Same memory either way: 2^exp pages for each CPU that is online. */
export function ringBytesFor(
  transport: Transport,
  exponent: number,
  { pageBytes, onlineCpus }: Machine,
): number {
  const ofCpu = pageBytes * 2 ** exponent
  return bounded(transport === "perf" ? ofCpu : ofCpu * onlineCpus.length, pageBytes)
}

/** The next power of two of whole pages. */
export function bounded(bytes: number, pageBytes: number): number {
  const least = Math.max(pageBytes, MIN_RING_BYTES, Math.min(bytes, MAX_RING_BYTES))
  return 2 ** Math.ceil(Math.log2(least))
}

export function planMemory(
  transport: Transport,
  ringBytes: number,
  object: BpfObject,
  { pageBytes, onlineCpus, possibleCpus }: Machine,
): MemoryPlan {
  const rings = transport === "perf" ? onlineCpus.length : 1
  // A ring buffer has a page of each position, and one of its own.
  const extra = transport === "perf" ? pageBytes : 3 * pageBytes
  const ringsBytes = rings * (ringBytes + extra)
  const mapsBytes = object.maps.reduce((sum, { type, keyBytes, valueBytes, entries }) => {
    if (type === HASH) return sum + entries * (roundUp(keyBytes) + roundUp(valueBytes) + HASH_ENTRY_BYTES)
    return sum + entries * roundUp(valueBytes) * (type === PERCPU_ARRAY ? possibleCpus : 1)
  }, 0)
  return { ringBytes, rings, ringsBytes, mapsBytes, totalBytes: ringsBytes + mapsBytes }
}

export interface OsqueryMemory {
  readonly storageBytes: number
  readonly ringsBytes: number
}

/**
 * What osquery takes for these flags. Its guide reckons `2^exp` for each CPU, which are pages, not bytes, and one more
 * of them; and of all CPUs that may come, not only of those that are online.
 */
export function osqueryMemory(
  { exponent, storageSize }: { readonly exponent: number; readonly storageSize: number },
  { pageBytes, possibleCpus }: Machine,
): OsqueryMemory {
  return {
    storageBytes: OSQUERY_POOLS * OSQUERY_SLOTS * storageSize * possibleCpus,
    ringsBytes: (1 + 2 ** exponent) * pageBytes * possibleCpus,
  }
}

function roundUp(bytes: number): number {
  return (bytes + 7) & ~7
}
