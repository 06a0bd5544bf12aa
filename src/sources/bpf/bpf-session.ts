/**
 * The programs in the kernel, from loading them to the last record: nothing of them is left when the session is closed,
 * or its process gone. Source of truth: native/bpf/capture.h; bpf(2).
 *
 * A program runs from the moment that it is attached; a word of its settings says whether it writes anything down, so
 * that all of them begin and end together.
 */
import { hasCode } from "../native/native-error.ts"
import type { BpfKernel } from "./bpf-kernel.ts"
import type { Machine } from "./machine.ts"
import { PerfRing } from "./perf-ring.ts"
import { type BpfMap, type BpfObject, type BpfProgram, type Transport, unpackObject } from "./programs.ts"
import type { Ring, TakeRecord } from "./ring.ts"
import { RingBuffer } from "./ring-buffer.ts"
import { switchOn } from "./settings.ts"
import { tracepointId } from "./tracefs.ts"

const INSTRUCTION_BYTES = 8
const COUNTER_BYTES = 64
const ARRAY = 2

export interface BpfCounters {
  /** Records that there were; of each some were written, and the others found no room. */
  readonly attempted: number
  readonly emitted: number
  readonly lost: number
  /** Calls of which nothing was noted when they began, since too many were under way. */
  readonly unpaired: number
}

export interface SessionOptions {
  readonly kernel: BpfKernel
  readonly machine: Machine
  /** The folder of tracepoints. */
  readonly events: string
  readonly transport: Transport
  /** A power of two of whole pages. */
  readonly ringBytes: number
  readonly settings: Buffer
}

export class BpfSession {
  readonly #options: SessionOptions
  readonly #maps = new Map<string, number>()
  readonly #events: number[] = []
  readonly #rings: readonly Ring[]
  /** Values of maps that are ours to read and write without asking the kernel; none before Linux 5.5. */
  readonly #shared = new Map<string, Buffer>()
  /** Tracepoints that this kernel does not have. */
  readonly missing: string[] = []

  /** Loads and attaches; nothing is written down yet. @throws NativeError, after which nothing is left */
  constructor(options: SessionOptions) {
    this.#options = options
    try {
      const object = unpackObject(options.transport)
      this.#makeMaps(object)
      this.#rings = this.#openRings()
      for (const program of object.programs) this.#attach(program, object)
    } catch (error) {
      options.kernel.closeAll()
      throw error
    }
  }

  get transport(): Transport {
    return this.#options.transport
  }

  /** False when the kernel has to be asked for the counters, which takes privileges. */
  get isShared(): boolean {
    return this.#shared.size > 0
  }

  start(): void {
    this.#switch(true)
  }

  /** Nothing more is written down; the programs are gone when this returns, which takes some 40 ms for each. */
  stop(): void {
    this.#switch(false)
    for (const event of this.#events.splice(0)) this.#options.kernel.close(event)
  }

  /** Hands out what is there until `take` has no room. True when all rings were found empty. */
  drain(take: TakeRecord): boolean {
    let isEmpty = true
    for (const ring of this.#rings) isEmpty = ring.drain(take) && isEmpty
    return isEmpty
  }

  /** The fullest ring. */
  waiting(): number {
    return this.#rings.reduce((most, ring) => Math.max(most, ring.waiting()), 0)
  }

  counters(): BpfCounters {
    const sums = [0, 0, 0, 0]
    for (let cpu = 0; cpu < this.#options.machine.possibleCpus; cpu++) {
      const value = this.#countersOf(cpu)
      for (const [word, sum] of sums.entries()) sums[word] = sum + Number(value.readBigUInt64LE(word * 8))
    }
    const [attempted = 0, emitted = 0, lost = 0, unpaired = 0] = sums
    return { attempted, emitted, lost, unpaired }
  }

  close(): void {
    this.#options.kernel.closeAll()
  }

  #map(name: string): number {
    return this.#maps.get(name) ?? -1
  }

  #countersOf(cpu: number): Buffer {
    const shared = this.#shared.get("counters")
    if (shared !== undefined) return shared.subarray(cpu * COUNTER_BYTES, (cpu + 1) * COUNTER_BYTES)
    return this.#options.kernel.lookup(this.#map("counters"), cpu, COUNTER_BYTES)
  }

  #switch(isOn: boolean): void {
    const { kernel, settings } = this.#options
    switchOn(settings, isOn)
    const shared = this.#shared.get("settings")
    if (shared === undefined) kernel.update(this.#map("settings"), 0, settings)
    else settings.copy(shared)
  }

  #makeMaps({ maps }: BpfObject): void {
    const { transport, ringBytes, machine } = this.#options
    for (const map of maps) {
      const filled = map.name === "ring" && transport === "ringbuf" ? ringBytes : machine.possibleCpus
      this.#makeMap(map.entries === 0 ? { ...map, entries: filled } : map)
    }
    this.#switch(false)
  }

  #makeMap(map: BpfMap): void {
    const { kernel } = this.#options
    if (map.type !== ARRAY) {
      this.#maps.set(map.name, kernel.createMap(map, false))
      return
    }
    try {
      const descriptor = kernel.createMap(map, true)
      this.#maps.set(map.name, descriptor)
      this.#shared.set(map.name, kernel.map(descriptor, map.valueBytes * map.entries, 0, true))
    } catch (error) {
      if (!isUnknownToKernel(error)) throw error
      this.#maps.set(map.name, kernel.createMap(map, false))
    }
  }

  #openRings(): Ring[] {
    const { kernel, transport, ringBytes, machine } = this.#options
    const { pageBytes, onlineCpus } = machine
    const map = this.#map("ring")
    if (transport === "ringbuf") {
      const consumer = kernel.map(map, pageBytes, 0, true)
      return [
        new RingBuffer(consumer, kernel.map(map, pageBytes + 2 * ringBytes, pageBytes, false), pageBytes),
      ]
    }
    return onlineCpus.map((cpu) => {
      const event = kernel.openPerfRing(cpu, ringBytes / 2)
      const memory = kernel.map(event, pageBytes + ringBytes, 0, true)
      const descriptor = Buffer.alloc(4)
      descriptor.writeUInt32LE(event)
      kernel.update(map, cpu, descriptor)
      kernel.enable(event)
      return new PerfRing(memory)
    })
  }

  #attach({ tracepoints, first, count, references }: BpfProgram, { code }: BpfObject): void {
    const { kernel, events } = this.#options
    const [name = ""] = tracepoints
    const program = kernel.loadProgram(
      {
        code: code.subarray(first * INSTRUCTION_BYTES, (first + count) * INSTRUCTION_BYTES),
        references,
        name: `rt_${name.slice(name.indexOf("/") + 1)}`,
      },
      this.#maps,
    )
    for (const tracepoint of tracepoints) {
      const id = tracepointId(events, tracepoint)
      if (id === undefined) this.missing.push(tracepoint)
      else this.#events.push(kernel.attach(program, id))
    }
    kernel.close(program)
  }
}

/** A kernel that is too old for this way of output says so in one of these ways. */
export function isUnknownToKernel(error: unknown): boolean {
  return hasCode(error, "EINVAL", "ENOSYS", "EOPNOTSUPP")
}
