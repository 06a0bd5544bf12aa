/** From the reader's thread into the session: blocks of messages, each worth so many records, through one parser. */
import type { Clock } from "../../../base/clock.ts"
import type { KernelFramerOptions } from "../../../formats/linux-audit/framing/kernel.ts"
import type { AuditReader } from "../../../sources/audit/reader/audit-reader.ts"
import { SLOT } from "../../../sources/audit/reader/message-ring.ts"
import { LinuxAuditReader } from "../../reading/linux-audit-reader.ts"
import type { ReaderOptions, Tally } from "../../reading/reader.ts"
import type { LiveSession } from "../live-session.ts"

/** Messages that are taken from the ring at a time. */
const TAKEN_MESSAGES = 1024
/** Room for so many of the usual length; one of the longest fits in any case. */
const BLOCK_BYTES = 512 * 1024
const WAIT_MS = 500
/** Fewer messages than this can wait a moment for more: a transaction costs more than a row. */
const FEW_MESSAGES = 1024
const MOMENT_MS = 100
const LENGTH_BYTES = 4

export interface AuditFeedOptions {
  readonly session: LiveSession
  readonly clock: Clock
  readonly readerOptions: ReaderOptions
  readonly taps: Omit<KernelFramerOptions, "consumer" | "header">
}

export class AuditFeed {
  readonly #options: AuditFeedOptions
  readonly #parser: LinuxAuditReader
  /** Used again and again: what the parser keeps of one it copies. */
  readonly #blocks: Buffer[] = []
  #pauses = 0

  constructor(options: AuditFeedOptions) {
    this.#options = options
    this.#parser = new LinuxAuditReader(options.readerOptions)
  }

  /** Rows from now on come from this source. */
  beginSource(sourceId: number, tally: Tally): void {
    this.#parser.beginKernel(sourceId, tally, this.#options.taps)
  }

  /** Messages that did not come through the reader. */
  pushEarly(messages: readonly Buffer[]): void {
    const block = Buffer.concat(messages.flatMap((message) => [lengthOf(message), message]))
    if (messages.length > 0) this.#options.session.put(messages.length, () => this.#parser.push(block, 0))
  }

  /** Hands on what comes until the reader has ended and nothing is left. */
  async publish(reader: AuditReader): Promise<void> {
    const { session, clock } = this.#options
    const { ring } = reader
    for (;;) {
      // Asked first: what the reader put in before it ended is still taken. What waits to be parsed is not waited for,
      // since it never is when a stage has failed.
      const hasEnded = reader.hasEnded
      const block = this.#blocks.pop() ?? Buffer.allocUnsafe(BLOCK_BYTES)
      const { messages, bytes } = ring.take(TAKEN_MESSAGES, block)
      this.#notePauses(reader)
      if (messages === 0) {
        this.#blocks.push(block)
        if (hasEnded) break
        await ring.wait(WAIT_MS)
        if (ring.waiting < FEW_MESSAGES && !reader.hasEnded) await clock.sleep(MOMENT_MS)
        continue
      }
      session.put(messages, () => {
        this.#parser.push(block.subarray(0, bytes), 0)
        this.#blocks.push(block)
        ring.add(SLOT.done, messages)
      })
    }
    session.put(0, () => this.#parser.end())
  }

  /** Ends events that nothing will come for any more. */
  tick(reader: AuditReader): void {
    if (reader.ring.waiting > 0) return
    const second = Math.floor(this.#options.clock.nowMs() / 1000)
    this.#options.session.put(0, () => this.#parser.endOlderThan(second))
  }

  #notePauses({ ring }: AuditReader): void {
    const { pipeline } = this.#options.session
    const pauses = ring.get(SLOT.pauses)
    if (pauses !== this.#pauses) pipeline.reading.paused(pauses - this.#pauses)
    this.#pauses = pauses
    if (ring.get(SLOT.isPausing) === 0) pipeline.sayReading()
  }
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(message.length)
  return length
}
