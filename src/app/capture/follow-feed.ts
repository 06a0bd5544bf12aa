/** Publisher of followed files: each log with its rotations goes through one reader, and is resumed by a later run. */
import type { Problem } from "../../base/problem.ts"
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

const CHANGES_IN_PLACE: Problem = {
  code: "source/not-followed",
  severity: "warning",
  offset: 0,
  length: 0,
  message:
    "an event log that is still written changes in place, where this does not look: it is read as it is now. " +
    "Its events as they come: wevtutil … | retrail capture follow -",
}

export class FollowFeed {
  readonly #paths: readonly string[]
  readonly #options: FollowFeedOptions
  readonly #chains = new Map<string, ChainFeed>()

  constructor(paths: readonly string[], options: FollowFeedOptions) {
    this.#paths = paths
    this.#options = options
  }

  /** Follows until the signal is aborted; then what is there is read, and every chain is saved or ended. */
  async run(): Promise<void> {
    const { known, fromEnd, pollMs, signal, sleep, watch } = this.#options
    const events = follow(this.#paths, {
      ...(known === undefined ? {} : { resumeAt: (head, facts) => known(head, facts)?.resumeOffset }),
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
    if (event.kind === "bytes") return chain.push(event.bytes, event.offset)
    if (event.kind === "end") return event.why === "stopped" ? undefined : chain.end()
    const known = this.#options.known?.(file.head, file.facts)
    const isResumed = known !== undefined && known.resumeOffset === file.startOffset
    const { head, startOffset, facts } = file
    await chain.begin(facts, { head, startOffset, known: isResumed ? known : undefined })
    const choice = chooseFormat(head, facts, this.#options.format)
    if (choice.kind === "format" && choice.format.changesInPlace === true) {
      await chain.problem(CHANGES_IN_PLACE, facts.path)
    }
  }

  #chain(key: string): ChainFeed {
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const chain = new ChainFeed(this.#options)
    this.#chains.set(key, chain)
    return chain
  }
}
