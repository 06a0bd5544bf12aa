/** The audit pipe's reading thread as the rest of the program sees it: a stream of bytes. */
import { Worker } from "node:worker_threads"
import { createSharedRing, MessageRing, SLOT } from "../../audit/reader/message-ring.ts"
import { type NativeError, namedSystemError } from "../../native/native-error.ts"
import type { PipeThreadData } from "./pipe-reader-thread.ts"

const WAIT_MS = 500
const LENGTH_BYTES = 4
/** One read of the thread with its length. */
const BLOCK_BYTES = 128 * 1024

/** What a capture needs of a reader; tests bring their own. */
export interface PipeReading {
  /** The bytes in order, each piece the consumer's own; ends when the reader has ended and all is handed out. */
  stream(): AsyncIterable<Buffer>
  /** Reads what the pipe holds now, then ends; `at once` leaves it there. */
  stop(how: "when empty" | "at once"): void
  /** Times that there was no room for what the pipe holds. */
  readonly pauses: number
  /** Why reading ended by itself; undefined while it goes on, and when it was told to end. */
  readonly failure: NativeError | undefined
  close(): Promise<void>
}

export class PipeReader implements PipeReading {
  readonly #ring: MessageRing
  readonly #worker: Worker

  /** Starts the thread, which begins to read at once. @param pauseMs how long it waits when there is no room */
  constructor(descriptor: number, pauseMs: number) {
    const ring = createSharedRing()
    this.#ring = new MessageRing(ring)
    this.#ring.set(SLOT.descriptor, descriptor)
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."))
    const workerData: PipeThreadData = { ring, pauseMs }
    this.#worker = new Worker(new URL(`./pipe-reader-thread${extension}`, import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 12, maxYoungGenerationSizeMb: 1 },
    })
    this.#worker.once("error", () => {
      this.#ring.set(SLOT.failure, 5)
      this.#ring.set(SLOT.ended, 1)
      this.#ring.ring()
    })
  }

  get pauses(): number {
    return this.#ring.get(SLOT.pauses)
  }

  get failure(): NativeError | undefined {
    const errno = this.#ring.get(SLOT.failure)
    return errno === 0 ? undefined : namedSystemError("read", errno)
  }

  async *stream(): AsyncGenerator<Buffer> {
    const block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    for (;;) {
      // Asked first: what was put in before the end is still taken.
      const hasEnded = this.#ring.get(SLOT.ended) !== 0
      const { messages } = this.#ring.take(1, block)
      if (messages > 0) {
        this.#ring.add(SLOT.done, messages)
        yield Buffer.from(block.subarray(LENGTH_BYTES, LENGTH_BYTES + block.readUInt32LE(0)))
      } else if (hasEnded) return
      else await this.#ring.wait(WAIT_MS)
    }
  }

  stop(how: "when empty" | "at once"): void {
    this.#ring.set(SLOT.stop, how === "at once" ? 2 : 1)
    Atomics.notify(this.#ring.counters, SLOT.stop)
  }

  async close(): Promise<void> {
    this.stop("at once")
    await this.#worker.terminate()
  }
}
