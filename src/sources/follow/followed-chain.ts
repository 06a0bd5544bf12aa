/**
 * Follows one log through its rotations, a look at a time.
 *
 *   renamed          the old file is read to its end through the open descriptor, also what is written to it until
 *                    the new one has bytes; files that came and were renamed between two looks are found by name
 *   emptied          what a copy of it (copytruncate) holds beyond the place reached is read, then the file anew
 *   deleted          the descriptor stays until a file of that name comes
 *   packed at once   the descriptor holds what the packed file was made from
 *
 * Source of truth: logrotate(8), auditd.conf(5) max_log_file_action, tail(1) -F.
 */
import type { Problem } from "../../base/problem.ts"
import { refuse } from "../file-bytes.ts"
import type { FollowEvent } from "./events.ts"
import { type BlocksOf, FileReading, type ResumeAt } from "./file-reading.ts"
import { identityOf, OpenLog } from "./open-log.ts"
import { Remarks } from "./remarks.ts"
import { isOlder, listSiblings, lookAt, type Sibling } from "./siblings.ts"

export interface ChainOptions {
  readonly key: string
  /** Oldest first; the last one is written to. */
  readonly paths: readonly string[]
  readonly fromEnd: boolean
  readonly resumeAt: ResumeAt | undefined
  readonly blocksOf: BlocksOf | undefined
  /** Filled anew with every read. */
  readonly buffer: Buffer
}

type Events<Result = void> = AsyncGenerator<FollowEvent, Result, undefined>

/** Listing the siblings is repeated while they are being renamed. */
const LISTINGS = 5
/** A file that is emptied again and again is left for the next look. */
const BEGINNINGS = 4
const WAITED_FOR = refuse("source/waited-for", "it does not exist yet, and is waited for", "info")

export class FollowedChain {
  readonly #options: ChainOptions
  readonly #remarks = new Remarks()
  #path: string
  /** Oldest first: the one being read, then those that wait for its end. */
  readonly #open: FileReading[] = []
  /** Files that were there at the start or have been opened since. */
  readonly #seen = new Set<string>()
  #hasStarted = false

  constructor(options: ChainOptions) {
    this.#options = options
    this.#path = options.paths.at(-1) ?? ""
  }

  get path(): string {
    return this.#path
  }

  /** A glob has found more names of this log: a younger one is followed from now on. */
  addNames(paths: readonly string[]): void {
    const newest = paths.at(-1)
    if (newest !== undefined && isOlder(this.#path, newest)) this.#path = newest
  }

  /** Hands on what is new, of each file about `limitBytes`. @param isLast nobody looks again */
  async *poll(limitBytes: number, isLast: boolean): Events {
    yield* this.#hasStarted ? this.#lookForNext() : this.#start()
    let beginnings = 0
    for (let reading = this.#open[0]; reading !== undefined; reading = this.#open[0]) {
      const hasNext = await this.#hasNext()
      const outcome = yield* reading.read(limitBytes, this.#path, isLast || hasNext)
      if (outcome === "anew" && ++beginnings < BEGINNINGS) continue
      if (outcome !== "all" || !hasNext) return
      this.#open.shift()
      yield* reading.end("rotated")
      yield* this.#lookForNext()
    }
  }

  /** Ends what is being read. */
  async *stop(): Events {
    for (const reading of this.#open.splice(0)) yield* reading.end("stopped")
  }

  async close(): Promise<void> {
    for (const reading of this.#open.splice(0)) await reading.close()
  }

  /** Begins with the files named, and those that came since an earlier run stopped. */
  async *#start(): Events {
    const { fromEnd, paths } = this.#options
    const siblings = await listSiblings(this.#path)
    this.#hasStarted = true
    for (const { identity } of siblings) this.#seen.add(identity)
    const before = fromEnd ? [] : paths.slice(0, -1)
    const left = await this.#leftByEarlierRun(siblings)
    const wanted = new Set([...before, ...left])
    for (const { path } of siblings) {
      if (path !== this.#path && wanted.has(path)) yield* this.#openNext(path, false)
    }
    if ((await lookAt(this.#path)) === null) yield* this.#remarks.say(WAITED_FOR, this.#path)
    else yield* this.#openNext(this.#path, fromEnd && left.length === 0)
  }

  /** The sibling in which an earlier run stopped, and those after it. */
  async #leftByEarlierRun(siblings: readonly Sibling[]): Promise<readonly string[]> {
    const paths = siblings.map(({ path }) => path)
    for (let at = paths.length - 1; at >= 0; at--) {
      if (await this.#isKnown(paths[at] ?? "")) return paths.slice(at)
    }
    return []
  }

  async #isKnown(path: string): Promise<boolean> {
    const { resumeAt } = this.#options
    if (resumeAt === undefined) return false
    const log = await OpenLog.open(path)
    if (!(log instanceof OpenLog)) return false
    try {
      const head = await log.head()
      return head.length > 0 && resumeAt(head, await log.facts()) !== undefined
    } catch {
      return false
    } finally {
      await log.close()
    }
  }

  /** Opens what has come under the path since the last look, with what was renamed before it was seen. */
  async *#lookForNext(): Events {
    const last = this.#open.at(-1)
    const stats = await lookAt(this.#path)
    if (stats === null) {
      if (last === undefined) yield* this.#remarks.say(WAITED_FOR, this.#path)
    } else if (!stats.isFile()) yield* this.#openNext(this.#path, false)
    else if (last?.identity !== identityOf(stats)) yield* this.#openSiblings(last)
  }

  async *#openSiblings(last: FileReading | undefined): Events {
    for (let listing = 1; listing <= LISTINGS; listing++) {
      const next = this.#after(await listSiblings(this.#path), last)
      const { logs, problems, isAsListed } = await openAll(next)
      if (isAsListed || listing === LISTINGS) {
        for (const log of logs) this.#add(log, 0)
        for (const [path, problem] of problems) yield* this.#remarks.say(problem, path)
        return
      }
      for (const log of logs) await log.close()
    }
  }

  /** The siblings younger than `last`; when that is gone, those never seen. */
  #after(siblings: readonly Sibling[], last: FileReading | undefined): readonly Sibling[] {
    // The numbers of files that are gone are given to new ones.
    const there = new Set(siblings.map(({ identity }) => identity))
    for (const identity of this.#seen) if (!there.has(identity)) this.#seen.delete(identity)
    const at = siblings.findIndex(({ identity }) => identity === last?.identity)
    if (at >= 0) return siblings.slice(at + 1)
    return siblings.filter(({ path, identity }) => path === this.#path || !this.#seen.has(identity))
  }

  async *#openNext(path: string, isOld: boolean): Events {
    const log = await OpenLog.open(path)
    if (log === null) return
    if (log instanceof OpenLog) this.#add(log, isOld ? await log.endOfLines() : 0)
    else yield* this.#remarks.say(log, path)
  }

  #add(log: OpenLog, startAt: number): void {
    const { key: chain, resumeAt, blocksOf, buffer } = this.#options
    const remarks = this.#remarks
    this.#seen.add(log.identity)
    this.#open.push(new FileReading(log, startAt, { chain, resumeAt, blocksOf, buffer, remarks }))
  }

  /** Whether a file that waits has bytes; looked at before the one being read is read to its end. */
  async #hasNext(): Promise<boolean> {
    for (const reading of this.#open.slice(1)) if (await reading.hasBytes()) return true
    return false
  }
}

interface Opened {
  readonly logs: readonly OpenLog[]
  readonly problems: readonly (readonly [path: string, problem: Problem])[]
  /** Every name still stood for the file that was listed. */
  readonly isAsListed: boolean
}

async function openAll(siblings: readonly Sibling[]): Promise<Opened> {
  const logs: OpenLog[] = []
  const problems: [string, Problem][] = []
  let isAsListed = true
  for (const { path, identity } of siblings) {
    const log = await OpenLog.open(path)
    if (log instanceof OpenLog) logs.push(log)
    else if (log !== null) problems.push([path, log])
    isAsListed &&= log !== null && (!(log instanceof OpenLog) || log.identity === identity)
  }
  return { logs, problems, isAsListed }
}
