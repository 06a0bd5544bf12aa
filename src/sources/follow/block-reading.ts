/**
 * Reads a log that is written in place: looks again when the file has changed, and now and then without a sign, compares
 * the heads of its blocks, and hands on again those that differ and the newest ones. Who takes them knows what of them
 * is new. A ring that has come round is handed on from its oldest block on.
 */
import { setImmediate as yieldTurn } from "node:timers/promises"
import { crc32 } from "node:zlib"
import type { Problem } from "../../base/problem.ts"
import { refuse } from "../file-bytes.ts"
import type { BlockShape } from "./block-shape.ts"
import { BlockTable } from "./block-table.ts"
import type { FollowEvent, FollowedEnd, FollowedFile } from "./events.ts"
import type { OpenLog } from "./open-log.ts"
import type { Remarks } from "./remarks.ts"

/** Windows notes a change of the file late: so often it is looked at without a sign of one. */
const LOOK_ANYWAY_MS = 5000
/** A file that changed so short a time before a look may have changed since, under the same time. */
const SETTLED_MS = 2000
/** Records reach the disk in any order, and the head of their block last: so many blocks are read at every look. */
const WARM_BLOCKS = 4
/** 16 GiB of an event log: heads of more would take longer to compare than the time between two looks. */
const MAX_BLOCKS = 262_144
/** Heads that are read without giving others their turn. */
const HEADS_IN_A_ROW = 4096

export interface BlockReadingOptions {
  readonly shape: BlockShape
  readonly file: FollowedFile
  /** What is there at the first look is not wanted. */
  readonly passesOver: boolean
  /** Filled anew with every read. */
  readonly buffer: Buffer
  readonly remarks: Remarks
}

/** As of `FileReading`. */
export type BlockOutcome = "all" | "more" | "anew"

type Events<Result = void> = AsyncGenerator<FollowEvent, Result, undefined>

export class BlockReading {
  readonly #log: OpenLog
  readonly #options: BlockReadingOptions
  readonly #table: BlockTable
  readonly #head: Buffer
  readonly #block: Buffer
  #headerDigest = Number.NaN
  #isHeaderDue = false
  /** Digests of the newest blocks, by number. */
  #warm = new Map<number, number>()
  #isOld: boolean
  #size = 0
  #modifiedNs = -1n
  /** Of the last look, on a clock that does not step. */
  #lookedMs = Number.NEGATIVE_INFINITY
  /** The file may have changed since, though its time says otherwise. */
  #isUnsettled = true

  constructor(log: OpenLog, options: BlockReadingOptions) {
    const { shape, passesOver } = options
    this.#log = log
    this.#options = options
    this.#table = new BlockTable(shape)
    this.#head = Buffer.allocUnsafeSlow(shape.headBytes)
    this.#block = Buffer.allocUnsafeSlow(shape.blockBytes)
    this.#isOld = passesOver
  }

  /** Hands on what has changed, about `limitBytes` of it. @param isFinal nobody looks again */
  async *read(limitBytes: number, isFinal: boolean): Events<BlockOutcome> {
    const left = limitBytes - (yield* this.#handOn(limitBytes))
    if (left <= 0) return "more"
    if (!(await this.#hasChanged(isFinal))) return "all"
    if (!(await this.#look())) return yield* this.#beginAnew()
    yield* this.#tellLeftOut()
    yield* this.#handOn(left)
    return this.#isHeaderDue || this.#table.due > 0 ? "more" : "all"
  }

  async *end(why: FollowedEnd): Events {
    const { file, shape } = this.#options
    await this.#log.close()
    if (this.#table.due > 0) {
      const length = this.#table.due * shape.blockBytes
      const message = `about ${length} bytes that have changed are left for the next run`
      const problem: Problem = { code: "source/grew", severity: "info", offset: 0, length, message }
      yield { kind: "problem", path: this.#log.path, file, problem }
    }
    yield { kind: "end", file, why }
  }

  async #hasChanged(isFinal: boolean): Promise<boolean> {
    const log = this.#log
    await log.look()
    const isSigned = log.size !== this.#size || log.modifiedNs !== this.#modifiedNs
    return isFinal || isSigned || this.#isUnsettled || performance.now() - this.#lookedMs >= LOOK_ANYWAY_MS
  }

  /** Compares what is there with what was; false when it is another file's. */
  async #look(): Promise<boolean> {
    const log = this.#log
    const { headerBytes, blockBytes } = this.#options.shape
    if (log.size < this.#size) return false
    this.#size = log.size
    this.#modifiedNs = log.modifiedNs
    this.#lookedMs = performance.now()
    this.#isUnsettled = Date.now() - Number(log.modifiedNs / 1_000_000n) < SETTLED_MS
    this.#noteHeader()
    const count = Math.min(MAX_BLOCKS, Math.ceil((log.size - headerBytes) / blockBytes))
    for (let block = 0; block < count; block++) {
      if (!this.#noteHead(block)) return false
      if (block % HEADS_IN_A_ROW === HEADS_IN_A_ROW - 1) await yieldTurn()
    }
    this.#noteWarm()
    return true
  }

  *#tellLeftOut(): Generator<FollowEvent, void, undefined> {
    const { file, remarks } = this.#options
    const from = this.#placeOf(MAX_BLOCKS)
    if (this.#size <= from) return
    const message = `what lies behind byte ${from} is not followed`
    const problem: Problem = {
      code: "source/not-followed",
      severity: "warning",
      offset: from,
      length: 0,
      message,
    }
    yield* remarks.say(problem, this.#log.path, file)
  }

  #noteHeader(): void {
    const { headerBytes } = this.#options.shape
    const header = this.#block.subarray(0, headerBytes)
    const digest = crc32(header.subarray(0, this.#log.readNow(header, 0)))
    if (digest !== this.#headerDigest) this.#isHeaderDue = true
    this.#headerDigest = digest
  }

  #noteHead(block: number): boolean {
    const at = this.#placeOf(block)
    const length = Math.min(this.#options.shape.blockBytes, this.#size - at)
    const read = this.#log.readNow(this.#head, at)
    return this.#table.note(block, this.#head.subarray(0, read), length)
  }

  #noteWarm(): void {
    const table = this.#table
    const { newest, count } = table
    const warm = new Map<number, number>()
    for (let back = 0; newest >= 0 && back < Math.min(WARM_BLOCKS, count); back++) {
      const block = (newest - back + count) % count
      const read = this.#log.readNow(this.#block, this.#placeOf(block))
      const digest = crc32(this.#block.subarray(0, read))
      if (digest !== this.#warm.get(block)) table.want(block)
      warm.set(block, digest)
    }
    this.#warm = warm
  }

  /** Returns how many bytes it was. */
  async *#handOn(limitBytes: number): Events<number> {
    const table = this.#table
    let given = 0
    if (table.due === 0 && !this.#isHeaderDue) return 0
    if (this.#isHeaderDue) {
      this.#isHeaderDue = false
      given += yield* this.#give(0, this.#options.shape.headerBytes)
    }
    const { oldest, count } = table
    for (let step = 0; step < count && table.due > 0; step++) {
      const block = (oldest + step) % count
      if (!table.isDue(block)) continue
      if (given >= limitBytes) return given
      const blocks = this.#takeRun(block)
      given += yield* this.#give(this.#placeOf(block), blocks * this.#options.shape.blockBytes)
      step += blocks - 1
    }
    if (table.due === 0 && count > 0) this.#isOld = false
    return given
  }

  /** As many blocks that are to be handed on and follow each other as are read at once. */
  #takeRun(first: number): number {
    const { buffer, shape } = this.#options
    const most = Math.max(1, Math.floor(buffer.length / shape.blockBytes))
    let blocks = 0
    while (blocks < most && first + blocks < this.#table.count && this.#table.isDue(first + blocks)) {
      this.#table.handed(first + blocks)
      blocks++
    }
    return blocks
  }

  async *#give(offset: number, length: number): Events<number> {
    const { file, buffer } = this.#options
    const bytes = await this.#log.readAt(buffer, offset, Math.min(length, this.#size - offset))
    if (bytes.length === 0) return 0
    yield { kind: "bytes", file, bytes, offset, ...(this.#isOld ? { isOld: true } : {}) }
    return bytes.length
  }

  async *#beginAnew(): Events<BlockOutcome> {
    const { file } = this.#options
    const { path, size } = this.#log
    const problem = refuse(
      "source/truncated-in-place",
      `it had ${this.#size} bytes, has ${size} bytes and other records now, and is read anew`,
      "info",
    )
    yield { kind: "problem", path, file, problem }
    yield { kind: "end", file, why: "truncated" }
    return "anew"
  }

  #placeOf(block: number): number {
    const { headerBytes, blockBytes } = this.#options.shape
    return headerBytes + block * blockBytes
  }
}
