/** Publisher of followed files: each log with its rotations goes through one reader, and is resumed by a later run. */
import type { BlockShape } from "../../sources/follow/block-shape.ts"
import type { FollowEvent } from "../../sources/follow/events.ts"
import { type FollowOptions, follow } from "../../sources/follow/follow.ts"
import type { SourceFacts } from "../../sources/source.ts"
import { chooseFormat } from "../reading/choose-format.ts"
import { ChainFeed } from "./chain-feed.ts"
import type { FeedOptions, KnownSource } from "./feed.ts"

export interface FollowFeedOptions
  extends FeedOptions,
    Pick<FollowOptions, "fromEnd" | "pollMs" | "signal" | "sleep" | "watch"> {
  /** What an earlier run left of the file with this head; asked before it is opened, and more than once. */
  readonly known?: (head: Buffer, facts: SourceFacts) => KnownSource | undefined
}

export class FollowFeed {
  readonly #paths: readonly string[]
  readonly #options: FollowFeedOptions
  readonly #chains = new Map<string, ChainFeed>()
  /** Chains of which this run has read a file to its end: no earlier run knows the next one. */
  readonly #gone = new Set<string>()

  constructor(paths: readonly string[], options: FollowFeedOptions) {
    this.#paths = paths
    this.#options = options
  }

  /** Follows until the signal is aborted; then what is there is read, and every chain is saved or ended. */
  async run(): Promise<void> {
    const { known, fromEnd, pollMs, signal, sleep, watch } = this.#options
    const events = follow(this.#paths, {
      ...(known === undefined ? {} : { resumeAt: (head, facts) => this.#resumeAt(head, facts) }),
      blocksOf: (head, facts) => this.#blocksOf(head, facts),
      ...(fromEnd === undefined ? {} : { fromEnd }),
      ...(pollMs === undefined ? {} : { pollMs }),
      ...(signal === undefined ? {} : { signal }),
      ...(sleep === undefined ? {} : { sleep }),
      ...(watch === undefined ? {} : { watch }),
    })
    for await (const event of events) await this.#take(event)
    for (const chain of this.#chains.values()) await chain.stop()
  }

  /** Saves where every reader stands, as of the steps that have run; to be called between two of them. */
  save(): void {
    for (const chain of this.#chains.values()) chain.save()
  }

  async #take(event: FollowEvent): Promise<void> {
    if (event.kind === "idle") {
      for (const chain of this.#chains.values()) await chain.idle()
    } else if (event.kind === "problem") {
      const { problem, path, file } = event
      if (file !== null) await this.#chain(file.chain).problem(problem, path)
      else await this.#options.deliver(0, () => this.#options.problem(problem, path, undefined))
    } else await this.#takeOfFile(event)
  }

  async #takeOfFile(
    event: Extract<FollowEvent, { readonly kind: "begin" | "bytes" | "end" }>,
  ): Promise<void> {
    const { file } = event
    const chain = this.#chain(file.chain)
    if (event.kind === "bytes") return chain.push(event.bytes, event.offset, event.isOld)
    if (event.kind === "end") {
      if (event.why === "stopped") return
      this.#gone.add(file.chain)
      return chain.end()
    }
    const { head, startOffset, facts, isInPlace } = file
    const known = this.#options.known?.(head, facts)
    const goesOn = isInPlace ? !this.#gone.has(file.chain) : known?.resumeOffset === startOffset
    await chain.begin(facts, { head, startOffset, known: goesOn ? known : undefined, isInPlace })
  }

  /** A file that is a guess must not come before one that is none: that is the one to go on with. */
  #resumeAt(head: Buffer, facts: SourceFacts): number | undefined {
    const known = this.#options.known?.(head, facts)
    return known?.isGuess === true ? undefined : known?.resumeOffset
  }

  #blocksOf(head: Buffer, facts: SourceFacts): BlockShape | undefined {
    const choice = chooseFormat(head, facts, this.#options.format)
    if (choice.kind !== "format") return undefined
    const { inPlace } = choice.format
    return inPlace?.variant === choice.detection.variant ? inPlace.blocks : undefined
  }

  #chain(key: string): ChainFeed {
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const chain = new ChainFeed(this.#options)
    this.#chains.set(key, chain)
    return chain
  }
}
