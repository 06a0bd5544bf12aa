/** Gets the programs into the kernel, or says in plain words why they cannot be. Source of truth: bpf(2), capabilities(7). */
import { existsSync, readFileSync } from "node:fs"
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { BpfKernel } from "../../../sources/bpf/bpf-kernel.ts"
import { BpfSession, isUnknownToKernel } from "../../../sources/bpf/bpf-session.ts"
import { Btf } from "../../../sources/bpf/btf.ts"
import { type CgroupFilter, cgroupFilter, findCgroupMount } from "../../../sources/bpf/cgroups.ts"
import { type Machine, readMachine } from "../../../sources/bpf/machine.ts"
import type { Transport } from "../../../sources/bpf/programs.ts"
import { makeSettings } from "../../../sources/bpf/settings.ts"
import { findTracefs } from "../../../sources/bpf/tracefs.ts"
import { type BpfCalls, loadBpfCalls } from "../../../sources/native/bpf-calls.ts"
import { hasCode, NativeError } from "../../../sources/native/native-error.ts"
import { FailedError, PermissionError, UsageError } from "../../errors.ts"
import { argumentBytes, chooseRingBytes, type RingChoice } from "./ring-choice.ts"

/** The system as a capture sees it, so that tests can be any. */
export interface BpfSystem {
  readonly isRoot: boolean
  /** @throws NativeError */
  calls(): BpfCalls
  readonly btfPath: string
  /** Places that tracefs may be mounted at; its usual ones unless given. */
  readonly tracefsPlaces?: readonly string[]
}

export const THIS_BPF_SYSTEM: BpfSystem = {
  isRoot: process.geteuid?.() === 0,
  calls: loadBpfCalls,
  btfPath: "/sys/kernel/btf/vmlinux",
}

export interface OpenedBpf {
  readonly session: BpfSession
  readonly calls: BpfCalls
  readonly machine: Machine
  readonly ringBytes: number
  readonly warnings: readonly string[]
}

export interface OpenOptions extends RingChoice {
  readonly flags: OsqueryFlags
  /** --cgroup: a folder, or `self`. */
  readonly cgroup?: string
}

const INSTEAD = "retrail capture audit records execs and sockets without it."
const AS_ROOT = "Run it as root: sudo retrail capture bpf … (or with CAP_BPF and CAP_PERFMON)."

/** @throws RetrailError */
export function openBpf(options: OpenOptions, system: BpfSystem = THIS_BPF_SYSTEM): OpenedBpf {
  try {
    return open(options, system)
  } catch (error) {
    throw describeBpfError(error)
  }
}

function open(options: OpenOptions, system: BpfSystem): OpenedBpf {
  const calls = system.calls()
  const machine = readMachine(calls.pageBytes())
  const events = eventsFolder(system)
  const cgroup = options.cgroup === undefined ? undefined : wantedCgroup(options.cgroup)
  calls.raiseMemoryLimit()
  const settings = makeSettings(events, readBtf(system), {
    argumentBytes: argumentBytes(options.flags),
    ...(cgroup === undefined ? {} : { cgroup }),
  })
  const start = (transport: Transport) => {
    const ringBytes = chooseRingBytes(transport, options, options.flags, machine)
    const kernel = new BpfKernel(calls)
    const session = new BpfSession({ kernel, machine, events, transport, ringBytes, settings })
    return { session, calls, machine, ringBytes, warnings: warningsOf(session) }
  }
  if (options.transport !== "auto") return start(options.transport)
  try {
    return start("ringbuf")
  } catch (error) {
    if (!isUnknownToKernel(error)) throw error
    return start("perf")
  }
}

function warningsOf({ missing }: BpfSession): string[] {
  return missing.length === 0 ? [] : [`this kernel has no tracepoints ${missing.join(", ")}`]
}

function eventsFolder({ isRoot, tracefsPlaces }: BpfSystem): string {
  const events = findTracefs(tracefsPlaces)
  if (events !== undefined) return events
  if (!isRoot) throw new PermissionError("no permission to load BPF programs", AS_ROOT)
  throw new FailedError(
    "tracefs is not mounted: there are no tracepoints to attach to",
    "mount -t tracefs tracefs /sys/kernel/tracing",
  )
}

function readBtf({ btfPath }: BpfSystem): Btf {
  if (!existsSync(btfPath))
    throw new FailedError(
      `this kernel does not describe its types: there is no ${btfPath}`,
      `It takes a kernel with CONFIG_DEBUG_INFO_BTF, as distributions have since 2020. ${INSTEAD}`,
    )
  try {
    return new Btf(readFileSync(btfPath))
  } catch (error) {
    if (error instanceof RangeError)
      throw new FailedError(`${btfPath} cannot be read: ${error.message}`, INSTEAD)
    throw error
  }
}

function wantedCgroup(wanted: string): CgroupFilter {
  const mount = findCgroupMount()
  if (mount === undefined)
    throw new FailedError("control groups of version 2 are not mounted", "Leave --cgroup away.")
  try {
    return cgroupFilter(wanted, mount)
  } catch (error) {
    const why = error instanceof RangeError ? error.message : `${wanted} is no control group`
    throw new UsageError(why, `--cgroup takes a folder below ${mount}, or self.`)
  }
}

/** What is no failure of a call is returned as it is. */
export function describeBpfError(error: unknown): unknown {
  if (hasCode(error, "EPERM", "EACCES")) return new PermissionError(permissionText(error), AS_ROOT)
  if (hasCode(error, "ENOSYS", "EINVAL", "EOPNOTSUPP", "E2BIG"))
    return new FailedError(
      `this kernel has no BPF that will do (Linux 4.18 and newer): ${error.message}`,
      INSTEAD,
    )
  if (hasCode(error, "ENOMEM"))
    return new FailedError("there is not enough memory for the rings", "A smaller --ring-size takes less.")
  if (error instanceof NativeError) return new FailedError(error.message, INSTEAD)
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "EACCES" || code === "EPERM")
    return new PermissionError("no permission to read what tracefs and BTF tell", AS_ROOT)
  return error
}

function permissionText({ syscall }: NativeError): string {
  return `no permission to load BPF programs (${syscall})`
}
