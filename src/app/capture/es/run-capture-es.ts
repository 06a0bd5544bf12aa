/** Use case: record what EndpointSecurity tells through eslogger into a database, and say what is missing. */
import { ALL_ROWS, type RowChoice } from "../../../schema/row-choice.ts"
import type { CaptureSummary } from "../capture-request.ts"
import { LiveRun } from "../live-run.ts"
import { chooseSubscribers } from "../live-schedule.ts"
import { LOSS_KINDS } from "../loss-kinds.ts"
import { runStream, type StreamRequest } from "../run-stream.ts"
import { defaultEvents, haveFiles, knownEvents, muteFilter } from "./es-events.ts"
import { ES_FORMAT, ES_PUBLISHER, esTables } from "./es-origin.ts"
import { Eslogger } from "./eslogger.ts"
import { findEslogger, listEvents } from "./find-eslogger.ts"

export interface EsRequest extends StreamRequest {
  /** --eslogger */
  readonly program?: string
  /** PATH */
  readonly searchPath: string
  /** --events; without them the flags decide. */
  readonly events?: readonly string[]
}

/** @throws RetrailError */
export async function captureEs(request: EsRequest): Promise<CaptureSummary> {
  const { config, flags, clock } = request
  const program = findEslogger(request.program, request.searchPath)
  const events = request.events ?? knownEvents(defaultEvents(flags), await listEvents(program))
  const choice = chooseSubscribers(esChoice(events), config)
  const keeps = muteFilter(flags)
  const live = new LiveRun(request, {
    publisher: ES_PUBLISHER,
    choice,
    tables: esTables(choice.files),
    losses: LOSS_KINDS,
    ...(keeps === undefined ? {} : { keeps }),
    ...(config === undefined ? {} : { config }),
    retainSince: () => Math.floor(clock.nowMs() / 1000),
  })
  try {
    await live.startSchedule(undefined)
    const stream = new Eslogger({ program, events })
    request.display.note(startText(request, events))
    return await runStream(request, {
      live,
      stream,
      name: "eslogger",
      format: ES_FORMAT,
      choice,
      kernel: () => null,
    })
  } catch (error) {
    throw live.describeError(error)
  } finally {
    live.close()
  }
}

/** What was asked for is kept: which events come is decided by their names. */
function esChoice(events: readonly string[]): RowChoice {
  return { ...ALL_ROWS, files: haveFiles(events) }
}

function startText({ database, flags }: EsRequest, events: readonly string[]): string {
  const expiry = flags.int("events_expiry")
  const kept =
    expiry === 0 ? "all rows are kept" : `rows are kept for ${expiry} s (--events_expiry=0 keeps all)`
  return `Recording into ${database}: ${events.join(",")}; ${kept}; Ctrl+C ends it`
}
