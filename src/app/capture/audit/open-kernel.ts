/** Opens the audit socket with what the flags ask for, or says in plain words why it cannot be had. */
import { readFileSync } from "node:fs"
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { AuditControl } from "../../../sources/audit/control.ts"
import { restore, snapshot } from "../../../sources/audit/kernel-state.ts"
import { machineArch } from "../../../sources/audit/machine.ts"
import { openAuditSocket } from "../../../sources/audit/netlink.ts"
import { describeProcess } from "../../../sources/audit/owner.ts"
import type { AuditRule } from "../../../sources/audit/rule.ts"
import {
  parseRulesFile,
  type RulesFile,
  type RulesSettings,
} from "../../../sources/audit/rules-file/rules-file.ts"
import { readStateFile, StateFile, StateFileError } from "../../../sources/audit/state-file.ts"
import type { AuditStatus } from "../../../sources/audit/status.ts"
import { wantedRules } from "../../../sources/audit/wanted-rules.ts"
import { hasCode } from "../../../sources/native/native-error.ts"
import { FailedError, MissingInputError, PermissionError, RetrailError, UsageError } from "../../errors.ts"
import { KernelSession, type KernelSettings } from "./kernel-session.ts"
import { rulesContext } from "./rules-context.ts"
import type { AuditRequest } from "./run-capture-audit.ts"

const CONTROL_BUFFER_BYTES = 256 * 1024

/** The caller restores it. @throws RetrailError; the kernel is then as it was */
export function openKernel(request: AuditRequest): KernelSession {
  const { isMulticast, socketBufferBytes } = request
  const settings = settingsOf(request)
  try {
    const control = new AuditControl(
      openAuditSocket({ multicast: false, receiveBufferBytes: CONTROL_BUFFER_BYTES }),
    )
    const status = control.status()
    if (!isMulticast) refuseOwner(status, request)
    if (settings.mayConfigure) restoreLeft(control, request)
    const before = snapshot(control)
    const stateFile = settings.mayConfigure ? rememberState(before, request) : undefined
    const openSocket = (multicast: boolean) =>
      openAuditSocket({ multicast, receiveBufferBytes: socketBufferBytes })
    return new KernelSession({ control, before, stateFile, openSocket }, settings)
  } catch (error) {
    throw describeError(error, isMulticast)
  }
}

function settingsOf(request: AuditRequest): KernelSettings {
  const { flags, isMulticast, keepsRules } = request
  const file = request.rulesPath === undefined ? undefined : readRules(request.rulesPath)
  const settings: RulesSettings = file?.settings ?? {}
  // Beside another owner nothing is changed, unless somebody asks for it in so many words.
  const mayConfigure = flags.bool("audit_allow_config") && (!isMulticast || !request.isConfigImplied)
  return {
    isMulticast,
    mayConfigure,
    keepsRules,
    forceReconfigure: flags.bool("audit_force_reconfigure") || settings.deleteAll === true,
    forceUnconfigure: flags.bool("audit_force_unconfigure"),
    backlogLimit: settings.backlogLimit ?? flags.int("audit_backlog_limit"),
    backlogWaitTime: settings.backlogWaitTime ?? flags.int("audit_backlog_wait_time"),
    failure: settings.failure ?? 0,
    ...(settings.rateLimit === undefined ? {} : { rateLimit: settings.rateLimit }),
    rules: mayConfigure ? (file?.rules ?? rulesOf(request)) : [],
  }
}

/** What a killed run left is put back first: else it would count as the state of before. */
function restoreLeft(control: AuditControl, { display }: AuditRequest): void {
  const left = readStateFile()
  if (left.state !== "left" || left.before === null) return
  const failures = restore(control, left.before, { ourRules: [] })
  display.log(
    `A capture that was killed (process ${left.pid}) had left the kernel's audit changed: it is put back.`,
  )
  for (const { step, message } of failures) display.log(`Warning: ${step}: ${message}`)
}

/** Without the file a capture goes on: only a SIGKILL needs it. */
function rememberState(
  before: ReturnType<typeof snapshot>,
  { display }: AuditRequest,
): StateFile | undefined {
  try {
    return StateFile.create(before)
  } catch (error) {
    if (error instanceof StateFileError) throw new FailedError(error.message, "retrail doctor tells more.")
    const why = error instanceof Error ? error.message : String(error)
    display.log(`Warning: the kernel's state could not be noted for retrail doctor (${why})`)
    return undefined
  }
}

function rulesOf({ setsRules, flags, display }: AuditRequest): readonly AuditRule[] {
  if (!setsRules) return []
  const machine = machineArch(process.arch)
  if (machine === undefined) {
    display.log(`Warning: no rules are known for ${process.arch}: --rules FILE takes yours`)
    return []
  }
  return wantedRules(groupsOf(flags), machine)
}

function groupsOf(flags: OsqueryFlags) {
  const exec = flags.bool("audit_allow_process_events")
  const sockets = flags.bool("audit_allow_sockets")
  return {
    exec,
    fork: exec && flags.bool("audit_allow_fork_process_events"),
    kill: exec && flags.bool("audit_allow_kill_process_events"),
    sockets,
    accept: sockets && flags.bool("audit_allow_accept_socket_events"),
    files: flags.bool("audit_allow_fim_events"),
  }
}

function readRules(path: string): RulesFile {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch {
    throw new MissingInputError(`${path} cannot be read`)
  }
  const file = parseRulesFile(text, rulesContext())
  const [problem] = file.problems
  if (problem !== undefined) throw new UsageError(`${path}, line ${problem.line}: ${problem.message}`)
  return file
}

/** The kernel does not replace an owner that lives; a dead one gives way. */
function refuseOwner({ pid }: AuditStatus, { takesOver }: AuditRequest): void {
  if (pid === 0 || pid === process.pid || takesOver) return
  const owner = describeProcess(pid)
  if (!owner.isAlive) return
  throw new FailedError(
    `the audit socket belongs to ${owner.name} (process ${pid})`,
    "--multicast reads beside it, retrail capture follow reads its log, --take-over asks the kernel for the socket.",
  )
}

function describeError(error: unknown, isMulticast: boolean): unknown {
  if (error instanceof RetrailError) return error
  if (hasCode(error, "EPERM", "EACCES")) {
    const capability = isMulticast ? "CAP_AUDIT_READ or CAP_AUDIT_CONTROL" : "CAP_AUDIT_CONTROL"
    return new PermissionError(
      `no permission for the kernel's audit: ${capability} is missing`,
      "Run it as root.",
    )
  }
  if (hasCode(error, "EEXIST")) {
    return new FailedError(
      "the kernel leaves the audit socket with its owner, which is alive",
      "Stop it first (systemctl stop auditd), or use --multicast.",
    )
  }
  if (hasCode(error, "EPROTONOSUPPORT", "UNSUPPORTED"))
    return new FailedError("this kernel has no audit socket")
  return error
}
