/**
 * process_events from processes that start and end: 4688 and 4689 of the Security log, 1 and 5 of Sysmon. Where both
 * tell of a process both are kept.
 * Source of truth: learn.microsoft.com event-4688, event-4689; the manifest of Sysmon.
 */
import { PROCESS_EVENTS } from "../../schema/tables/process-events.ts"
import { Account } from "./account.ts"
import { FIELD } from "./field-names.ts"
import type { RowContext } from "./row-context.ts"

/** Which field holds what; -1: none does. */
interface Shape {
  readonly pid: number
  readonly parent: number
  readonly path: number
  readonly parentPath: number
  readonly cmdline: number
  readonly cwd: number
  readonly exitCode: number
  readonly isExit: boolean
}

const NOTHING = { parent: -1, parentPath: -1, cmdline: -1, cwd: -1, exitCode: -1 }

export const PROCESS_CREATED: Shape = {
  ...NOTHING,
  pid: FIELD.newProcessId,
  // In spite of its name that of the creator.
  parent: FIELD.processId,
  path: FIELD.newProcessName,
  parentPath: FIELD.parentProcessName,
  cmdline: FIELD.commandLine,
  isExit: false,
}

export const PROCESS_ENDED: Shape = {
  ...NOTHING,
  pid: FIELD.processId,
  path: FIELD.processName,
  exitCode: FIELD.status,
  isExit: true,
}

export const SYSMON_PROCESS: Shape = {
  ...NOTHING,
  pid: FIELD.processId,
  parent: FIELD.parentProcessId,
  path: FIELD.image,
  parentPath: FIELD.parentImage,
  cmdline: FIELD.commandLine,
  cwd: FIELD.currentDirectory,
  isExit: false,
}

export const SYSMON_PROCESS_ENDED: Shape = {
  ...NOTHING,
  pid: FIELD.processId,
  path: FIELD.image,
  isExit: true,
}

export class ProcessRows {
  readonly #row: RowContext
  readonly #account: Account

  constructor(row: RowContext) {
    this.#row = row
    this.#account = new Account(row)
  }

  write(shape: Shape): void {
    const row = this.#row
    const { forks, processes } = row.choice
    const isChosen = processes && (forks || !shape.isExit)
    if (row.wants(PROCESS_EVENTS) && isChosen) this.#writeRow(shape)
    this.#learn(shape)
  }

  #writeRow(shape: Shape): void {
    const row = this.#row
    const { writer } = row
    const eventType = shape.isExit ? "exit" : "exec"
    writer.begin(PROCESS_EVENTS)
    row.integer(shape.pid)
    row.text(shape.path)
    writer.empty() // mode
    this.#writeCmdline(shape)
    writer.empty() // env
    row.nulls(2) // env_count, env_size
    row.text(shape.cwd)
    row.nulls(6) // auid, uid, euid, gid, egid, owner_uid: Windows has SIDs
    row.nulls(5) // owner_gid, atime, mtime, ctime, btime
    writer.empty() // overflows
    row.integer(shape.parent)
    row.int(row.sec)
    writer.null() // uptime
    row.eid(PROCESS_EVENTS)
    writer.int(0)
    row.nulls(4) // fsuid, suid, fsgid, sgid
    writer.empty() // syscall
    row.origin(eventType)
    row.integer(shape.exitCode)
    this.#writeParentPath(shape)
    this.#account.find()
    this.#account.writeName()
    this.#account.writeDomain()
    this.#account.writeSession()
    writer.null() // pid_version
    writer.empty() // argv: a Windows process gets one text
    writer.end()
  }

  /** Empty where the policy for it is off, which is not the same as no arguments. */
  #writeCmdline({ cmdline }: Shape): void {
    const { fields, writer } = this.#row
    if (!fields.find(cmdline) || fields.to === fields.from) {
      writer.empty()
      writer.null()
      return
    }
    this.#row.found()
    writer.int(fields.to - fields.from)
  }

  /** As the event names it, else what the pid was last known to run. */
  #writeParentPath({ parent, parentPath }: Shape): void {
    const row = this.#row
    if (row.fields.findValue(parentPath)) {
      row.found()
      return
    }
    const pid = row.valueOf(parent)
    const path = Number.isNaN(pid) ? undefined : row.tracker.pathOf(row.host, pid, row.sec)
    const { paths } = row.tracker
    if (path === undefined) row.writer.empty()
    else row.bytes(paths.bytes, paths.start(path), paths.end(path))
  }

  /** ProcessTracker.replay does the same from the rows. */
  #learn({ pid, path, isExit }: Shape): void {
    const { fields, host, tracker, sec } = this.#row
    const id = this.#row.valueOf(pid)
    if (Number.isNaN(id)) return
    if (isExit) tracker.forget(host, id)
    else if (fields.findValue(path)) tracker.learn(host, id, fields.tape.bytes, fields.from, fields.to, sec)
  }
}
