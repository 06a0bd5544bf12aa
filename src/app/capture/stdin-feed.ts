/**
 * Publisher of records that come in on a stream: what auditd writes to a plugin (text with EOE, or binary), what
 * `tail -F log |` pipes, or any saved format.
 * Source of truth: audispd plugins, auditd-plugins(5); audit-userspace src/auditd-dispatch.c.
 */
import { ioProblem } from "../../sources/bytes.ts"
import { type Sleep, sleepFor } from "../../sources/follow/waker.ts"
import type { SourceFacts } from "../../sources/source.ts"
import { ChainFeed } from "./chain-feed.ts"
import { type FeedOptions, QUIET_MS } from "./feed.ts"

export interface StdinFeedOptions extends Omit<FeedOptions, "saved" | "resumed"> {
  /** Aborted to stop before the stream ends. */
  readonly signal?: AbortSignal
  readonly sleep?: Sleep
  /** What the stream is called; `-` unless given. */
  readonly path?: string
}

/** `ended`: the stream has no more bytes. */
export type StdinEnd = "ended" | "stopped"

const NO_HEAD: Buffer = Buffer.alloc(0)
const FACTS: SourceFacts = { path: "-", member: "", packing: "", storedSize: -1, modifiedMs: Number.NaN }

/** Reads the stream to its end, or until the signal is aborted; the next bytes are asked for when the queue has room. */
export async function feedStdin(
  stream: AsyncIterable<Uint8Array>,
  options: StdinFeedOptions,
): Promise<StdinEnd> {
  const chain = new ChainFeed(options)
  // Syslog stamps lack a year: these are being written now.
  await chain.begin(
    { ...FACTS, path: options.path ?? FACTS.path },
    { head: NO_HEAD, startOffset: 0, known: undefined },
    Date.now(),
  )
  const how = await readAll(stream, chain, options)
  await chain.stop()
  return how
}

async function readAll(
  stream: AsyncIterable<Uint8Array>,
  chain: ChainFeed,
  options: StdinFeedOptions,
): Promise<StdinEnd> {
  const iterator = stream[Symbol.asyncIterator]()
  let offset = 0
  for (let next = iterator.next(); ; ) {
    const result = await nextOrQuiet(next, options)
    if (result instanceof Error) {
      await chain.problem(ioProblem(result, offset), options.path ?? FACTS.path)
      return "ended"
    }
    if (result?.done === true) return "ended"
    if (result !== null) {
      const { buffer, byteOffset, length } = result.value
      await chain.push(Buffer.from(buffer, byteOffset, length), offset)
      offset += length
      next = iterator.next()
    }
    if (options.signal?.aborted === true) {
      // A read that waits for a writer may never return: it is not waited for.
      next.catch(() => {})
      iterator.return?.().catch(() => {})
      return "stopped"
    }
    if (result === null) await chain.idle()
  }
}

/** What the stream gives next; null when it gives nothing for a while, or the signal is aborted first; an error. */
async function nextOrQuiet(
  next: Promise<IteratorResult<Uint8Array>>,
  { signal, sleep = sleepFor, quietMs = QUIET_MS }: StdinFeedOptions,
): Promise<IteratorResult<Uint8Array> | Error | null> {
  const done = new AbortController()
  const signals = signal === undefined ? [done.signal] : [done.signal, signal]
  try {
    return await Promise.race([next, sleep(quietMs, AbortSignal.any(signals)).then(() => null)])
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    done.abort()
  }
}
