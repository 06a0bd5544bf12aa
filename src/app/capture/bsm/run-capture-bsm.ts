/** Use case: record what the audit pipe of macOS or FreeBSD gives into a database, and say what it dropped. */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { rowChoice } from "../../../pipeline/flags/row-choice.ts"
import { PAUSE_MS } from "../../../pipeline/throttle.ts"
import type { RowChoice } from "../../../schema/row-choice.ts"
import { classesFor, maskOf } from "../../../sources/auditpipe/class-mask.ts"
import { AUDIT_PIPE, type AuditPipeDevice } from "../../../sources/auditpipe/device.ts"
import { PipeSession } from "../../../sources/auditpipe/pipe-session.ts"
import { UsageError } from "../../errors.ts"
import type { CaptureSummary } from "../capture-request.ts"
import { LiveRun } from "../live-run.ts"
import { chooseSubscribers } from "../live-schedule.ts"
import { runStream, type StreamRequest } from "../run-stream.ts"
import { BSM_FORMAT, BSM_PUBLISHER } from "./bsm-origin.ts"
import { howToEnable } from "./how-to-enable.ts"
import { type BsmSystem, describePipeError, openPipe, THIS_SYSTEM } from "./open-pipe.ts"
import { PipeStream } from "./pipe-stream.ts"

/** @throws RetrailError */
export async function captureBsm(
  request: StreamRequest,
  system: BsmSystem = THIS_SYSTEM,
): Promise<CaptureSummary> {
  const { config, flags, clock } = request
  const choice = chooseSubscribers(rowChoice(flags), config)
  const classes = flags.bool("audit_allow_config") ? wantedClasses(choice, flags) : undefined
  const device = openPipe(system)
  try {
    const live = new LiveRun(request, {
      publisher: BSM_PUBLISHER,
      choice,
      ...(config === undefined ? {} : { config }),
      retainSince: () => Math.floor(clock.nowMs() / 1000),
    })
    try {
      return await record({ request, system, live, device, choice, classes })
    } catch (error) {
      throw live.describeError(describePipeError(error, system.platform))
    } finally {
      live.close()
    }
  } finally {
    device.close()
  }
}

function wantedClasses(choice: RowChoice, flags: OsqueryFlags): readonly string[] {
  const classes = classesFor({ ...choice, files: flags.bool("audit_allow_fim_events") })
  if (classes.length > 0) return classes
  throw new UsageError(
    "the flags leave nothing to capture",
    "--audit_allow_process_events, _sockets, _user_events and _fim_events choose what is.",
  )
}

interface Recording {
  readonly request: StreamRequest
  readonly system: BsmSystem
  readonly live: LiveRun
  readonly device: AuditPipeDevice
  readonly choice: RowChoice
  /** undefined: the pipe gives what goes into the trail. */
  readonly classes: readonly string[] | undefined
}

async function record({
  request,
  system,
  live,
  device,
  choice,
  classes,
}: Recording): Promise<CaptureSummary> {
  const session = new PipeSession(device)
  session.configure(classes === undefined ? undefined : maskOf(classes))
  await live.startSchedule(undefined)
  const stream = new PipeStream({
    session,
    reader: system.read(session.descriptor, PAUSE_MS),
    clock: request.clock,
    selects: classes !== undefined,
    gap: (gap) => live.session.gap(gap, request.host, 0),
    say: (message) => request.display.log(message),
    advice: howToEnable(system.platform),
  })
  request.display.note(startText(request, classes))
  return runStream(request, {
    live,
    stream,
    name: AUDIT_PIPE,
    format: BSM_FORMAT,
    choice,
    bsm: { platform: system.platform === "freebsd" ? "freebsd" : "macos" },
    kernel: () => stream.kernel,
    loss: () => ({ pipe: stream.figures() }),
  })
}

function startText({ database, flags }: StreamRequest, classes: readonly string[] | undefined): string {
  const what = classes === undefined ? "what auditd's flags select" : `classes ${classes.join(",")}`
  const expiry = flags.int("events_expiry")
  const kept =
    expiry === 0 ? "all rows are kept" : `rows are kept for ${expiry} s (--events_expiry=0 keeps all)`
  return `Recording into ${database}: ${what}; ${kept}; Ctrl+C ends it`
}
