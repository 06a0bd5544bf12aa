/** Use case: follow growing files, or take records from a stream, through the live pipeline into a database. */
import { rowChoiceOfGiven } from "../../pipeline/flags/row-choice.ts"
import { Watchdog } from "../../pipeline/watchdog.ts"
import type { QueuedRow } from "../../schema/row-value.ts"
import { FailedError } from "../errors.ts"
import type { FormatEntry } from "../reading/formats.ts"
import type { Accounts } from "../reading/reader.ts"
import type { CaptureSummary, LiveRequest } from "./capture-request.ts"
import type { FeedOptions } from "./feed.ts"
import { FeedSources } from "./feed-sources.ts"
import { FollowFeed } from "./follow-feed.ts"
import { LiveRun } from "./live-run.ts"
import { chooseSubscribers } from "./live-schedule.ts"
import { feedStdin } from "./stdin-feed.ts"

export interface FollowRequest extends LiveRequest {
  /** Files and globs; `-` alone is stdin. */
  readonly paths: readonly string[]
  /** Only what comes from now on. */
  readonly fromEnd: boolean
  readonly accounts?: Accounts
  readonly format?: string
  /** 0 for no end. */
  readonly durationMs: number
  readonly stdin: AsyncIterable<Uint8Array>
  /** What the stream is called; `-` unless given. */
  readonly stdinName?: string
  /** As osquery names it; that of audit unless given. */
  readonly publisher?: string
  /** Tables of the publisher beside those that the flags choose. */
  readonly tables?: readonly string[]
  /** Kinds of gaps by which the run counts as one that lost records; none unless given. */
  readonly losses?: ReadonlySet<string>
  /** Rows that go no further. */
  readonly keeps?: (row: QueuedRow) => boolean
}

const PUBLISHER = "auditeventpublisher"
const LOOK_MS = 1000
/** What a later run needs is put into the database so often. */
const SAVE_MS = 5000

/** @throws RetrailError */
export async function captureFollow(request: FollowRequest): Promise<CaptureSummary> {
  const { flags, config, clock } = request
  const isRetaining = flags.isGiven("events_expiry") || flags.isGiven("events_max")
  const live = new LiveRun(request, {
    publisher: request.publisher ?? PUBLISHER,
    ...(request.tables === undefined ? {} : { tables: request.tables }),
    ...(request.losses === undefined ? {} : { losses: request.losses }),
    ...(request.keeps === undefined ? {} : { keeps: request.keeps }),
    choice: chooseSubscribers(rowChoiceOfGiven(flags), config),
    ...(config === undefined ? {} : { config }),
    // A log may hold yesterday's events: they go only when somebody says how old is too old.
    ...(isRetaining ? { retainSince: () => Math.floor(clock.nowMs() / 1000) } : {}),
  })
  try {
    await live.startSchedule(undefined)
    return await run(request, live)
  } catch (error) {
    throw live.describeError(error)
  } finally {
    live.close()
  }
}

async function run(request: FollowRequest, live: LiveRun): Promise<CaptureSummary> {
  const { session } = live
  const stopping = new AbortController()
  live.onStop(async () => stopping.abort(), request.durationMs)
  const watchdog = new Watchdog(request.flags.int("watchdog_memory_limit"))
  const looking = setInterval(() => {
    live.show(session.pipeline.depths, null)
    if (watchdog.isOver(process.memoryUsage.rss(), request.clock.nowMs())) live.stop("watchdog")
  }, LOOK_MS)
  try {
    await session.run(() => publish(request, live, stopping.signal))
  } finally {
    clearInterval(looking)
  }
  await live.stopSchedule()
  const summary = live.summarise(null, session.pipeline.highest)
  if (live.ended === "watchdog")
    throw new FailedError("stopped: too much memory for 10 s; what came in is stored")
  return summary
}

async function publish(request: FollowRequest, live: LiveRun, signal: AbortSignal): Promise<void> {
  const { paths, stdin, fromEnd, format } = request
  const { session } = live
  const sources = new FeedSources(session.sources, session.problem)
  const options: FeedOptions = {
    deliver: session.deliver,
    createReader: (entry) => createReader(entry, request, live),
    openSource: (facts, choice, opening) => sources.open(facts, choice, opening),
    problem: (problem, path, sourceId) => sources.problem(problem, path, sourceId),
    ...(format === undefined ? {} : { format }),
  }
  if (paths.length === 1 && paths[0] === "-") {
    const name = request.stdinName === undefined ? {} : { path: request.stdinName }
    await feedStdin(stdin, { ...options, ...name, signal, ended: (source) => sources.ended(source) })
    return
  }
  const feed = new FollowFeed(paths, {
    ...options,
    fromEnd,
    signal,
    known: (head, facts) => sources.known(head, facts),
    saved: (saved) => sources.saved(saved),
    resumed: (reader, source) => {
      sources.takeBack(source, (ranges, row) => live.retract(ranges, row))
      for (const row of live.processRows([source.sourceId])) reader.replay(row)
    },
  })
  const saving = setInterval(() => void session.deliver(0, () => feed.save()), SAVE_MS)
  try {
    await feed.run()
  } finally {
    clearInterval(saving)
  }
}

async function createReader(entry: FormatEntry, request: FollowRequest, live: LiveRun) {
  const { host, accounts, flags, config } = request
  const { session } = live
  const createOf = await entry.loadReader()
  return createOf({
    writer: session.writer,
    host,
    rows: chooseSubscribers(rowChoiceOfGiven(flags), config),
    eids: session.eids,
    problem: session.problem,
    gap: session.gap,
    ...(accounts === undefined ? {} : { accounts }),
  })
}
