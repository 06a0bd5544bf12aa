/** What a capture needs of an audit pipe, and the real one. Source of truth: auditpipe(4), XNU and FreeBSD audit_pipe.c. */
import { closeSync, constants, openSync, readSync } from "node:fs"
import { NativeError, namedSystemError } from "../native/native-error.ts"
import { loadPipeCalls, type PipeCalls } from "../native/pipe-calls.ts"
import { PIPE_REQUESTS, type PipeRequestName } from "./requests.ts"

export const AUDIT_PIPE = "/dev/auditpipe"
const POLLFD_BYTES = 8
const POLLIN = 1

/** Bytes of the pipe, as the reader's thread needs them. */
export interface PipeInput {
  /**
   * Reads what is there into `target`; 0 when no more will come.
   * @throws an error with a `code`: EAGAIN when nothing is there, EINTR, ENXIO and others when the device is gone
   */
  read(target: Buffer): number
  /** Waits until there is something; false when nothing came in time, or the system cannot tell. */
  wait(timeoutMs: number): boolean
}

export interface AuditPipeDevice {
  /** For the reader's thread. */
  readonly descriptor: number
  /**
   * `argument` goes in and comes out, in the machine's byte order, and has the request's size.
   * @throws NativeError
   */
  control(request: PipeRequestName, argument: Buffer): void
  close(): void
}

export class NativePipeInput implements PipeInput {
  readonly #descriptor: number
  readonly #calls: PipeCalls
  readonly #entry = Buffer.alloc(POLLFD_BYTES)

  constructor(descriptor: number, calls: PipeCalls = loadPipeCalls()) {
    this.#descriptor = descriptor
    this.#calls = calls
  }

  read(target: Buffer): number {
    return readSync(this.#descriptor, target, 0, target.length, null)
  }

  /** poll(2) of macOS does not know every device: it answers POLLNVAL then, and reading tells. */
  wait(timeoutMs: number): boolean {
    this.#entry.writeInt32LE(this.#descriptor, 0)
    this.#entry.writeInt32LE(POLLIN, 4)
    const ready = this.#calls.poll(this.#entry, 1, timeoutMs)
    return ready > 0 && (this.#entry.readInt16LE(6) & POLLIN) !== 0
  }
}

export class NativeAuditPipe implements AuditPipeDevice {
  readonly descriptor: number
  readonly #calls: PipeCalls

  /** The descriptor is closed by `close`. */
  constructor(descriptor: number, calls: PipeCalls = loadPipeCalls()) {
    this.descriptor = descriptor
    this.#calls = calls
  }

  control(request: PipeRequestName, argument: Buffer): void {
    const { number, bytes } = PIPE_REQUESTS[request]
    if (argument.length !== bytes) throw new Error(`${request} takes ${bytes} bytes`)
    if (this.#calls.ioctl(this.descriptor, number, argument) >= 0) return
    throw namedSystemError(`ioctl ${request}`, this.#calls.errno())
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

/** Only one of a few dozen pipes that the kernel has. @throws NativeError with the system's code */
export function openAuditPipe(path = AUDIT_PIPE): NativeAuditPipe {
  const calls = loadPipeCalls()
  try {
    return new NativeAuditPipe(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), calls)
  } catch (error) {
    const { code = "EIO", errno = 0, message } = error as NodeJS.ErrnoException
    throw new NativeError(code, Math.abs(errno), "open", message)
  }
}
