/** The rings as a live source: their bytes as a capture's file has them, the counters once a second, an end without loss. */
import type { Clock } from "../../../base/clock.ts"
import type { BpfFigures } from "../../../pipeline/bpf-figures.ts"
import type { BpfCounters, BpfSession } from "../../../sources/bpf/bpf-session.ts"
import type { FrameWriter } from "../../../sources/bpf/frame-writer.ts"
import type { ByteStream } from "../byte-stream.ts"
import type { LiveState } from "../capture-request.ts"

/** Rings are looked at so often: nobody wakes us, which would cost the programs that are watched. */
const LOOK_AGAIN_MS = 20

export interface BpfStreamOptions {
  readonly session: Pick<BpfSession, "start" | "stop" | "close" | "counters" | "waiting">
  readonly writer: FrameWriter
  readonly clock: Clock
  readonly ringBytes: number
  /** For the person who watches. */
  readonly say: (message: string) => void
}

export class BpfStream implements ByteStream {
  readonly #options: BpfStreamOptions
  readonly #beginning: Buffer
  readonly bytes: AsyncIterable<Uint8Array>
  #isStopped = false
  #hasWarned = false
  #last: BpfCounters
  /** As of the last look. */
  kernel: LiveState["kernel"] = null

  /** Begins to record: what ran before is told by /proc, which takes privileges for a last time. */
  constructor(options: BpfStreamOptions) {
    this.#options = options
    options.session.start()
    this.#last = options.session.counters()
    this.#beginning = options.writer.begin()
    this.bytes = this.#read()
  }

  look(): void {
    const { session, writer, ringBytes } = this.#options
    writer.look()
    this.#last = session.counters()
    const { lost } = this.#last
    this.kernel = { lost, backlog: session.waiting(), backlogLimit: ringBytes }
    if (lost === 0 || this.#hasWarned) return
    this.#hasWarned = true
    this.#options.say(`Warning: the ring had no room for ${lost} records so far; the end tells how many`)
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#options.session.stop()
    this.#isStopped = true
  }

  async whyEnded(): Promise<undefined> {
    return undefined
  }

  figures(): BpfFigures {
    const { attempted, emitted, lost, unpaired } = this.#last
    const unread = emitted - this.#options.writer.records
    return { attempted, emitted, lost, unread, unpaired, isNone: lost + unread + unpaired === 0 }
  }

  async close(): Promise<void> {
    this.#options.session.stop()
    this.#isStopped = true
    this.#options.session.close()
  }

  async *#read(): AsyncGenerator<Buffer> {
    const { writer, clock } = this.#options
    yield this.#beginning
    for (;;) {
      // Asked first: what was written before the end is still taken.
      const isLast = this.#isStopped
      const piece = writer.next()
      if (piece !== undefined) yield piece
      else if (isLast) break
      else await clock.sleep(LOOK_AGAIN_MS)
    }
    const end = writer.end()
    this.#last = this.#options.session.counters()
    yield end
  }
}
