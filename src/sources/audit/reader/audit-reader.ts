/** The reader's thread as the rest of the program sees it. */
import { Worker } from "node:worker_threads"
import { createSharedRing, MessageRing, SLOT } from "./message-ring.ts"
import type { ReaderThreadData } from "./reader-thread.ts"

export interface AuditReaderOptions {
  /** Descriptor of the audit socket. */
  readonly descriptor: number
  readonly bound: number
  readonly pauseMs: number
  readonly slack: number
}

export class AuditReader {
  readonly ring: MessageRing
  readonly #worker: Worker

  /** Starts the thread, which begins to read at once. */
  constructor({ descriptor, bound, pauseMs, slack }: AuditReaderOptions) {
    const ring = createSharedRing()
    this.ring = new MessageRing(ring)
    this.ring.set(SLOT.descriptor, descriptor)
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."))
    const workerData: ReaderThreadData = { ring, bound, pauseMs, slack }
    this.#worker = new Worker(new URL(`./reader-thread${extension}`, import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 12, maxYoungGenerationSizeMb: 1 },
    })
    this.#worker.once("error", () => {
      this.ring.set(SLOT.ended, 1)
      this.ring.ring()
    })
  }

  /** Resolves when the thread has loaded what it needs, and so needs no files any more. */
  async ready(): Promise<void> {
    while (this.ring.get(SLOT.ready) === 0 && !this.hasEnded) await this.ring.wait(100)
  }

  /** The thread gives up its capabilities too; after the user of the process was changed. */
  dropPrivileges(): void {
    this.ring.set(SLOT.drop, 1)
  }

  /** Reads on from another socket. */
  switchTo(descriptor: number): void {
    this.ring.set(SLOT.descriptor, descriptor)
  }

  /** Reads what is in the socket, then ends; `at once` leaves it there. */
  stop(how: "when empty" | "at once"): void {
    this.ring.set(SLOT.stop, how === "at once" ? 2 : 1)
    Atomics.notify(this.ring.counters, SLOT.stop)
  }

  get hasEnded(): boolean {
    return this.ring.get(SLOT.ended) !== 0
  }

  async close(): Promise<void> {
    this.stop("at once")
    await this.#worker.terminate()
  }
}
