/**
 * One audit pipe: what it selects, how much it may hold, what it has dropped. Everything set here belongs to the pipe
 * alone and goes with it; the kernel's audit and auditd's trail stay as they are.
 * Source of truth: auditpipe(4); osquery osquery/events/darwin/openbsm.cpp (mode, classes).
 */
import { endianness } from "node:os"
import type { AuditPipeDevice } from "./device.ts"
import { PIPE_REQUESTS, type PipeRequestName, PRESELECT_LOCAL } from "./requests.ts"

/** What osquery asks for; taken when the pipe does not say what it allows. */
const USUAL_QUEUE_LIMIT = 512

export interface PipeCounters {
  /** Records put into the pipe's queue, and thrown away because it was full. */
  readonly inserts: number
  readonly drops: number
  /** Records that were longer than the reader's buffer. */
  readonly truncates: number
}

export interface PipeQueue {
  readonly length: number
  readonly limit: number
}

/** An argument as this machine lays it out. */
const NATIVE = endianness()

export class PipeSession {
  readonly #device: AuditPipeDevice

  constructor(device: AuditPipeDevice) {
    this.#device = device
  }

  get descriptor(): number {
    return this.#device.descriptor
  }

  /**
   * Reads without blocking, and with the longest queue. With a mask the pipe selects by itself, what succeeds and what
   * fails, of users and of nobody (`naflags`); without one it gives what goes into the trail. The mode comes first:
   * until then the pipe selects by the trail's flags; what was queued before the masks held is flushed.
   * @throws NativeError
   */
  configure(mask: number | undefined): void {
    if (mask !== undefined) this.#setWord("setPreselectMode", PRESELECT_LOCAL)
    this.#setWord("setQueueLimit", this.#longestQueue())
    if (mask !== undefined) this.#select(mask)
    this.#device.control("flush", Buffer.alloc(0))
    this.#setWord("setNonBlocking", 1)
  }

  /** Nothing more is queued; what is there can be read to its end. */
  deselect(): void {
    this.#setWord("setPreselectMode", PRESELECT_LOCAL)
    this.#select(0)
  }

  counters(): PipeCounters {
    const [inserts, drops, truncates] = (["getInserts", "getDrops", "getTruncates"] as const).map((name) =>
      this.#getWide(name),
    )
    return { inserts: inserts ?? 0, drops: drops ?? 0, truncates: truncates ?? 0 }
  }

  queue(): PipeQueue {
    return { length: this.#getWord("getQueueLength"), limit: this.#getWord("getQueueLimit") }
  }

  close(): void {
    this.#device.close()
  }

  #longestQueue(): number {
    try {
      return this.#getWord("getQueueLimitMax") || USUAL_QUEUE_LIMIT
    } catch {
      return USUAL_QUEUE_LIMIT
    }
  }

  /** au_mask_t: u32 success, u32 failure. */
  #select(mask: number): void {
    const both = Buffer.concat([word(mask), word(mask)])
    this.#device.control("setPreselectFlags", Buffer.from(both))
    this.#device.control("setPreselectNaflags", Buffer.from(both))
  }

  #setWord(request: PipeRequestName, value: number): void {
    this.#device.control(request, word(value))
  }

  #getWord(request: PipeRequestName): number {
    const argument = Buffer.alloc(4)
    this.#device.control(request, argument)
    return NATIVE === "LE" ? argument.readUInt32LE() : argument.readUInt32BE()
  }

  /** FreeBSD writes 32 of the 64 bits, on top of zeros. */
  #getWide(request: PipeRequestName): number {
    const argument = Buffer.alloc(PIPE_REQUESTS[request].bytes)
    this.#device.control(request, argument)
    return Number(NATIVE === "LE" ? argument.readBigUInt64LE() : argument.readBigUInt64BE())
  }
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  if (NATIVE === "LE") bytes.writeUInt32LE(value >>> 0)
  else bytes.writeUInt32BE(value >>> 0)
  return bytes
}
