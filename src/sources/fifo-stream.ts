/**
 * Bytes of a FIFO as they come, without ever blocking a thread: an open(2) or read(2) that waits for a writer cannot be
 * called back, and would keep the process alive.
 * Source of truth: fifo(7): O_NONBLOCK opens at once; a read gives EAGAIN while a writer has nothing to say, and 0 when
 * there is none.
 */
import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { codeOf } from "./file-bytes.ts"

const READ_BYTES = 64 * 1024
/** Between two looks; the first come soon, so that a busy writer is not kept waiting. */
const FIRST_WAIT_MS = 1
const LONGEST_WAIT_MS = 20

export interface FifoOptions {
  /** Waits for the next writer when one has gone; else that is the end. */
  readonly keepsOpen: boolean
  /** Resolves after `ms`, or when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Aborted to end it. */
  readonly signal?: AbortSignal
}

/** Closes the handle at its end. The first writer is waited for. @throws what read(2) says but EAGAIN and EINTR */
export async function* readFifo(handle: FileHandle, options: FifoOptions): AsyncGenerator<Buffer> {
  const { keepsOpen, sleep, signal } = options
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  let waitMs = FIRST_WAIT_MS
  let hasBegun = false
  try {
    while (signal?.aborted !== true) {
      const length = await readSome(handle, buffer)
      if (length > 0) {
        hasBegun = true
        waitMs = FIRST_WAIT_MS
        yield Buffer.from(buffer.subarray(0, length))
        continue
      }
      if (length === 0 && hasBegun && !keepsOpen) return
      await sleep(waitMs, signal)
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    }
  } finally {
    await handle.close()
  }
}

/** What a path is that a capture is told to take its bytes from; links are followed, as the shell's `<(…)` is one. */
export type Origin =
  | { readonly kind: "file" }
  | { readonly kind: "fifo"; readonly handle: FileHandle }
  | { readonly kind: "other" }

/** The caller closes the handle. @throws what stat(2) or open(2) says */
export async function openOrigin(path: string): Promise<Origin> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const stats = await handle.stat()
  if (stats.isFIFO()) return { kind: "fifo", handle }
  await handle.close()
  return { kind: stats.isFile() ? "file" : "other" }
}

/** Bytes read; 0 without a writer; -1 when the writer has nothing to say. */
async function readSome(handle: FileHandle, buffer: Buffer): Promise<number> {
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
    return bytesRead
  } catch (error) {
    const code = codeOf(error)
    if (code === "EAGAIN" || code === "EINTR") return -1
    throw error
  }
}
