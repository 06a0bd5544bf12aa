/** Reads one file of a followed log: from where an earlier run stopped, to its end for now, anew when it was emptied. */
import type { Problem } from "../../base/problem.ts"
import { ioProblem } from "../bytes.ts"
import { refuse } from "../file-bytes.ts"
import { packingOf } from "../packing.ts"
import type { SourceFacts } from "../source.ts"
import { BlockReading } from "./block-reading.ts"
import type { BlockShape } from "./block-shape.ts"
import type { FollowEvent, FollowedEnd, FollowedFile } from "./events.ts"
import { OpenLog } from "./open-log.ts"
import type { Remarks } from "./remarks.ts"
import { listSiblings } from "./siblings.ts"

/** Where an earlier run stopped in the file with this head; undefined when none has read it. */
export type ResumeAt = (head: Buffer, facts: SourceFacts) => number | undefined

/** How the file with this head is written in place; undefined when it is only added to. */
export type BlocksOf = (head: Buffer, facts: SourceFacts) => BlockShape | undefined

export interface FileReadingOptions {
  readonly chain: string
  readonly resumeAt: ResumeAt | undefined
  readonly blocksOf: BlocksOf | undefined
  /** Filled anew with every read. */
  readonly buffer: Buffer
  readonly remarks: Remarks
}

/** `all`: every byte there is. `more`: the limit came first. `anew`: the file was emptied, and begins again. */
export type Outcome = "all" | "more" | "anew"

type Events<Result = void> = AsyncGenerator<FollowEvent, Result, undefined>

export class FileReading {
  readonly #log: OpenLog
  readonly #options: FileReadingOptions
  /** Where to begin when no earlier run knows the file. */
  #startAt: number
  /** null before its first byte. */
  #file: FollowedFile | null = null
  /** A file of this size is not to be begun. */
  #passedSize = 0
  /** Set for a file that is written in place. */
  #blocks: BlockReading | null = null

  constructor(log: OpenLog, startAt: number, options: FileReadingOptions) {
    this.#log = log
    this.#startAt = startAt
    this.#options = options
  }

  get identity(): string {
    return this.#log.identity
  }

  /** Whether it has bytes. */
  async hasBytes(): Promise<boolean> {
    await this.#log.look().catch(() => "none")
    return this.#log.size > 0
  }

  /**
   * Hands on what is new, about `limitBytes` of it.
   * @param path where copies of it would lie beside
   * @param isFinal nobody looks again
   */
  async *read(limitBytes: number, path: string, isFinal: boolean): Events<Outcome> {
    const log = this.#log
    try {
      if (this.#blocks !== null) return yield* this.#readBlocks(this.#blocks, limitBytes, isFinal)
      if ((await log.look()) === "truncated") {
        yield* this.#beginAnew(path)
        return "anew"
      }
      if (this.#file === null && log.size === this.#passedSize) return "all"
      const file = this.#file ?? (yield* this.#begin())
      if (this.#blocks !== null) return yield* this.#readBlocks(this.#blocks, limitBytes, isFinal)
      return file === null ? "all" : yield* this.#readBytes(log, file, limitBytes)
    } catch (error) {
      yield* this.#options.remarks.say(ioProblem(error, log.offset), log.path, this.#file)
      return "all"
    }
  }

  async *end(why: FollowedEnd): Events {
    if (this.#blocks !== null) return yield* this.#blocks.end(why)
    const log = this.#log
    const file = this.#file
    await log.close()
    if (file === null) return
    const length = log.size - log.offset
    if (length > 0) {
      const message = `${length} bytes that are there are left for the next run`
      const problem: Problem = { code: "source/grew", severity: "info", offset: log.offset, length, message }
      yield { kind: "problem", path: log.path, file, problem }
    }
    yield { kind: "end", file, why }
  }

  async close(): Promise<void> {
    await this.#log.close()
  }

  async *#readBlocks(blocks: BlockReading, limitBytes: number, isFinal: boolean): Events<Outcome> {
    const outcome = yield* blocks.read(limitBytes, isFinal)
    if (outcome === "anew") await this.#forget()
    return outcome
  }

  async *#readBytes(log: OpenLog, file: FollowedFile, limitBytes: number): Events<Outcome> {
    const limit = log.offset + limitBytes
    while (log.offset < log.size) {
      if (log.offset >= limit) return "more"
      const { offset } = log
      const bytes = await log.read(this.#options.buffer)
      // Shorter than a moment ago: the next look tells.
      if (bytes.length === 0) return "more"
      yield { kind: "bytes", file, bytes, offset }
    }
    return "all"
  }

  /** null for a file that is not read. */
  async *#begin(): Events<FollowedFile | null> {
    const log = this.#log
    const head = await log.head()
    this.#passedSize = log.size
    const packing = packingOf(head)
    if (packing !== "") {
      const message = `a packed file (${packing}) does not grow, and is not followed`
      yield* this.#options.remarks.say(refuse("source/not-followed", message, "warning"), log.path)
      return null
    }
    const facts = await log.facts()
    const known = this.#options.resumeAt?.(head, facts)
    const shape = this.#options.blocksOf?.(head, facts)
    if (shape !== undefined) return yield* this.#beginBlocks(head, facts, shape, known === undefined)
    const startOffset = known === undefined ? this.#startAt : known <= log.size ? known : 0
    await log.moveTo(startOffset)
    // A file of which nothing is wanted begins with its next bytes; one that is known, at once: its events may
    // go on in the next file of the chain.
    if (head.length === 0 || (known === undefined && startOffset === log.size)) return null
    return yield* this.#announce({ head, facts, startOffset, isInPlace: false })
  }

  async *#beginBlocks(
    head: Buffer,
    facts: SourceFacts,
    shape: BlockShape,
    isNew: boolean,
  ): Events<FollowedFile> {
    const { buffer, remarks } = this.#options
    const file = yield* this.#announce({ head, facts, startOffset: 0, isInPlace: true })
    const passesOver = isNew && this.#startAt > 0
    this.#blocks = new BlockReading(this.#log, { shape, file, passesOver, buffer, remarks })
    return file
  }

  async *#announce(parts: Omit<FollowedFile, "path" | "chain">): Events<FollowedFile> {
    const file: FollowedFile = { path: this.#log.path, chain: this.#options.chain, ...parts }
    this.#file = file
    yield { kind: "begin", file }
    return file
  }

  /** What came before the file was emptied can be in a copy; what comes now is another source. */
  async *#beginAnew(path: string): Events {
    const log = this.#log
    const file = this.#file
    const [offset, size] = [log.offset, log.size]
    const copied = file === null ? 0 : yield* this.#readCopy(file, path)
    const copy = copied > 0 ? `; ${copied} bytes behind that place were read from its copy` : ""
    const problem: Problem = {
      code: "source/truncated-in-place",
      severity: "info",
      offset,
      length: 0,
      message: `it was read up to byte ${offset}, has ${size} bytes and other ones now, and is read anew${copy}`,
    }
    yield { kind: "problem", path: log.path, file, problem }
    if (file !== null) yield { kind: "end", file, why: "truncated" }
    await this.#forget()
  }

  /** What comes next is another source. */
  async #forget(): Promise<void> {
    this.#file = null
    this.#blocks = null
    this.#startAt = 0
    this.#passedSize = 0
    await this.#log.moveTo(0)
  }

  /** Reads on in a file beside that holds the same bytes before the place reached. */
  async *#readCopy(file: FollowedFile, path: string): Events<number> {
    const { offset, tail } = this.#log
    if (tail.length === 0) return 0
    for (const sibling of (await listSiblings(path)).reverse()) {
      if (sibling.identity === this.identity) continue
      const copy = await OpenLog.open(sibling.path)
      if (!(copy instanceof OpenLog)) continue
      try {
        if (copy.size < offset || !(await copy.holds(tail, offset))) continue
        await copy.moveTo(offset)
        yield* this.#readBytes(copy, file, Number.POSITIVE_INFINITY)
        return copy.offset - offset
      } finally {
        await copy.close()
      }
    }
    return 0
  }
}
