/**
 * process_events and bpf_process_events from execs, process_events from forks and ends of processes.
 * Source of truth: osquery tables/events/linux/bpf_process_events.cpp for columns and rules.
 */
import { BPF_PROCESS_EVENTS } from "../../schema/tables/bpf-process-events.ts"
import { PROCESS_EVENTS } from "../../schema/tables/process-events.ts"
import { ArgumentList } from "./argument-list.ts"
import type { Call } from "./call.ts"
import type { RowContext } from "./row-context.ts"

/** Results of an exec that osquery makes no row of. */
const LOWEST_ERRNO = -133

export class ProcessRows {
  readonly #row: RowContext
  readonly #arguments = new ArgumentList()

  constructor(row: RowContext) {
    this.#row = row
  }

  /** An exec that returned, or whose new program runs. */
  exec(call: Call, cwd: Buffer | undefined): void {
    const row = this.#row
    const wantsPlain = row.choice.processes && row.wants(PROCESS_EVENTS, call.second)
    const isFailed = call.result < 0 && call.result >= LOWEST_ERRNO
    const wantsBpf = !isFailed && row.wants(BPF_PROCESS_EVENTS, call.second)
    if (!wantsPlain && !wantsBpf) return
    if (call.arguments !== undefined) this.#arguments.read(call.arguments)
    if (wantsPlain) this.#writePlain(call, "exec", cwd)
    if (wantsBpf) this.#writeBpf(call, cwd)
  }

  /** @param call its pid is the child's, its parent the caller's */
  fork(call: Call): void {
    this.#writeOther(call, "fork")
  }

  /** @param exitCode the value of wait(2) as exit status, NaN where it is not recorded */
  exit(call: Call, exitCode: number): void {
    this.#writeOther(call, "exit", exitCode)
  }

  #writeOther(call: Call, eventType: "fork" | "exit", exitCode = Number.NaN): void {
    const row = this.#row
    if (!row.choice.processes || !row.choice.forks || !row.wants(PROCESS_EVENTS, call.second)) return
    this.#writePlain(call, eventType, undefined, exitCode)
  }

  #writePlain(call: Call, eventType: string, cwd: Buffer | undefined, exitCode = Number.NaN): void {
    const row = this.#row
    const { writer } = row
    const hasArguments = eventType === "exec" && call.arguments !== undefined
    writer.begin(PROCESS_EVENTS)
    row.int(call.pid)
    row.buffer(call.path)
    writer.empty() // mode
    this.#writeCommandLine(hasArguments)
    writer.empty() // env
    row.nulls(2)
    row.buffer(cwd)
    row.loginId(call.loginUid)
    row.int(call.uid)
    writer.null() // euid
    row.int(call.gid)
    row.nulls(7) // egid, owner_uid, owner_gid, atime, mtime, ctime, btime
    writer.empty() // overflows
    row.int(call.parent)
    row.int(call.second)
    writer.null() // uptime
    row.eid(PROCESS_EVENTS)
    row.int(eventType === "exec" && call.result < 0 ? -call.result : 0)
    row.nulls(4) // fsuid, suid, fsgid, sgid
    row.constant(call.name)
    row.origin(eventType, call)
    row.int(exitCode)
    row.buffer(row.program(call.parent))
    row.userName(call.uid)
    writer.empty() // domain
    row.session(call.session)
    writer.null() // pid_version
    if (hasArguments) writer.bytes(this.#arguments.json.bytes, 0, this.#arguments.json.used)
    else writer.empty()
    writer.end()
  }

  #writeCommandLine(hasArguments: boolean): void {
    const { writer } = this.#row
    const { bytes, used } = this.#arguments.plain
    if (!hasArguments || used === 0) writer.empty()
    else writer.bytes(bytes, 0, used)
    if (hasArguments) writer.int(used)
    else writer.null()
  }

  /** DEVIATION(osquery): whole-numbers: osquery cuts `cid` and `duration` to 32 bits. */
  #writeBpf(call: Call, cwd: Buffer | undefined): void {
    const row = this.#row
    const { writer } = row
    const { quoted, json } = this.#arguments
    const hasArguments = call.arguments !== undefined
    writer.begin(BPF_PROCESS_EVENTS)
    row.int(call.tid)
    row.int(call.pid)
    row.int(call.parent)
    row.int(call.uid)
    row.int(call.gid)
    row.cgroupId(call)
    row.exitCode(call.result)
    writer.int(call.hasFault ? 1 : 0)
    row.constant("exec")
    row.buffer(call.path)
    row.buffer(cwd)
    if (hasArguments && quoted.used > 0) writer.bytes(quoted.bytes, 0, quoted.used)
    else writer.empty()
    row.int(call.duration)
    if (hasArguments) writer.bytes(json.bytes, 0, json.used)
    else writer.empty()
    row.bpfTime(call)
    row.eid(BPF_PROCESS_EVENTS)
    row.origin("exec", call)
    row.container(call)
    writer.end()
  }
}
