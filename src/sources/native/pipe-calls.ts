/**
 * The calls of the C library that an audit pipe needs, through koffi.
 * Source of truth: ioctl(2), poll(2) of macOS and FreeBSD; koffi's documentation (variadic functions).
 *
 * ioctl is variadic, and is declared so: on Apple's arm64 variadic arguments go over the stack, fixed ones do not.
 */
import { createRequire } from "node:module"
import { NativeError } from "./native-error.ts"

export interface PipeCalls {
  readonly ioctl: (descriptor: number, request: number, argument: Buffer) => number
  readonly poll: (entries: Buffer, count: number, timeoutMs: number) => number
  /** The calling thread's errno; to be read right after the call. */
  readonly errno: () => number
}

type Koffi = typeof import("koffi")

/** @throws NativeError `UNSUPPORTED` on Windows, `LOAD` when koffi or the library does not load */
export function loadPipeCalls(platform: string = process.platform): PipeCalls {
  if (platform === "win32") throw new NativeError("UNSUPPORTED", 0, "load", "Windows has no such calls")
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi
    // The process itself: whichever C library the runtime is linked with.
    const library = koffi.load(null)
    const ioctl = library.func("int ioctl(int, unsigned long, ...)")
    return {
      ioctl: (descriptor, request, argument) => ioctl(descriptor, request, "void *", argument),
      poll: library.func("int poll(void *, unsigned int, int)"),
      errno: () => koffi.errno(),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new NativeError("LOAD", 0, "load", `the C library cannot be reached through koffi: ${reason}`)
  }
}
