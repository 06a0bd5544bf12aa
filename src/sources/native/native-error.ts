/** What goes wrong beyond the JavaScript runtime. Source of truth: errno(3). */
import { getSystemErrorName } from "node:util"
import { ERRORS } from "../../formats/linux-audit/tables/errno.gen.ts"

/** A call of the C library or the kernel failed, or the library cannot be reached at all. */
export class NativeError extends Error {
  /** The errno's name (`EPERM`), `UNSUPPORTED` on a platform without the calls, `LOAD` when loading failed. */
  readonly code: string
  /** As a positive number; 0 when there is none. */
  readonly errno: number
  /** The call or request that failed. */
  readonly syscall: string

  constructor(code: string, errno: number, syscall: string, message: string) {
    super(message)
    this.name = "NativeError"
    this.code = code
    this.errno = errno
    this.syscall = syscall
  }
}

/** The error of a call that failed with `errno`. */
export function systemError(syscall: string, errno: number): NativeError {
  const [code, meaning] = ERRORS[errno] ?? [`ERRNO_${errno}`, "unknown error"]
  return new NativeError(code, errno, syscall, `${syscall}: ${code}, ${meaning.toLowerCase()}`)
}

/** The same on systems whose numbers are not Linux's: the runtime knows the names of the one that it runs on. */
export function namedSystemError(syscall: string, errno: number): NativeError {
  const code = getSystemErrorName(-errno)
  return new NativeError(code, errno, syscall, `${syscall}: ${code}`)
}

/** True for a NativeError with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is NativeError {
  return error instanceof NativeError && codes.includes(error.code)
}
