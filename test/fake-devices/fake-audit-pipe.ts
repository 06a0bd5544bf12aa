/** An audit pipe without a kernel: what it is told is noted, what it counts is set, what it gives is scripted. */
import { setTimeout as delay } from "node:timers/promises"
import type { AuditPipeDevice } from "../../src/sources/auditpipe/device.ts"
import type { PipeReading } from "../../src/sources/auditpipe/reader/pipe-reader.ts"
import type { PipeRequestName } from "../../src/sources/auditpipe/requests.ts"
import { NativeError } from "../../src/sources/native/native-error.ts"

export class FakeAuditPipe implements AuditPipeDevice {
  readonly descriptor = 77
  /** Requests that set something, with their argument as 32-bit words. */
  readonly told: (readonly [PipeRequestName, ...number[]])[] = []
  readonly words = new Map<PipeRequestName, number>([
    ["getQueueLimitMax", 1024],
    ["getQueueLimit", 1024],
    ["getQueueLength", 0],
    ["getInserts", 0],
    ["getDrops", 0],
    ["getTruncates", 0],
  ])
  /** Requests that fail, with the code. */
  readonly refused = new Map<PipeRequestName, string>()
  isClosed = false

  control(request: PipeRequestName, argument: Buffer): void {
    const code = this.refused.get(request)
    if (code !== undefined) throw new NativeError(code, 1, `ioctl ${request}`, `ioctl ${request}: ${code}`)
    const word = this.words.get(request)
    if (word !== undefined && request.startsWith("get")) argument.writeUInt32LE(word)
    else this.told.push([request, ...wordsOf(argument)])
  }

  close(): void {
    this.isClosed = true
  }
}

function wordsOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32LE(at * 4))
}

/** Gives these pieces, then waits to be stopped, or fails. */
export class FakePipeReading implements PipeReading {
  readonly pauses = 0
  failure: NativeError | undefined
  isClosed = false
  readonly #pieces: readonly Buffer[]
  readonly #last: NativeError | undefined
  readonly #each: () => void
  #isStopped = false

  /** @param each called after every piece */
  constructor(pieces: readonly Buffer[], last?: NativeError, each: () => void = () => {}) {
    this.#pieces = pieces
    this.#last = last
    this.#each = each
  }

  async *stream(): AsyncGenerator<Buffer> {
    for (const piece of this.#pieces) {
      yield piece
      this.#each()
    }
    this.failure = this.#last
    while (this.#last === undefined && !this.#isStopped) await delay(2)
  }

  stop(): void {
    this.#isStopped = true
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.stop()
  }
}
