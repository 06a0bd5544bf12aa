/**
 * Decompresses what perf has compressed piece by piece into one endless zstd frame, at once rather than in turn with
 * the event loop: the records in it are wanted before the next byte is looked at.
 *
 * Node.js has no function for that; its stream's own binding does it, as npm's minizlib uses it for gzip.
 */
import { constants, createZstdDecompress } from "node:zlib"

const OUT_BYTES = 256 * 1024

/** The part of Node.js' compression stream that works at once. */
interface SyncHandle {
  onerror: (message: string, errno: number, code: string) => void
  writeSync(
    flush: number,
    input: Buffer,
    inputAt: number,
    inputLeft: number,
    output: Buffer,
    outputAt: number,
    outputLeft: number,
  ): void
  close(): void
}

interface SyncStream {
  readonly _handle: SyncHandle
  /** Bytes left of the output, then of the input. */
  readonly _writeState: Uint32Array
}

export class ZstdStream {
  readonly #stream = createZstdDecompress() as unknown as SyncStream
  readonly #out = Buffer.allocUnsafe(OUT_BYTES)
  /** Why nothing more comes out; '' when all is well. */
  error = ""

  constructor() {
    this.#stream._handle.onerror = (message) => {
      this.error = message
    }
  }

  /** Gives what comes out of `input[from, to)`, in pieces that are written over by the next; false after damage. */
  feed(input: Buffer, from: number, to: number, give: (bytes: Buffer) => boolean): boolean {
    let at = from
    for (;;) {
      if (this.error !== "") return false
      const { _handle: handle, _writeState: state } = this.#stream
      const left = to - at
      handle.writeSync(constants.ZSTD_e_continue, input, at, left, this.#out, 0, OUT_BYTES)
      if (this.error !== "") return false
      const outLeft = state[0] as number
      const inLeft = state[1] as number
      if (outLeft < OUT_BYTES && !give(this.#out.subarray(0, OUT_BYTES - outLeft))) return false
      if (outLeft > 0 && (inLeft === 0 || inLeft === left)) return inLeft === 0
      at = to - inLeft
    }
  }

  close(): void {
    this.#stream._handle.close()
  }
}
