/** Use case: record this host's execs and sockets by BPF into a database, and say exactly what was lost. */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { ALL_ROWS, type RowChoice } from "../../../schema/row-choice.ts"
import { CgroupPaths, findCgroupMount } from "../../../sources/bpf/cgroups.ts"
import { FrameWriter } from "../../../sources/bpf/frame-writer.ts"
import { runningProcesses } from "../../../sources/bpf/running-processes.ts"
import type { Account } from "../../../sources/native/accounts.ts"
import { dropPrivileges } from "../../../sources/native/privileges.ts"
import { chooseAccount } from "../audit/choose-account.ts"
import type { CaptureSummary } from "../capture-request.ts"
import { LiveRun } from "../live-run.ts"
import { chooseSubscribers } from "../live-schedule.ts"
import type { RawCopy } from "../raw-copy.ts"
import { runStream, type StreamRequest } from "../run-stream.ts"
import { BPF_PUBLISHER, bpfOrigin } from "./bpf-origin.ts"
import { BpfStream } from "./bpf-stream.ts"
import { describeBpfError, type OpenedBpf, openBpf } from "./open-bpf.ts"
import type { RingChoice } from "./ring-choice.ts"

export interface BpfRequest extends StreamRequest, RingChoice {
  /** --cgroup */
  readonly cgroup?: string
  /** --user: name or number. */
  readonly user?: string
}

/** What there is no table of osquery's for in these records. */
const BPF_ROWS: RowChoice = {
  ...ALL_ROWS,
  users: false,
  selinux: false,
  apparmor: false,
  seccomp: false,
  files: false,
}

/** @throws RetrailError; nothing is left in the kernel, however it ends */
export async function captureBpf(request: BpfRequest): Promise<CaptureSummary> {
  const { config, clock } = request
  const account = chooseAccount(request.user, request.database)
  const choice = chooseSubscribers(BPF_ROWS, config)
  const opened = openBpf(request)
  try {
    const live = new LiveRun(request, {
      ...bpfOrigin,
      publisher: BPF_PUBLISHER,
      choice,
      ...(config === undefined ? {} : { config }),
      retainSince: () => Math.floor(clock.nowMs() / 1000),
    })
    try {
      return await record({ request, live, opened, account, choice })
    } catch (error) {
      throw live.describeError(describeBpfError(error))
    } finally {
      live.close()
    }
  } finally {
    opened.session.close()
  }
}

interface Recording {
  readonly request: BpfRequest
  readonly live: LiveRun
  readonly opened: OpenedBpf
  readonly account: Account | undefined
  readonly choice: RowChoice
}

async function record(recording: Recording): Promise<CaptureSummary> {
  const { request, live, opened, account, choice } = recording
  const { display } = request
  for (const warning of opened.warnings) display.log(`Warning: ${warning}`)
  await live.startSchedule(account)
  const stream = openStream(recording)
  return runStream(request, {
    live,
    stream,
    name: "bpf",
    format: bpfOrigin.format,
    choice,
    kernel: () => stream.kernel,
    loss: () => ({ bpf: stream.figures() }),
    ready: (raw) => {
      giveUpRoot(recording, raw)
      display.note(startText(recording))
    },
  })
}

function openStream({ request, opened }: Recording): BpfStream {
  const { session, calls, machine, ringBytes } = opened
  const { clock, display } = request
  const cgroups = new CgroupPaths(findCgroupMount(), clock)
  const writer = new FrameWriter({
    source: session,
    cpus: machine.possibleCpus,
    clocks: () => calls.clocks(),
    cgroupPath: (id) => cgroups.pathOf(id),
    processes: runningProcesses,
  })
  return new BpfStream({ session, writer, clock, ringBytes, say: (message) => display.log(message) })
}

/** Once everything is open: what is left to do in the kernel is to close it. */
function giveUpRoot({ account, live, opened, request }: Recording, raw: RawCopy | undefined): void {
  if (account === undefined) return
  if (!opened.session.isShared) {
    request.display.log("Warning: stays root: before Linux 5.5 the counters cannot be read otherwise")
    return
  }
  live.handOver(account)
  raw?.handOver(account.uid, account.gid)
  dropPrivileges({ ...account, keep: [] })
}

function startText({ request, opened, account }: Recording): string {
  const { database, flags, cgroup } = request
  const what =
    cgroup === undefined ? "execs and sockets of all processes" : `those of control group ${cgroup}`
  const ring = opened.session.transport === "ringbuf" ? "a ring buffer" : "perf rings"
  const who = account === undefined ? "" : ` as ${account.name}`
  return `Recording into ${database}${who}: ${what}, through ${ring}; ${keptText(flags)}; Ctrl+C ends it`
}

function keptText(flags: OsqueryFlags): string {
  const expiry = flags.int("events_expiry")
  return expiry === 0 ? "all rows are kept" : `rows are kept for ${expiry} s (--events_expiry=0 keeps all)`
}
