/**
 * Records that were compressed: each COMPRESSED record continues one zstd stream, and a record of what comes out may
 * end in the next one. Source: tools/perf/util/zstd.c, session.c.
 */
import { RecordFramer } from "./record-framer.ts"
import type { RecordingNotes } from "./recording-notes.ts"
import { ZstdStream } from "./zstd-stream.ts"

/** zstd makes at most so many bytes of one. */
const MOST_RATIO = 32_768

/** Takes a record; `offset` is that of the COMPRESSED record in which it ends. */
export type GiveFrame = (bytes: Buffer, from: number, to: number, offset: number) => void

export class CompressedRecords {
  readonly #notes: RecordingNotes
  readonly #framer: RecordFramer
  #zstd: ZstdStream | null = null
  #offset = 0
  #isUnpacking = false

  constructor(notes: RecordingNotes, give: GiveFrame) {
    this.#notes = notes
    this.#framer = new RecordFramer({
      frame: (bytes, from, to) => give(bytes, from, to, this.#offset),
      skipped: (_offset, length) => notes.skipped(this.#offset, length),
      cut: (_offset, length) => notes.cut(this.#offset, length),
    })
  }

  begin(isBigEndian: boolean): void {
    this.#framer.begin(isBigEndian)
    this.#close()
  }

  /** @param offset of the COMPRESSED record, whose payload is `bytes[from, to)` */
  unpack(bytes: Buffer, from: number, to: number, offset: number): void {
    // No recorder compresses twice.
    if (this.#isUnpacking || from >= to) return
    this.#offset = offset
    this.#zstd ??= new ZstdStream()
    const zstd = this.#zstd
    if (zstd.error !== "") return
    this.#isUnpacking = true
    const limit = (to - from) * MOST_RATIO
    let given = 0
    const isSound = zstd.feed(bytes, from, to, (piece) => {
      given += piece.length
      if (given > limit) return false
      this.#framer.push(piece, offset)
      return true
    })
    this.#isUnpacking = false
    if (isSound) return
    if (zstd.error === "") zstd.error = "it does not end where the record does"
    this.#notes.badZstd(offset, to - from)
  }

  end(): void {
    this.#framer.end()
    this.#close()
  }

  #close(): void {
    this.#zstd?.close()
    this.#zstd = null
  }
}
