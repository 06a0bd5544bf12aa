/**
 * bpf(2) and perf_event_open(2) by what they are asked for: maps, programs, tracepoints, rings.
 * Source of truth: include/uapi/linux/bpf.h (union bpf_attr), include/uapi/linux/perf_event.h (struct perf_event_attr).
 */
import type { BpfCalls } from "../native/bpf-calls.ts"
import { hasCode, NativeError } from "../native/native-error.ts"
import type { BpfMap } from "./programs.ts"

const COMMAND = { mapCreate: 0, mapLookup: 1, mapUpdate: 2, programLoad: 5 } as const
const PROGRAM_TYPE_TRACEPOINT = 5
const ATTRIBUTE_BYTES = 128
const PERF_ATTRIBUTE_BYTES = 112
const PERF_TYPE_SOFTWARE = 1
const PERF_TYPE_TRACEPOINT = 2
const PERF_COUNT_SW_BPF_OUTPUT = 10
const PERF_SAMPLE_RAW = 0x400
/** wakeup_watermark is in bytes. */
const PERF_WATERMARK = 1n << 14n
const IOC_ENABLE = 0x2400
const IOC_SET_BPF = 0x40042408
const FLAG_MMAPABLE = 1 << 10
const NAME_BYTES = 15
/** The verifier gives up with EAGAIN when the process gets a signal meanwhile; libbpf tries as often. */
const LOAD_TRIES = 5
const LICENSE = Buffer.from("Dual MIT/GPL\0")
const INSTRUCTION_BYTES = 8
/** Of an instruction that loads 64 bits: the address of the map with this descriptor. */
const PSEUDO_MAP_FD = 1 << 4
const LOG_BYTES = 64 * 1024
const KEY_BYTES = 8

export interface Program {
  readonly code: Buffer
  readonly references: readonly (readonly [instruction: number, map: string])[]
  readonly name: string
}

export class BpfKernel {
  readonly #calls: BpfCalls
  readonly #arena: { readonly buffer: Buffer; readonly address: bigint }
  readonly #descriptors: number[] = []

  constructor(calls: BpfCalls) {
    this.#calls = calls
    this.#arena = calls.allocate(LOG_BYTES)
  }

  /** @param isShared its values can be mapped, from Linux 5.5 on @throws NativeError */
  createMap({ name, type, keyBytes, valueBytes, entries }: BpfMap, isShared: boolean): number {
    const attributes = Buffer.alloc(ATTRIBUTE_BYTES)
    ;[type, keyBytes, valueBytes, entries].forEach((word, index) => {
      attributes.writeUInt32LE(word, index * 4)
    })
    if (isShared) attributes.writeUInt32LE(FLAG_MMAPABLE, 16)
    attributes.write(`rt_${name}`.slice(0, NAME_BYTES), 28, "latin1")
    return this.#keep(this.#calls.bpf(COMMAND.mapCreate, attributes))
  }

  /** @throws NativeError */
  update(map: number, key: number, value: Buffer): void {
    const { buffer, address } = this.#arena
    buffer.writeBigUInt64LE(BigInt(key), 0)
    value.copy(buffer, KEY_BYTES)
    this.#calls.bpf(COMMAND.mapUpdate, elementOf(map, address))
  }

  /** The value, until the next call. @throws NativeError */
  lookup(map: number, key: number, bytes: number): Buffer {
    const { buffer, address } = this.#arena
    buffer.writeBigUInt64LE(BigInt(key), 0)
    this.#calls.bpf(COMMAND.mapLookup, elementOf(map, address))
    return buffer.subarray(KEY_BYTES, KEY_BYTES + bytes)
  }

  /** @param maps descriptors by name @throws NativeError with the verifier's last words */
  loadProgram({ code, references, name }: Program, maps: ReadonlyMap<string, number>): number {
    const memory = this.#calls.allocate(code.length + LICENSE.length)
    code.copy(memory.buffer)
    LICENSE.copy(memory.buffer, code.length)
    for (const [instruction, map] of references) {
      const at = instruction * INSTRUCTION_BYTES
      memory.buffer[at + 1] = ((memory.buffer[at + 1] ?? 0) & 0x0f) | PSEUDO_MAP_FD
      memory.buffer.writeInt32LE(maps.get(map) ?? -1, at + 4)
    }
    const attributes = Buffer.alloc(ATTRIBUTE_BYTES)
    attributes.writeUInt32LE(PROGRAM_TYPE_TRACEPOINT, 0)
    attributes.writeUInt32LE(code.length / INSTRUCTION_BYTES, 4)
    attributes.writeBigUInt64LE(memory.address, 8)
    attributes.writeBigUInt64LE(memory.address + BigInt(code.length), 16)
    attributes.write(name.slice(0, NAME_BYTES), 48, "latin1")
    try {
      return this.#load(attributes)
    } catch (error) {
      throw this.#explainRefusal(error, attributes, name)
    }
  }

  #load(attributes: Buffer): number {
    for (let tries = 1; ; tries++) {
      try {
        return this.#keep(this.#calls.bpf(COMMAND.programLoad, attributes))
      } catch (error) {
        if (tries === LOAD_TRIES || !hasCode(error, "EAGAIN")) throw error
      }
    }
  }

  /** The program runs on all CPUs from here on, until the descriptor is closed. @throws NativeError */
  attach(program: number, tracepointId: number): number {
    const attributes = perfAttributes(PERF_TYPE_TRACEPOINT, BigInt(tracepointId))
    const event = this.#keep(this.#calls.perfEventOpen(attributes, -1, 0))
    this.#calls.ioctl(event, IOC_SET_BPF, program)
    return event
  }

  /** A ring of one CPU that takes what programs put out, and wakes nobody for single records. @throws NativeError */
  openPerfRing(cpu: number, watermarkBytes: number): number {
    const attributes = perfAttributes(PERF_TYPE_SOFTWARE, BigInt(PERF_COUNT_SW_BPF_OUTPUT))
    attributes.writeBigUInt64LE(BigInt(PERF_SAMPLE_RAW), 24)
    attributes.writeBigUInt64LE(PERF_WATERMARK, 40)
    attributes.writeUInt32LE(watermarkBytes, 48)
    return this.#keep(this.#calls.perfEventOpen(attributes, -1, cpu))
  }

  enable(event: number): void {
    this.#calls.ioctl(event, IOC_ENABLE, 0)
  }

  map(descriptor: number, bytes: number, offset: number, isWritable: boolean): Buffer {
    return Buffer.from(this.#calls.map(descriptor, bytes, offset, isWritable))
  }

  /** Each close of an attached event waits until no CPU runs the program any more. */
  close(descriptor: number): void {
    const place = this.#descriptors.indexOf(descriptor)
    if (place < 0) return
    this.#descriptors.splice(place, 1)
    this.#calls.close(descriptor)
  }

  closeAll(): void {
    for (const descriptor of this.#descriptors.splice(0).reverse()) this.#calls.close(descriptor)
  }

  #keep(descriptor: number): number {
    this.#descriptors.push(descriptor)
    return descriptor
  }

  /** Loads it again with a log: asking for one at once costs every start. */
  #explainRefusal(error: unknown, attributes: Buffer, name: string): unknown {
    if (!(error instanceof NativeError) || error.code === "EPERM") return error
    const { buffer, address } = this.#arena
    attributes.writeUInt32LE(1, 24)
    attributes.writeUInt32LE(LOG_BYTES, 28)
    attributes.writeBigUInt64LE(address, 32)
    buffer.fill(0)
    try {
      this.#keep(this.#calls.bpf(COMMAND.programLoad, attributes))
    } catch {
      // It is refused again: that is what the log is for.
    }
    const lines = buffer
      .toString("latin1", 0, Math.max(0, buffer.indexOf(0)))
      .trim()
      .split("\n")
    const why = lines.slice(-3).join("; ")
    return new NativeError(
      error.code,
      error.errno,
      error.syscall,
      `the kernel refuses ${name}: ${error.code}; ${why}`,
    )
  }
}

function elementOf(map: number, address: bigint): Buffer {
  const attributes = Buffer.alloc(ATTRIBUTE_BYTES)
  attributes.writeUInt32LE(map, 0)
  attributes.writeBigUInt64LE(address, 8)
  attributes.writeBigUInt64LE(address + BigInt(KEY_BYTES), 16)
  return attributes
}

/** With sample_period 1. */
function perfAttributes(type: number, config: bigint): Buffer {
  const attributes = Buffer.alloc(PERF_ATTRIBUTE_BYTES)
  attributes.writeUInt32LE(type, 0)
  attributes.writeUInt32LE(PERF_ATTRIBUTE_BYTES, 4)
  attributes.writeBigUInt64LE(config, 8)
  attributes.writeBigUInt64LE(1n, 16)
  return attributes
}
