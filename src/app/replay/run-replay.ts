/**
 * Use case: send saved records through the live pipeline, with its queues, throttling and flags. At full speed the rows
 * are those of an ingest.
 */

import { rowChoiceOfGiven } from "../../pipeline/flags/row-choice.ts"
import { BATCH_RECORDS } from "../../pipeline/throttle.ts"
import type { CaptureSummary, LiveRequest } from "../capture/capture-request.ts"
import { LiveRun } from "../capture/live-run.ts"
import { UnrecognisedError } from "../errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { NO_PROGRESS } from "../progress.ts"
import type { Deliver } from "../reading/deliver.ts"
import { readSources } from "../reading/read-sources.ts"
import type { Accounts } from "../reading/reader.ts"
import { Pace } from "./pace.ts"
import { ReplaySources } from "./replay-sources.ts"

export interface ReplayRequest extends LiveRequest {
  readonly paths: readonly string[]
  /** Times faster than it happened; Infinity for as fast as it goes. */
  readonly speed: number
  readonly accounts?: Accounts
  /** Seconds since 1970. */
  readonly start?: number
  readonly end?: number
  readonly format?: string
  readonly stdin?: AsyncIterable<Uint8Array>
}

const PUBLISHER = "auditeventpublisher"
const SHOW_MS = 250

/** @throws RetrailError */
export async function replay(request: ReplayRequest): Promise<CaptureSummary> {
  const { flags } = request
  const choice = rowChoiceOfGiven(flags)
  const isRetaining = flags.isGiven("events_expiry") || flags.isGiven("events_max")
  const pace = new Pace(request.speed, request.clock)
  // Old records are old by the clock of their own time.
  const retainSince = () => pace.newestSecond
  const live = new LiveRun(request, { publisher: PUBLISHER, choice, ...(isRetaining ? { retainSince } : {}) })
  const showing = setInterval(() => live.show(live.session.pipeline.depths, null), SHOW_MS)
  try {
    return await run(request, live, pace)
  } catch (error) {
    throw live.describeError(error)
  } finally {
    clearInterval(showing)
    live.close()
  }
}

async function run(request: ReplayRequest, live: LiveRun, pace: Pace): Promise<CaptureSummary> {
  const { flags, paths, host, accounts, start, end, format, stdin, speed } = request
  const { session } = live
  const stopping = new AbortController()
  live.onStop(async () => stopping.abort(), 0)
  const sources = new ReplaySources(session.sources, session.problem)
  const isPaced = Number.isFinite(speed)
  const deliver: Deliver = async (units, step) => {
    await session.deliver(units, step)
    if (isPaced) await pace.wait(sources.reads.at(-1)?.tally, session.pipeline, stopping.signal)
  }
  await session.run(async () => {
    await readSources({
      paths,
      host,
      deliver,
      maxUnits: isPaced ? 1 : BATCH_RECORDS,
      writer: session.writer,
      rows: rowChoiceOfGiven(flags),
      eids: session.eids,
      nextId: () => session.sources.nextId,
      isCopy: (source) => sources.isCopy(source),
      progress: NO_PROGRESS,
      signal: stopping.signal,
      onSource: (read, source) => {
        pace.watch(read.tally)
        sources.note(read, source)
      },
      onProblem: (problem, source) => session.problem(problem, source.id),
      onGap: (gap, gapHost, source) => session.gap(gap, gapHost, source.id),
      ...(accounts === undefined ? {} : { accounts }),
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
      ...(format === undefined ? {} : { format }),
      ...(stdin === undefined ? {} : { stdin }),
    })
  })
  sources.close()
  session.flush()
  refuseNothing(sources)
  const summary = live.summarise(null, session.pipeline.highest)
  return summary.records === 0 ? { ...summary, exitCode: EXIT_CODES.nothingFound.code } : summary
}

/** Not one source was of a format that can be read. */
function refuseNothing({ recognised, reads }: ReplaySources): void {
  const unread = reads.find(({ choice }) => choice.kind === "unrecognised")
  if (recognised > 0 || unread === undefined) return
  throw new UnrecognisedError(
    `${unread.facts.path}: no format that can be read`,
    "retrail inspect tells what it looks like.",
  )
}
