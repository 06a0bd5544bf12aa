/** From the request to a capture of the kernel's audit events: everything opened, privileges dropped, run, put back. */
import { rowChoice } from "../../../pipeline/flags/row-choice.ts"
import { Watchdog } from "../../../pipeline/watchdog.ts"
import type { RowChoice } from "../../../schema/row-choice.ts"
import type { Account } from "../../../sources/native/accounts.ts"
import { NativeError } from "../../../sources/native/native-error.ts"
import { dropPrivileges } from "../../../sources/native/privileges.ts"
import { FailedError } from "../../errors.ts"
import type { CaptureSummary, LiveRequest } from "../capture-request.ts"
import { LiveRun } from "../live-run.ts"
import { chooseSubscribers } from "../live-schedule.ts"
import { RawLog } from "../raw-log.ts"
import { AuditCapture, type KernelLook } from "./capture-audit.ts"
import { chooseAccount } from "./choose-account.ts"
import type { KernelSession } from "./kernel-session.ts"
import { openKernel } from "./open-kernel.ts"
import { RecordPlaces } from "./record-places.ts"

export interface AuditRequest extends LiveRequest {
  readonly isMulticast: boolean
  /** Nobody has said audit_allow_config; the command implies it. */
  readonly isConfigImplied: boolean
  /** --take-over */
  readonly takesOver: boolean
  readonly keepsRules: boolean
  /** False with --no-rules. */
  readonly setsRules: boolean
  /** --rules: auditctl's syntax. */
  readonly rulesPath?: string
  /** --user: name or number. */
  readonly user?: string
  readonly rawPath?: string
  /** Rotation of the raw log; 0 for none. */
  readonly rawBytes: number
  readonly rawKeep: number
  readonly socketBufferBytes: number
  /** 0 for no end. */
  readonly durationMs: number
  /** Each record as text, under --audit_debug. */
  readonly debug?: (text: string) => void
}

/** Subscribers of osquery's audit publisher that the flags switch on. */
const PUBLISHER = "auditeventpublisher"

/** @throws RetrailError; the kernel's state is as it was, however it ends */
export async function captureAudit(request: AuditRequest): Promise<CaptureSummary> {
  const { config } = request
  const choice = chooseSubscribers(rowChoice(request.flags), config)
  const account = chooseAccount(request.user, request.database)
  const live = new LiveRun(request, {
    publisher: PUBLISHER,
    choice,
    ...(config === undefined ? {} : { config }),
    retainSince: () => Math.floor(request.clock.nowMs() / 1000),
  })
  try {
    return await withKernel(request, (kernel) => record({ request, live, kernel, account, choice }))
  } catch (error) {
    // What the kernel refuses is no fault of the database's.
    throw error instanceof NativeError ? error : live.describeError(error)
  } finally {
    live.close()
  }
}

/** Puts the kernel's state back whatever happens, at the latest when the process ends. */
async function withKernel<Result>(
  request: AuditRequest,
  use: (kernel: KernelSession) => Promise<Result>,
): Promise<Result> {
  const kernel = openKernel(request)
  const putBack = () => reportFailures(kernel.restore(), request)
  process.once("exit", putBack)
  try {
    for (const warning of kernel.warnings) request.display.log(`Warning: ${warning}`)
    return await use(kernel)
  } finally {
    putBack()
    process.off("exit", putBack)
  }
}

interface Recording {
  readonly request: AuditRequest
  readonly live: LiveRun
  readonly kernel: KernelSession
  readonly account: Account | undefined
  readonly choice: RowChoice
}

async function record(recording: Recording): Promise<CaptureSummary> {
  const { request, live } = recording
  const places = openPlaces(recording)
  const raw = openRaw(request, places, recording.account)
  const watchdog = new Watchdog(request.flags.int("watchdog_memory_limit"))
  const capture = openCapture(recording, places, raw, (look) => {
    raw?.flush()
    live.show(capture.depths, look)
    if (watchdog.isOver(process.memoryUsage.rss(), request.clock.nowMs())) live.stop("watchdog")
  })
  await capture.ready()
  await live.startSchedule(recording.account)
  giveUpRoot(recording, capture, raw)
  live.onStop(() => capture.stop(), request.durationMs)
  request.display.note(startText(recording))
  await capture.run()
  places.close()
  raw?.close()
  const loss = capture.close()
  await live.stopSchedule()
  const summary = live.summarise(loss, capture.highest)
  if (live.ended === "watchdog") throw memoryError(watchdog.limitBytes)
  return summary
}

function openPlaces({ request, live }: Recording): RecordPlaces {
  const { rawPath, isMulticast, clock } = request
  return new RecordPlaces({
    sources: live.session.sources,
    path: rawPath ?? (isMulticast ? "audit multicast group" : "audit socket"),
    hasRawLog: rawPath !== undefined,
    nowMs: () => clock.nowMs(),
  })
}

function openCapture(
  { request, live, kernel, choice }: Recording,
  places: RecordPlaces,
  raw: RawLog | undefined,
  onLook: (look: KernelLook) => void,
): AuditCapture {
  return new AuditCapture({
    session: live.session,
    kernel,
    places,
    raw,
    clock: request.clock,
    host: request.host,
    isMulticast: request.isMulticast,
    persists: request.flags.bool("audit_persist"),
    choice,
    say: live.say,
    ...(request.debug === undefined ? {} : { debug: request.debug }),
    onLook,
  })
}

/** Once everything is open. What is kept puts the kernel back, and asks for its counters: a listener needs them too. */
function giveUpRoot({ account, live }: Recording, capture: AuditCapture, raw: RawLog | undefined): void {
  if (account === undefined) return
  live.handOver(account)
  raw?.handOver(account.uid, account.gid)
  dropPrivileges({ ...account, keep: ["AUDIT_CONTROL"] })
  capture.dropPrivileges()
}

function startText({ request, kernel, account }: Recording): string {
  const { database, flags, isMulticast } = request
  const expiry = flags.int("events_expiry")
  const how = isMulticast ? "beside the owner of the socket" : `${kernel.rules} rules set`
  const who = account === undefined ? "" : ` as ${account.name}`
  const kept =
    expiry === 0 ? "all rows are kept" : `rows are kept for ${expiry} s (--events_expiry=0 keeps all)`
  return `Recording into ${database}${who}: ${how}; ${kept}; Ctrl+C ends it`
}

function openRaw(
  request: AuditRequest,
  places: RecordPlaces,
  account: Account | undefined,
): RawLog | undefined {
  const { rawPath, rawBytes, rawKeep, display } = request
  if (rawPath === undefined) return undefined
  return new RawLog({
    path: rawPath,
    keep: rawKeep,
    ...(rawBytes > 0 ? { maxBytes: rawBytes } : {}),
    ...(account === undefined ? {} : { owner: account.uid }),
    onRotate: places.rotated,
    onProblem: (message) => display.log(`Warning: ${message}`),
  })
}

function reportFailures(failures: readonly string[], { display }: AuditRequest): void {
  for (const failure of failures) display.log(`Warning: the kernel's audit is not as it was: ${failure}`)
  if (failures.length > 0) display.log("retrail doctor --fix puts it back.")
}

function memoryError(limitBytes: number): FailedError {
  return new FailedError(
    `stopped: more than ${Math.round(limitBytes / 1024 / 1024)} MiB of memory for 10 s`,
    "What came in until then is stored. --watchdog_memory_limit=MEGABYTES raises the limit.",
  )
}
