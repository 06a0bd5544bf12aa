/** Where the byte sinks put their rows: a growing buffer handed on in large pieces, whole rows only. */
import { writeSync } from "node:fs"
import { GrowingBytes } from "../base/growing-bytes.ts"

/** An open descriptor, or a function that gets bytes which are valid until it returns. Its owner closes it. */
export type ByteDestination = number | ((bytes: Uint8Array) => void)

const BATCH_BYTES = 256 * 1024
const RETRY_MS = 2

export class ByteOutput extends GrowingBytes {
  private readonly destination: ByteDestination
  private complete = 0

  constructor(destination: ByteDestination) {
    super(BATCH_BYTES * 2)
    this.destination = destination
  }

  /** What has been put so far is a whole number of rows; it is handed on when it has become a batch. */
  endRow(): void {
    this.complete = this.used
    if (this.used >= BATCH_BYTES) this.send()
  }

  /** Hands on all whole rows; a row that was left unfinished is dropped. */
  send(): void {
    const rows = this.bytes.subarray(0, this.complete)
    if (rows.length > 0) {
      if (typeof this.destination === "number") writeFully(this.destination, rows, null)
      else this.destination(rows)
    }
    this.complete = 0
    this.clear()
  }

  put(piece: Uint8Array): void {
    this.reserve(piece.length)
    this.bytes.set(piece, this.used)
    this.used += piece.length
  }
}

/** Writes all of `bytes` at `position` (null: where the descriptor stands), waiting where a pipe is full. */
export function writeFully(descriptor: number, bytes: Uint8Array, position: number | null): void {
  let done = 0
  while (done < bytes.length) {
    try {
      const at = position === null ? null : position + done
      done += writeSync(descriptor, bytes, done, bytes.length - done, at)
    } catch (error) {
      if (!isFullPipe(error)) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    }
  }
}

/** A pipe that Node set to non-blocking, such as stdout, says EAGAIN while its reader is behind. */
function isFullPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN"
}
