/**
 * The live pipeline: publisher -> records -> parser -> rows -> subscribers, each stage at its own pace, both queues
 * bounded. Saved records take the same way.
 * Source of truth: osquery osquery/events/linux/auditdnetlink.cpp, auditeventpublisher.cpp.
 *
 * DEVIATION(osquery): latency: a burst is handed on as soon as it is read, not after 1,024 records or two seconds
 * of silence.
 */
import type { Clock } from "../base/clock.ts"
import { PAUSE_MS, QUEUE_RECORDS, Throttle } from "./throttle.ts"
import { WorkQueue } from "./work-queue.ts"

/** What the parser has made since it was last asked. */
export interface Parsed<Batch> {
  /** Records that the batch stands for, for the bound of the second queue. */
  readonly records: number
  readonly batch: Batch
}

export interface PipelineOptions<Batch> {
  readonly clock: Clock
  readonly takeParsed: () => Parsed<Batch>
  /** The subscribers: makes everything of one turn last. */
  readonly store: (batches: readonly Batch[]) => void
  /** A throttle message, word for word osquery's; a verbose one is for --verbose only. */
  readonly say: (message: string, isVerbose: boolean) => void
  /** Milliseconds that the subscribers wait after each turn: to show and tune throttling. */
  readonly stallMs?: () => number
}

export class Pipeline<Batch> {
  readonly #options: PipelineOptions<Batch>
  readonly #unprocessed = new WorkQueue<() => void>()
  readonly #processed = new WorkQueue<Batch>()
  readonly reading = new Throttle("reading")
  readonly processing = new Throttle("processing")
  #hasFailed = false
  /** Turns of the subscribers. */
  refreshes = 0

  constructor(options: PipelineOptions<Batch>) {
    this.#options = options
  }

  /** Records between publisher and parser, and between parser and subscribers. */
  get depths(): readonly [unprocessed: number, processed: number] {
    return [this.#unprocessed.records, this.#processed.records]
  }

  /** The most records that ever waited in each queue. */
  get highest(): readonly [unprocessed: number, processed: number] {
    return [this.#unprocessed.highest, this.#processed.highest]
  }

  /**
   * Runs until `publish` has ended and all that it delivered is stored. When a stage fails the others stop, and
   * the failure is thrown; `publish` has to be told to stop by its owner.
   */
  async run(publish: () => Promise<void>): Promise<void> {
    const stages = [
      publish().finally(() => this.#unprocessed.close()),
      this.#parse().finally(() => this.#processed.close()),
      this.#subscribe(),
    ]
    try {
      await Promise.all(stages)
    } catch (error) {
      this.#hasFailed = true
      this.#unprocessed.close()
      throw error
    }
  }

  /** The publisher's side: one step of work, in order. Resolves when the next may follow. */
  readonly deliver = async (records: number, run: () => void): Promise<void> => {
    this.put(records, run)
    await this.#holdBack(this.#unprocessed, this.reading)
    this.sayReading()
  }

  /** Takes work from a reader in a thread of its own, which holds itself back. */
  put(records: number, run: () => void): void {
    this.#unprocessed.put(records, run)
  }

  /** The message about the first queue, if one is due. */
  sayReading(): void {
    this.#say(this.reading, false)
  }

  async #parse(): Promise<void> {
    for (;;) {
      const items = await this.#unprocessed.take()
      if (items === undefined) return
      for (const { records, work } of items) {
        if (this.#hasFailed) return
        work()
        this.#unprocessed.done(records)
        const parsed = this.#options.takeParsed()
        this.#processed.put(parsed.records, parsed.batch)
        await this.#holdBack(this.#processed, this.processing)
        this.#say(this.processing, true)
      }
    }
  }

  async #subscribe(): Promise<void> {
    const { clock, stallMs, store } = this.#options
    for (;;) {
      const items = await this.#processed.take()
      if (items === undefined) return
      for (const { records } of items) this.#processed.done(records)
      store(items.map(({ work }) => work))
      this.refreshes++
      const stall = stallMs?.() ?? 0
      if (stall > 0) await clock.sleep(stall)
    }
  }

  async #holdBack(queue: { readonly records: number }, throttle: Throttle): Promise<void> {
    while (queue.records > QUEUE_RECORDS && !this.#hasFailed) {
      throttle.paused()
      await this.#options.clock.sleep(PAUSE_MS)
    }
  }

  #say(throttle: Throttle, isVerbose: boolean): void {
    const message = throttle.takeMessage(this.#options.clock.nowMs())
    if (message !== undefined) this.#options.say(message, isVerbose)
  }
}
