/** A live source of bytes through the pipeline into the database, until it ends or is told to. */
import { Watchdog } from "../../pipeline/watchdog.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import { FailedError } from "../errors.ts"
import { FORMATS, type FormatEntry } from "../reading/formats.ts"
import type { Accounts, BsmChoice } from "../reading/reader.ts"
import type { ByteStream, StreamFailure } from "./byte-stream.ts"
import type { CaptureSummary, LiveRequest, LiveState, StreamLoss } from "./capture-request.ts"
import type { FeedOptions } from "./feed.ts"
import { FeedSources } from "./feed-sources.ts"
import type { LiveRun } from "./live-run.ts"
import { RawCopy } from "./raw-copy.ts"
import { feedStdin } from "./stdin-feed.ts"

export interface StreamRequest extends LiveRequest {
  /** 0 for no end. */
  readonly durationMs: number
  /** --raw */
  readonly rawPath?: string
  readonly accounts?: Accounts
}

export interface StreamParts {
  readonly live: LiveRun
  readonly stream: ByteStream
  /** Says where the bytes come from, when no raw copy does. */
  readonly name: string
  readonly format: string
  readonly choice: RowChoice
  /** The system that writes, when it is known. */
  readonly bsm?: BsmChoice
  /** Of the queue before this process; for the line that tells how it stands. */
  readonly kernel: () => LiveState["kernel"]
  /** At the end. */
  readonly loss?: () => StreamLoss
  /** Called once everything is open, before the first byte is read. */
  readonly ready?: (raw: RawCopy | undefined) => void
}

const LOOK_MS = 1000
/** What a source that was told to end may still take to say its last. */
const LAST_MS = 5000
const NS_PER_MS = 1_000_000n

/** The caller closes the live run; the stream is closed here. @throws RetrailError */
export async function runStream(request: StreamRequest, parts: StreamParts): Promise<CaptureSummary> {
  const { live, stream } = parts
  try {
    const raw = request.rawPath === undefined ? undefined : new RawCopy(request.rawPath)
    try {
      // Whoever gives up root when all is open may not be able to read the installation any more.
      await FORMATS.find(({ name }) => name === parts.format)?.loadReader()
      parts.ready?.(raw)
      await record(request, parts, raw)
    } finally {
      raw?.close()
    }
  } finally {
    await stream.close()
  }
  live.session.flush()
  await live.stopSchedule()
  const summary = live.summarise(null, live.session.pipeline.highest, parts.loss?.())
  if (live.ended === "watchdog")
    throw new FailedError("stopped: too much memory for 10 s; what came in is stored")
  return summary
}

/** Resolves when the source has ended and all of it is stored. */
async function record(request: StreamRequest, parts: StreamParts, raw: RawCopy | undefined): Promise<void> {
  const { live, stream } = parts
  const stopping = new AbortController()
  live.onStop(() => stopWithin(stream, stopping), request.durationMs)
  const watchdog = new Watchdog(request.flags.int("watchdog_memory_limit"))
  const looking = setInterval(() => lookOrFail(request, parts, watchdog), LOOK_MS)
  try {
    await live.session.run(() => publish(request, parts, raw, stopping.signal))
    stream.look()
    await noteEnd(request, parts)
  } finally {
    clearInterval(looking)
    stopping.abort()
  }
}

/** The source is given time to end by itself, so that what it holds still comes. */
async function stopWithin(stream: ByteStream, stopping: AbortController): Promise<void> {
  const timer = setTimeout(() => stopping.abort(), LAST_MS)
  timer.unref()
  await stream.stop()
}

function lookOrFail(request: StreamRequest, { live, stream, kernel }: StreamParts, watchdog: Watchdog): void {
  try {
    stream.look()
    live.show(live.session.pipeline.depths, kernel())
  } catch (error) {
    live.session.fail(error)
  }
  if (watchdog.isOver(process.memoryUsage.rss(), request.clock.nowMs())) live.stop("watchdog")
}

async function publish(
  request: StreamRequest,
  parts: StreamParts,
  raw: RawCopy | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { live, stream, name, format } = parts
  const { session } = live
  const sources = new FeedSources(session.sources, session.problem)
  const options: FeedOptions = {
    deliver: session.deliver,
    createReader: (entry) => createReader(entry, request, parts),
    openSource: (facts, chosen, opening) => sources.open(facts, chosen, opening),
    problem: (problem, path, sourceId) => sources.problem(problem, path, sourceId),
    format,
  }
  const bytes = raw?.through(stream.bytes, (error) => session.fail(error)) ?? stream.bytes
  await feedStdin(bytes, {
    ...options,
    signal,
    path: raw?.path ?? name,
    ended: (source) => sources.ended(source),
  })
}

async function createReader(
  entry: FormatEntry,
  { host, accounts }: StreamRequest,
  { live: { session }, choice, bsm }: StreamParts,
) {
  const createOf = await entry.loadReader()
  return createOf({
    writer: session.writer,
    host,
    rows: choice,
    eids: session.eids,
    problem: session.problem,
    gap: session.gap,
    ...(accounts === undefined ? {} : { accounts }),
    ...(bsm === undefined ? {} : { bsm }),
  })
}

/** A source that ends unasked takes what follows with it. */
async function noteEnd(request: StreamRequest, { live, stream }: StreamParts): Promise<void> {
  const failure = await stream.whyEnded()
  if (failure === undefined || live.ended !== "running") return
  live.ended = "source failed"
  request.display.log(failure.message)
  live.session.gap(gapOf(failure, request), request.host, 0)
}

function gapOf({ kind, message, evidence }: StreamFailure, { clock }: StreamRequest) {
  const fromNs = BigInt(Math.floor(clock.nowMs())) * NS_PER_MS
  return { kind, what: `all that happened afterwards: ${message}`, fromNs, evidence, offset: 0 }
}
