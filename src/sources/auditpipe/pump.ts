/**
 * Empties an audit pipe into a buffer, and does nothing else: the pipe's own queue is short, and what does not fit into
 * it is gone. Source of truth: XNU and FreeBSD audit_pipe.c (read gives as many records as fit, and parts of records).
 */
import type { PipeInput } from "./device.ts"

/** XNU and FreeBSD build records of at most 32,767 bytes. */
export const READ_BYTES = 64 * 1024
const WAIT_MS = 100
/** Where waiting does not work, the pipe is looked at so often. */
export const NAP_MS = 10

/** Where the bytes go, and who decides when it ends. */
export interface PumpTarget {
  /** Waits for room as long as it takes; false when told to stop meanwhile. */
  put(source: Buffer, length: number): boolean
  /** `when empty`: what the pipe holds now is still wanted. */
  readonly stopping: "no" | "when empty" | "at once"
  nap(ms: number): void
}

/** Why it ended: told to, no more bytes, or the error of a read. */
export type PumpEnd =
  | { readonly why: "stopped" | "closed" }
  | { readonly why: "failed"; readonly error: unknown }

/** Returns when told to stop, or when the device is gone; what was read before is in the target. */
export function pump(input: PipeInput, target: PumpTarget): PumpEnd {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  while (target.stopping !== "at once") {
    let length: number
    try {
      length = input.read(buffer)
    } catch (error) {
      const code = codeOf(error)
      if (code === "EINTR") continue
      if (code !== "EAGAIN") return { why: "failed", error }
      if (target.stopping === "when empty") break
      if (!input.wait(WAIT_MS)) target.nap(NAP_MS)
      continue
    }
    if (length === 0) return { why: "closed" }
    if (!target.put(buffer, length)) break
  }
  return { why: "stopped" }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}
