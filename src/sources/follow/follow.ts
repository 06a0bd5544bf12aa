/**
 * Follows growing files and globs as `tail -F` does, through rotation, truncation and packing, until it is told to
 * stop. Links are never followed, and only regular files are read.
 */
import { dirname } from "node:path"
import { refuse } from "../file-bytes.ts"
import type { FollowEvent } from "./events.ts"
import { expandPaths, hasGlobs } from "./expand-paths.ts"
import type { BlocksOf, ResumeAt } from "./file-reading.ts"
import { FollowedChain } from "./followed-chain.ts"
import { type Sleep, sleepFor, Waker } from "./waker.ts"

export interface FollowOptions {
  /** What is there at first is passed over, unless an earlier run has read a part of it. */
  readonly fromEnd?: boolean
  readonly pollMs?: number
  readonly resumeAt?: ResumeAt
  readonly blocksOf?: BlocksOf
  /** Aborted to stop: what is there by then is read first. */
  readonly signal?: AbortSignal
  readonly sleep?: Sleep
  /** Whether to take hints from the system between two looks. */
  readonly watch?: boolean
}

const POLL_MS = 250
const READ_BYTES = 1024 * 1024
/** Of one log in a row, so that others get their turn. */
const TURN_BYTES = 16 * READ_BYTES
/** What is read of a file at the end; a longer backlog is left for the next run. */
const LAST_BYTES = 64 * READ_BYTES
/** Looks between two expansions of globs. */
const EXPANSION_STRIDE = 8

/** Hands on what the files hold and come to hold. Ends when the signal is aborted; never throws on input. */
export async function* follow(
  paths: readonly string[],
  options: FollowOptions = {},
): AsyncGenerator<FollowEvent, void, undefined> {
  const run = new FollowRun(paths, options)
  try {
    yield* run.run()
  } finally {
    await run.close()
  }
}

class FollowRun {
  readonly #paths: readonly string[]
  readonly #options: FollowOptions
  readonly #chains = new Map<string, FollowedChain>()
  readonly #waker: Waker
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  readonly #silentGlobs = new Set<string>()

  constructor(paths: readonly string[], options: FollowOptions) {
    this.#paths = paths
    this.#options = options
    this.#waker = new Waker(options.sleep ?? sleepFor, options.signal)
  }

  async *run(): AsyncGenerator<FollowEvent, void, undefined> {
    const { signal, pollMs = POLL_MS } = this.#options
    const isDynamic = hasGlobs(this.#paths)
    for (let turn = 0; ; turn++) {
      const isLast = signal?.aborted === true
      if (turn === 0 || (isDynamic && (isLast || turn % EXPANSION_STRIDE === 0)))
        yield* this.#expand(turn > 0)
      let isAnyRead = false
      for (const chain of this.#chains.values()) {
        for await (const event of chain.poll(isLast ? LAST_BYTES : TURN_BYTES, isLast)) {
          isAnyRead ||= event.kind === "bytes" || event.kind === "end"
          yield event
        }
      }
      if (isLast) break
      if (isAnyRead) continue
      yield { kind: "idle" }
      if (this.#options.watch !== false) this.#watch()
      await this.#waker.wait(pollMs)
    }
    for (const chain of this.#chains.values()) yield* chain.stop()
  }

  async close(): Promise<void> {
    this.#waker.close()
    for (const chain of this.#chains.values()) await chain.close()
  }

  /** @param isLater logs that have come since the start are new from their first byte on */
  async *#expand(isLater: boolean): AsyncGenerator<FollowEvent, void, undefined> {
    const { fromEnd = false, resumeAt, blocksOf } = this.#options
    for (const { key, paths } of await expandPaths(this.#paths)) {
      const known = this.#chains.get(key)
      known?.addNames(paths)
      if (known !== undefined) continue
      const options = { key, paths, fromEnd: fromEnd && !isLater, resumeAt, blocksOf, buffer: this.#buffer }
      this.#chains.set(key, new FollowedChain(options))
    }
    if (this.#chains.size > 0) return
    for (const path of this.#paths) {
      if (this.#silentGlobs.has(path)) continue
      this.#silentGlobs.add(path)
      const problem = refuse("source/waited-for", "it matches no file yet, and is waited for", "info")
      yield { kind: "problem", path, file: null, problem }
    }
  }

  #watch(): void {
    for (const { path } of this.#chains.values()) this.#waker.watch(dirname(path))
  }
}
