/**
 * Pulls plain bytes out of one deflate stream or zstd frame, buffer by buffer.
 * node:zlib gives its output away as it comes but drops the last piece when it meets damage, so what was lost is
 * won back by decoding the stream a second time in small steps (`decodeAgain`).
 */

import zlib from "node:zlib"
import type { Bytes } from "./bytes.ts"
import { Cursor } from "./cursor.ts"

/** Packed bytes decoded at a time. */
export const INPUT_STEP = 32 * 1024
/** Near damage the step shrinks by this factor with each repetition, down to one byte: 32 KiB is its cube. */
const NARROWING = 32
const OUTPUT_BUFFER = 128 * 1024

/** Of frames that hold somebody else's bytes; the last four bits may be anything. */
const SKIPPABLE_MAGIC = 0x184d2a50
/** A zstd frame header at most, and the block header behind it. */
const ZSTD_START_BYTES = 18 + 3

export type Codec = "deflate" | "zstd"

/** How a decoding ended; `truncated` when the packed bytes ran out, `mismatched` when all is there but the checksum. */
export interface Ending {
  readonly how: "complete" | "truncated" | "damaged" | "mismatched"
  readonly message: string
}

/** One deflate stream or zstd frame. */
export class Decoder {
  readonly #stream: zlib.InflateRaw | zlib.ZstdDecompress
  #error = ""
  #isMismatch = false
  #fed = 0
  #wake: () => void = () => {}

  constructor(codec: Codec) {
    const options = { chunkSize: OUTPUT_BUFFER, readableHighWaterMark: 1 }
    this.#stream = codec === "deflate" ? zlib.createInflateRaw(options) : zlib.createZstdDecompress(options)
    this.#stream.on("readable", () => this.#wake())
    this.#stream.on("error", (error) => {
      this.#error = error.message
      this.#isMismatch = "code" in error && error.code === "ZSTD_error_checksum_wrong"
      this.#wake()
    })
  }

  /** What went wrong, '' while all is well. */
  get error(): string {
    return this.#error
  }

  /** True when what went wrong is the checksum at the end alone. */
  get isMismatch(): boolean {
    return this.#isMismatch
  }

  /** Packed bytes taken so far; fewer than fed once the stream has ended. */
  get consumed(): number {
    return this.#stream.bytesWritten
  }

  get hasEnded(): boolean {
    return this.#stream.bytesWritten < this.#fed
  }

  /** Feeds packed bytes, which must stay valid until the last output has been taken, and gives the output. */
  async *feed(input: Buffer): AsyncGenerator<Buffer, void, undefined> {
    let isWritten = false
    this.#fed += input.length
    this.#stream.write(input, () => {
      isWritten = true
      this.#wake()
    })
    for (;;) {
      for (let out = this.#take(); out !== null; out = this.#take()) yield out
      if (isWritten || this.#error !== "") return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** True when the stream is known to be complete although no byte follows it. */
  async isComplete(): Promise<boolean> {
    if (this.hasEnded) return true
    if (this.#error !== "") return false
    const ended = new Promise<boolean>((resolve) => {
      this.#stream.once("end", () => resolve(true))
      this.#stream.once("error", () => resolve(false))
    })
    const drain = () => {
      while (this.#take() !== null) {}
    }
    this.#wake = drain
    this.#stream.end()
    drain()
    return ended
  }

  close(): void {
    this.#stream.destroy()
  }

  #take(): Buffer | null {
    return this.#stream.read() as Buffer | null
  }
}

/** Where packed bytes come from. */
export interface PackedInput {
  readonly cursor: Cursor
  /** The bytes that `cursor` runs over, to read them again after damage. */
  readonly bytes: Bytes
}

/** Decodes one stream or frame at the cursor, leaves the cursor behind it, and returns how it ended. */
export async function* decode(input: PackedInput, codec: Codec): AsyncGenerator<Buffer, Ending, undefined> {
  const { cursor, bytes } = input
  const decoder = new Decoder(codec)
  const start = cursor.position
  let given = 0
  let head = Buffer.alloc(0)
  try {
    for (;;) {
      const packed = await cursor.available()
      if (packed === null) {
        const isEmpty = codec === "deflate" || given > 0 || isEmptyFrame(head)
        if (isEmpty && (await decoder.isComplete())) return { how: "complete", message: "" }
        return { how: "truncated", message: "the packed bytes end before the stream does" }
      }
      const step = packed.subarray(0, INPUT_STEP)
      if (head.length < ZSTD_START_BYTES) head = Buffer.concat([head, step.subarray(0, ZSTD_START_BYTES)])
      for await (const out of decoder.feed(step)) {
        given += out.length
        yield out
      }
      if (decoder.error !== "") {
        if (bytes.isRereadable)
          yield* decodeAgain(bytes, codec, { start, sound: cursor.position - start, given })
        return { how: decoder.isMismatch ? "mismatched" : "damaged", message: decoder.error }
      }
      cursor.consume(decoder.consumed - (cursor.position - start))
      if (decoder.hasEnded) return { how: "complete", message: "" }
    }
  } finally {
    decoder.close()
  }
}

/**
 * True for a zstd frame that holds nothing: its first block is the last, and empty. Node.js 22 calls a frame complete
 * of which it has seen no block. Source: RFC 8878, sections 3.1.1.1 and 3.1.1.2.
 */
function isEmptyFrame(head: Buffer): boolean {
  const isSkippable = head.length >= 4 && head.readUInt32LE(0) >>> 4 === SKIPPABLE_MAGIC >>> 4
  if (isSkippable) return true
  const descriptor = head[4]
  if (descriptor === undefined) return false
  const isSingleSegment = (descriptor & 0x20) !== 0
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const blockAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes
  if (blockAt + 3 > head.length) return false
  const block = head.readUIntLE(blockAt, 3)
  return (block & 1) === 1 && block >> 3 === 0
}

/** How far a decoding came: damage lies within the step behind the first `sound` packed bytes. */
interface Progress {
  readonly start: number
  readonly sound: number
  readonly given: number
}

/**
 * Decodes the stream at `start` once more, in smaller steps behind the sound part, and gives what comes after the
 * `given` bytes. Repeats itself with ever smaller steps until a step is one byte.
 */
async function* decodeAgain(
  bytes: Bytes,
  codec: Codec,
  { start, sound, given }: Progress,
  smallStep = INPUT_STEP / NARROWING,
): AsyncGenerator<Buffer, void, undefined> {
  const cursor = new Cursor(bytes.read(() => {}))
  const decoder = new Decoder(codec)
  let seen = 0
  try {
    await cursor.skip(start)
    while (decoder.error === "") {
      const packed = await cursor.available()
      if (packed === null || decoder.hasEnded) return
      const left = sound - (cursor.position - start)
      const step = packed.subarray(0, left > 0 ? Math.min(left, INPUT_STEP) : smallStep)
      for await (const out of decoder.feed(step)) {
        if (seen + out.length > given) yield out.subarray(Math.max(0, given - seen))
        seen += out.length
      }
      if (decoder.error === "") cursor.consume(step.length)
    }
  } finally {
    decoder.close()
    await cursor.close()
  }
  const progress = { start, sound: cursor.position - start, given: Math.max(given, seen) }
  if (smallStep > 1) yield* decodeAgain(bytes, codec, progress, smallStep / NARROWING)
}
