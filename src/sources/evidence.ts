/** The Source over one reading: hands on content, hashes it, and guards against what unpacks without end. */

import { createHash, type Hash } from "node:crypto"
import type { Problem } from "../base/problem.ts"
import type { ReadStretches } from "../formats/format.ts"
import { Reading, type ReadingOptions } from "./reading.ts"
import type { Chunk, ReadOptions, Source, SourceFacts } from "./source.ts"
import { describeBomb, type SourceLimits } from "./source-limits.ts"
import { readAtPlaces, readThrough } from "./stretches.ts"

/** Bytes of content that `Source.head` shows. */
export const HEAD_BYTES = 256 * 1024

/** What one input gave away so far over all its members; a zip may list the same bytes a thousand times. */
export interface Budget {
  /** Bytes of the input as stored. */
  stored: number
  /** Bytes of content handed on. */
  given: number
}

export interface EvidenceOptions {
  readonly facts: SourceFacts
  readonly reading: Reading
  /** How to start over. */
  readonly restart: ReadingOptions
  readonly budget: Budget
  /** Found before the reading began. */
  readonly problems: readonly Problem[]
}

export class Evidence implements Source {
  readonly facts: SourceFacts
  readonly head: Buffer
  readonly isRereadable: boolean
  #reading: Reading
  readonly #restart: ReadingOptions
  readonly #limits: SourceLimits
  readonly #budget: Budget
  readonly #openProblems: readonly Problem[]
  #runs = 0
  #contentRead = 0
  #digests = { stored: "", content: "" }
  readonly #prefixDigests = new Map<number, string>()

  private constructor(options: EvidenceOptions, head: Buffer) {
    this.facts = options.facts
    this.head = head
    this.isRereadable = options.restart.stored.isRereadable
    this.#reading = options.reading
    this.#restart = options.restart
    this.#limits = options.restart.limits
    this.#budget = options.budget
    this.#openProblems = options.problems
  }

  /** Looks at the head and takes over the reading. */
  static async open(options: EvidenceOptions): Promise<Evidence> {
    const head = await options.reading.content.peek(HEAD_BYTES)
    return new Evidence(options, Buffer.from(head))
  }

  get digests() {
    return this.#digests
  }

  get prefixDigests(): ReadonlyMap<number, string> {
    return this.#prefixDigests
  }

  get storedRead(): number {
    return this.#reading.tap.count
  }

  get contentRead(): number {
    return this.#contentRead
  }

  get problems(): readonly Problem[] {
    return [...this.#openProblems, ...this.#reading.problems]
  }

  async *chunks(options: ReadOptions = {}): AsyncGenerator<Chunk, void, undefined> {
    await this.#begin()
    const startAt = options.startAt ?? 0
    const isHashed = options.skipsDigests !== true
    const hash = isHashed ? new PrefixHash(options.prefixDigests ?? [], this.#prefixDigests) : null
    if (this.#reading.isPlain || !isHashed) this.#reading.tap.stopHashing()
    for await (const bytes of this.#reading.content.read()) {
      const offset = this.#contentRead
      hash?.update(bytes)
      this.#contentRead += bytes.length
      const skipped = Math.max(0, startAt - offset)
      if (skipped < bytes.length) yield { bytes: bytes.subarray(skipped), offset: offset + skipped }
      if (this.#isBomb(bytes.length)) break
    }
    const stored = await this.#reading.tap.finish()
    const content = hash?.finish() ?? ""
    this.#digests = { stored: this.#reading.isPlain ? content : stored, content }
  }

  /** From a plain file at its place, else by unpacking once more up to the last stretch. */
  readonly readStretches: ReadStretches = async (wanted) => {
    if (!this.isRereadable) return null
    const { random } = this.#restart.stored
    if (this.#reading.isPlain && random !== null) return readAtPlaces(random, wanted)
    return readThrough(this.#reading.contentBytes, wanted)
  }

  /** Gives up what reading holds. */
  async close(): Promise<void> {
    await this.#reading.close()
  }

  async #begin(): Promise<void> {
    if (this.#runs++ === 0) return
    if (!this.isRereadable) throw new Error("this source can be read only once")
    await this.#reading.close()
    this.#reading = await Reading.start(this.#restart)
    this.#contentRead = 0
    this.#digests = { stored: "", content: "" }
    this.#prefixDigests.clear()
  }

  /** Counts a chunk on the input's account; plain files cost what they hold and are not guarded. */
  #isBomb(length: number): boolean {
    if (this.facts.packing === "") return false
    if (this.#runs === 1) this.#budget.given += length
    const stored = Math.max(this.#budget.stored, this.#reading.tap.count)
    const bomb = describeBomb(stored, this.#budget.given, this.#limits)
    if (bomb === "") return false
    this.#reading.problems.push({
      code: "source/bomb",
      severity: "error",
      offset: this.#contentRead,
      length: 0,
      message: `${bomb}, counted over the whole input: given up after ${this.#contentRead} bytes of this source`,
    })
    return true
  }
}

/** SHA-256 that also notes the digest at chosen lengths. */
class PrefixHash {
  readonly #hash: Hash = createHash("sha256")
  readonly #lengths: readonly number[]
  readonly #digests: Map<number, string>
  #length = 0
  #next = 0

  constructor(lengths: readonly number[], digests: Map<number, string>) {
    this.#lengths = [...new Set(lengths)].sort((a, b) => a - b)
    this.#digests = digests
    this.#note()
  }

  update(bytes: Buffer): void {
    let from = 0
    while (from < bytes.length) {
      const wanted = (this.#lengths[this.#next] ?? Number.POSITIVE_INFINITY) - this.#length
      const to = Math.min(bytes.length, from + wanted)
      this.#hash.update(bytes.subarray(from, to))
      this.#length += to - from
      from = to
      this.#note()
    }
  }

  finish(): string {
    return this.#hash.digest("hex")
  }

  #note(): void {
    while (this.#lengths[this.#next] !== undefined && (this.#lengths[this.#next] ?? 0) <= this.#length) {
      this.#digests.set(this.#length, this.#hash.copy().digest("hex"))
      this.#next++
    }
  }
}
