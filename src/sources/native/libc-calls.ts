/**
 * Declares the functions of the C library that live capture calls, and loads koffi for it: the only place that does.
 * Source of truth: section 2 of the Linux manual; koffi's documentation (load, pointers).
 *
 * Only for 64-bit little endian. Variadic functions (prctl) are called with fixed arguments, which the calling
 * conventions of x86_64 and aarch64 Linux do not tell apart.
 */
import { createRequire } from "node:module"
import { NativeError } from "./native-error.ts"

/** A pointer: an address, bytes whose address is taken, or null. */
export type Pointer = bigint | Uint8Array | null

export interface LibcCalls {
  readonly socket: (domain: number, type: number, protocol: number) => number
  readonly bind: (fd: number, address: Pointer, length: number) => number
  readonly getsockname: (fd: number, address: Pointer, length: Pointer) => number
  readonly sendto: (
    fd: number,
    bytes: Pointer,
    length: number,
    flags: number,
    to: Pointer,
    toLength: number,
  ) => number
  readonly recvfrom: (
    fd: number,
    bytes: Pointer,
    length: number,
    flags: number,
    from: Pointer,
    fromLength: Pointer,
  ) => number
  readonly recvmmsg: (fd: number, messages: Pointer, count: number, flags: number, timeout: Pointer) => number
  readonly poll: (entries: Pointer, count: number, timeoutMs: number) => number
  readonly setsockopt: (fd: number, level: number, name: number, value: Pointer, length: number) => number
  readonly getsockopt: (fd: number, level: number, name: number, value: Pointer, length: Pointer) => number
  readonly close: (fd: number) => number
  readonly prctl: (option: number, a: number, b: number, c: number, d: number) => number
  readonly capget: (header: Pointer, sets: Pointer) => number
  readonly capset: (header: Pointer, sets: Pointer) => number
  readonly setgroups: (count: number, groups: Pointer) => number
  readonly setgid: (gid: number) => number
  readonly setuid: (uid: number) => number
  readonly mmap: (
    hint: Pointer,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ) => bigint
  /** The calling thread's errno; to be read right after the call. */
  readonly errno: () => number
  /** The memory behind an address, which must stay mapped for ever. */
  readonly view: (address: bigint, length: number) => ArrayBuffer
}

type Koffi = typeof import("koffi")

/** @throws NativeError `UNSUPPORTED` away from 64-bit Linux, `LOAD` when koffi or the library does not load */
export function loadCalls(platform: string, arch: string): LibcCalls {
  if (platform !== "linux" || (arch !== "x64" && arch !== "arm64")) {
    const message = `live sources of the kernel need Linux on x86_64 or aarch64, not ${platform} on ${arch}`
    throw new NativeError("UNSUPPORTED", 0, "load", message)
  }
  try {
    return declareCalls(createRequire(import.meta.url)("koffi") as Koffi)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new NativeError("LOAD", 0, "load", `the C library cannot be reached through koffi: ${reason}`)
  }
}

function declareCalls(koffi: Koffi): LibcCalls {
  // The process itself: whichever C library the runtime is linked with, glibc or musl.
  const library = koffi.load(null)
  return {
    socket: library.func("int socket(int, int, int)"),
    bind: library.func("int bind(int, void *, uint32_t)"),
    getsockname: library.func("int getsockname(int, void *, void *)"),
    sendto: library.func("long sendto(int, void *, size_t, int, void *, uint32_t)"),
    recvfrom: library.func("long recvfrom(int, void *, size_t, int, void *, void *)"),
    recvmmsg: library.func("int recvmmsg(int, void *, uint32_t, int, void *)"),
    poll: library.func("int poll(void *, unsigned long, int)"),
    setsockopt: library.func("int setsockopt(int, int, int, void *, uint32_t)"),
    getsockopt: library.func("int getsockopt(int, int, int, void *, void *)"),
    close: library.func("int close(int)"),
    prctl: library.func("int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)"),
    capget: library.func("int capget(void *, void *)"),
    capset: library.func("int capset(void *, void *)"),
    setgroups: library.func("int setgroups(size_t, void *)"),
    setgid: library.func("int setgid(uint32_t)"),
    setuid: library.func("int setuid(uint32_t)"),
    mmap: library.func("uintptr_t mmap(void *, size_t, int, int, int, int64_t)"),
    errno: () => koffi.errno(),
    view: (address, length) => koffi.view(address, length),
  }
}
