/**
 * The calls that BPF needs, through koffi: bpf(2) and perf_event_open(2), which no C library has, mmap(2), ioctl(2).
 * Source of truth: section 2 of the Linux manual; asm/unistd.h of x86_64 and of arm64.
 *
 * syscall(2) is variadic, which the calling conventions of both do not tell apart from fixed arguments.
 */
import { createRequire } from "node:module"
import { loadLibc } from "./libc.ts"
import { NativeError, systemError } from "./native-error.ts"

const NUMBERS: Readonly<Record<string, { readonly bpf: number; readonly perfEventOpen: number }>> = {
  x64: { bpf: 321, perfEventOpen: 298 },
  arm64: { bpf: 280, perfEventOpen: 241 },
}
const PERF_FLAG_FD_CLOEXEC = 8
const MAP_SHARED = 1
const MAP_FAILED = 0xffffffffffffffffn
const RLIMIT_MEMLOCK = 8
const UNLIMITED = 0xffffffffffffffffn

export interface BpfCalls {
  /** What the command returns, for some a descriptor. @throws NativeError */
  bpf(command: number, attributes: Buffer): number
  /** The descriptor of an event. @throws NativeError */
  perfEventOpen(attributes: Buffer, process: number, cpu: number): number
  /** @throws NativeError */
  ioctl(descriptor: number, request: number, argument: number): void
  /** Shared memory of a descriptor, which stays mapped for ever. @throws NativeError */
  map(descriptor: number, bytes: number, offset: number, isWritable: boolean): ArrayBuffer
  /** Lets the process hold maps: before Linux 5.11 they count as locked memory. */
  raiseMemoryLimit(): void
  close(descriptor: number): void
  /** CLOCK_MONOTONIC and CLOCK_REALTIME, one after the other. */
  clocks(): { readonly monotonicNs: bigint; readonly realtimeNs: bigint }
  pageBytes(): number
  /** Zeroed memory with an address, for what the attributes point at. */
  allocate(bytes: number): { readonly buffer: Buffer; readonly address: bigint }
}

type Koffi = typeof import("koffi")

/** @throws NativeError `UNSUPPORTED` away from 64-bit Linux, `LOAD` when koffi or the library does not load */
export function loadBpfCalls(): BpfCalls {
  const libc = loadLibc()
  const numbers = NUMBERS[process.arch]
  if (numbers === undefined) throw new NativeError("UNSUPPORTED", 0, "bpf", `no numbers for ${process.arch}`)
  const koffi = createRequire(import.meta.url)("koffi") as Koffi
  const library = koffi.load(null)
  const bpf = library.func("syscall", "long", ["long", "long", "void *", "unsigned int"])
  const open = library.func("syscall", "long", ["long", "void *", "int", "int", "int", "unsigned long"])
  const ioctl = library.func("int ioctl(int, unsigned long, unsigned long)")
  const mmap = library.func("uintptr_t mmap(void *, size_t, int, int, int, int64_t)")
  const setrlimit = library.func("int setrlimit(int, void *)")
  const gettime = library.func("int clock_gettime(int, void *)")
  const pageSize = library.func("int getpagesize()")
  const check = (syscall: string, result: number): number => {
    if (result >= 0) return Number(result)
    throw systemError(syscall, koffi.errno())
  }
  return {
    bpf: (command, attributes) =>
      check(`bpf command ${command}`, bpf(numbers.bpf, command, attributes, attributes.length)),
    perfEventOpen: (attributes, pid, cpu) =>
      check("perf_event_open", open(numbers.perfEventOpen, attributes, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC)),
    ioctl: (descriptor, request, argument) => void check("ioctl", ioctl(descriptor, request, argument)),
    map: (descriptor, bytes, offset, isWritable) => {
      const address = BigInt(mmap(null, bytes, isWritable ? 3 : 1, MAP_SHARED, descriptor, offset))
      if (BigInt.asUintN(64, address) === MAP_FAILED) throw systemError("mmap", koffi.errno())
      return koffi.view(address, bytes)
    },
    raiseMemoryLimit: () => {
      setrlimit(RLIMIT_MEMLOCK, Buffer.from(BigUint64Array.of(UNLIMITED, UNLIMITED).buffer))
    },
    clocks: () => ({ monotonicNs: readClock(gettime, 1), realtimeNs: readClock(gettime, 0) }),
    pageBytes: () => pageSize(),
    close: (descriptor) => libc.close(descriptor),
    allocate: (bytes) => libc.allocate(bytes),
  }
}

/** struct timespec: s64 seconds, s64 nanoseconds. */
function readClock(gettime: (clock: number, time: Buffer) => number, clock: number): bigint {
  const time = Buffer.alloc(16)
  gettime(clock, time)
  return time.readBigInt64LE(0) * 1_000_000_000n + time.readBigInt64LE(8)
}
