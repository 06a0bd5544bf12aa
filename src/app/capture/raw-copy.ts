/** --raw of a source that gives bytes: what came, as it came, in a file that ingest reads. */
import { closeSync, fchownSync, fsyncSync, writeSync } from "node:fs"
import { IoError } from "../errors.ts"
import { createOwnFile } from "./own-file.ts"

export class RawCopy {
  readonly path: string
  readonly #descriptor: number

  /** A new file: an offset in it is the offset of a row. @throws RetrailError */
  constructor(path: string) {
    this.path = path
    this.#descriptor = createOwnFile(path).descriptor
  }

  /** Hands the bytes on once they are written. @param fail takes an IoError, which ends the run */
  async *through(
    bytes: AsyncIterable<Uint8Array>,
    fail: (error: IoError) => void,
  ): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      try {
        for (let done = 0; done < piece.length; )
          done += writeSync(this.#descriptor, piece, done, piece.length - done)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        fail(new IoError(`writing ${this.path} failed (${code})`, "Make room, and start again."))
        return
      }
      yield piece
    }
  }

  /** The account that the process is going to be owns the file from now on. */
  handOver(uid: number, gid: number): void {
    fchownSync(this.#descriptor, uid, gid)
  }

  close(): void {
    try {
      fsyncSync(this.#descriptor)
    } finally {
      closeSync(this.#descriptor)
    }
  }
}
