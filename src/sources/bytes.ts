/** The one seam between the layers of this room: stored or unpacked bytes that can be read from their start. */

import type { Report } from "./source.ts"

export interface Bytes {
  /** -1 when unknown. */
  readonly size: number
  /** Whether `read` may be called again. */
  readonly isRereadable: boolean
  /**
   * Reads from the start. A buffer is valid until the next pull. Damage is reported and ends the bytes early.
   * Calling `return()` gives up what reading holds.
   */
  read(report: Report): AsyncGenerator<Buffer, void, undefined>
  /** Random access, null where the bytes can only be streamed. */
  readonly random: RandomAccess | null
}

export interface RandomAccess {
  /** Fills `target` from `position`; returns fewer bytes only at the end. Rejects on an I/O error. */
  readAt(target: Buffer, position: number): Promise<number>
  /** A stretch of these bytes as bytes of their own; the stretch is not checked against the size. */
  slice(offset: number, length: number): Bytes
}

/** Bytes held in memory. */
export function bytesOfBuffer(buffer: Buffer): Bytes {
  return {
    size: buffer.length,
    isRereadable: true,
    async *read() {
      if (buffer.length > 0) yield buffer
    },
    random: {
      readAt: async (target, position) => buffer.copy(target, 0, position, position + target.length),
      slice: (offset, length) => bytesOfBuffer(buffer.subarray(offset, offset + length)),
    },
  }
}

/** Bytes that come once, from a pipe. */
export function bytesOfStream(stream: AsyncIterable<Uint8Array>): Bytes {
  return {
    size: -1,
    isRereadable: false,
    async *read(report) {
      let offset = 0
      try {
        for await (const piece of stream) {
          offset += piece.length
          if (piece.length > 0) yield Buffer.from(piece.buffer, piece.byteOffset, piece.length)
        }
      } catch (error) {
        report(ioProblem(error, offset))
      }
    },
    random: null,
  }
}

/** The problem for a read that failed at `offset` bytes into what is being read. */
export function ioProblem(error: unknown, offset: number) {
  return {
    code: "source/io",
    severity: "error",
    offset,
    length: 0,
    message: `reading failed after ${offset} bytes: ${messageOf(error)}; what came before was read`,
  } as const
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
