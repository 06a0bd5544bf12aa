/**
 * process_events from exec, spawn, fork and exit records, and what later rows know of processes from them.
 * Source of truth: osquery osquery/tables/events/darwin/openbsm_events.cpp for the columns; XNU and FreeBSD
 * audit_bsm.c for the tokens. Where we differ: docs/osquery-differences.md.
 *
 * DEVIATION(osquery): fork-rows: osquery makes rows of execs alone.
 * DEVIATION(osquery): all-execs: osquery knows execve and posix_spawn alone.
 */
import { TOKEN } from "../../formats/bsm/layout.ts"
import { Attributes, readAttributes } from "../../formats/bsm/tokens/attributes.ts"
import { ExitStatus, readExit } from "../../formats/bsm/tokens/result.ts"
import { PROCESS_EVENTS } from "../../schema/tables/process-events.ts"
import type { EventRole } from "./event-roles.ts"
import { errnoOf } from "./platform-errno.ts"
import type { RowContext } from "./row-context.ts"
import { StringList } from "./string-list.ts"

const SLASH = 0x2f

export class ProcessRows {
  readonly #row: RowContext
  readonly #args = new StringList()
  readonly #env = new StringList()
  readonly #attributes = new Attributes()
  readonly #exit = new ExitStatus()
  #pid = Number.NaN
  #parent = Number.NaN
  /** Token with the path of the program, -1 without one. */
  #program = -1
  /** The row is of a process that was made with its program at once. */
  #isSpawned = false

  constructor(row: RowContext) {
    this.#row = row
  }

  exec(role: EventRole): void {
    const isSpawn = role.kind === "spawn"
    this.#readExec(isSpawn)
    this.#write(role, "exec")
    if (this.#isDone()) this.#learnExec(isSpawn)
  }

  fork(role: EventRole): void {
    const row = this.#row
    const isDone = this.#isDone()
    const child = this.#forked()
    // rfork may change the calling process instead of making another.
    if (isDone && Number.isNaN(child)) return
    this.#pid = isDone ? child : Number.NaN
    this.#parent = row.pid
    this.#program = -1
    this.#write(role, "fork")
    if (isDone) this.#learnFork()
  }

  exit(role: EventRole): void {
    const row = this.#row
    this.#pid = row.pid
    this.#parent = row.tree.parentOf(row.host, row.pid)
    this.#program = -1
    this.#write(role, "exit")
    row.tracker.keepUntilEnd()
    row.tracker.forget(row.host, row.pid)
    row.tree.ended(row.host, row.pid)
  }

  /** A process works elsewhere from now on, or sees other paths. */
  move(role: EventRole): void {
    const row = this.#row
    if (!this.#isDone() || Number.isNaN(row.pid)) return
    const token = role.kind === "chroot" ? -1 : row.tokens.lastPath
    let directory = ""
    if (token >= 0) {
      const { from, to } = row.readText(token)
      if (row.record.bytes[from] === SLASH) directory = row.record.bytes.latin1Slice(from, to)
    }
    row.tree.moved(row.host, row.pid, directory)
  }

  /**
   * DEVIATION(osquery): spawn-child: the row of a spawn is of the new process; osquery gives it the pid of the one that
   * spawned it. A spawn may also replace the program of the caller itself, and then names no child.
   * DEVIATION(osquery): parent-unknown: osquery writes -1.
   * DEVIATION(osquery): parent-of-subject-ex: osquery looks for the parent of pid 0 when the subject has an address.
   */
  #readExec(isSpawn: boolean): void {
    const row = this.#row
    const child = isSpawn ? this.#child() : Number.NaN
    this.#isSpawned = isSpawn && (Number.isNaN(child) ? !this.#isDone() : child !== row.pid)
    this.#pid = this.#isSpawned ? child : row.pid
    this.#parent = this.#isSpawned ? row.pid : row.tree.parentOf(row.host, row.pid)
    this.#program = this.#findProgram(isSpawn)
  }

  /**
   * The last path is the resolved one.
   * DEVIATION(osquery): spawn-path: when a spawn that was done has one path and no attributes, macOS wrote the path of
   * another file, such as the terminal's.
   * DEVIATION(osquery): first-file: the program is the first file of an exec; osquery takes the last path.
   */
  #findProgram(isSpawn: boolean): number {
    const { tokens } = this.#row
    const isOther = isSpawn && tokens.pathCount === 1 && tokens.attributes < 0 && this.#isDone()
    return isOther ? -1 : tokens.file
  }

  /** NaN when it is not told. */
  #child(): number {
    const { argument } = this.#row
    const isTold = this.#row.findArgument(0) && argument.high === 0 && argument.low !== 0
    return isTold ? argument.low : Number.NaN
  }

  /** A fork returns its child's pid as well. */
  #forked(): number {
    const child = this.#child()
    const { low } = this.#row.result
    return Number.isNaN(child) && low !== 0 ? low : child
  }

  #isDone(): boolean {
    return this.#row.status === 0 && !this.#row.isNegative
  }

  /** BsmNormalizer.replay does the same from the rows. */
  #learnExec(isSpawn: boolean): void {
    const row = this.#row
    const { host } = row
    if (Number.isNaN(this.#pid)) return
    if (this.#isSpawned) row.tree.started(host, this.#pid, row.pid, false)
    else if (isSpawn) row.tree.moved(host, this.#pid, "")
    if (this.#program < 0) {
      row.tracker.forget(host, this.#pid)
      return
    }
    const { from, to } = row.readText(this.#program)
    row.tracker.learn(host, this.#pid, row.record.bytes, from, to, row.sec)
  }

  #learnFork(): void {
    const row = this.#row
    const { host, tracker, sec } = row
    row.tree.started(host, this.#pid, row.pid, true)
    const path = tracker.pathOf(host, row.pid, sec)
    const { paths } = tracker
    if (path === undefined) tracker.forget(host, this.#pid)
    else tracker.learn(host, this.#pid, paths.bytes, paths.start(path), paths.end(path), sec)
  }

  #write(role: EventRole, eventType: "exec" | "fork" | "exit"): void {
    const row = this.#row
    const { processes, forks } = row.choice
    if (!row.wants(PROCESS_EVENTS) || !processes || (eventType !== "exec" && !forks)) return
    const { writer, subject, tokens } = row
    const isExec = eventType === "exec"
    if (isExec && tokens.execArgs >= 0) this.#args.read(row.record, tokens.execArgs, true)
    writer.begin(PROCESS_EVENTS)
    row.int(this.#pid)
    if (isExec) row.text(this.#program)
    else row.program(row.pid)
    const hasFile = isExec && tokens.attributes >= 0
    this.#writeMode(hasFile)
    this.#writeStrings(isExec)
    this.#writeDirectory(isExec && role.kind !== "spawn")
    row.id(subject.auid)
    row.id(subject.ruid)
    row.id(subject.euid)
    row.id(subject.rgid)
    row.id(subject.egid)
    if (hasFile) {
      writer.int(this.#attributes.uid)
      writer.int(this.#attributes.gid)
    } else row.nulls(2)
    row.nulls(4) // atime, mtime, ctime, btime
    writer.empty() // overflows
    row.int(this.#parent)
    row.time()
    writer.null() // uptime
    row.eid(PROCESS_EVENTS)
    row.int(this.#status())
    row.nulls(4) // fsuid, suid, fsgid, sgid
    row.constant(role.call)
    row.origin(eventType)
    this.#writeExtensions(eventType)
    writer.end()
  }

  /** As osquery has it: octal behind a 0, with the file's type where the system records it. */
  #writeMode(hasFile: boolean): void {
    const row = this.#row
    if (!hasFile) {
      row.writer.empty()
      return
    }
    readAttributes(row.record, row.tokens.attributes, this.#attributes)
    row.constant(`0${this.#attributes.mode.toString(8)}`)
  }

  /** cmdline, cmdline_size, env, env_count, env_size: absent where the policy for them is off. */
  #writeStrings(isExec: boolean): void {
    const row = this.#row
    const { writer, tokens } = row
    if (isExec && tokens.execArgs >= 0) {
      this.#writeText(this.#args)
      writer.int(this.#args.text.used)
    } else {
      writer.empty()
      writer.null()
    }
    if (!isExec || tokens.execEnv < 0) {
      writer.empty()
      row.nulls(2)
      return
    }
    this.#env.read(row.record, tokens.execEnv, false)
    this.#writeText(this.#env)
    writer.int(this.#env.count)
    writer.int(this.#env.text.used)
  }

  #writeText({ text }: StringList): void {
    if (text.used === 0) this.#row.writer.empty()
    else this.#row.writer.bytes(text.bytes, 0, text.used)
  }

  /** A spawn may change it. */
  #writeDirectory(isKept: boolean): void {
    const row = this.#row
    const directory = isKept && !Number.isNaN(this.#pid) ? row.tree.directoryOf(row.host, this.#pid) : ""
    if (directory === "") row.writer.empty()
    else {
      const bytes = Buffer.from(directory, "latin1")
      row.writer.bytes(bytes, 0, bytes.length)
    }
  }

  /** 0 for success, else the errno; NaN when the record does not tell. */
  #status(): number {
    const { status, isNegative, platform } = this.#row
    if (status === 0) return isNegative ? Number.NaN : 0
    return errnoOf(status, platform)
  }

  #writeExtensions(eventType: string): void {
    const row = this.#row
    const { writer, tokens, record } = row
    if (eventType === "exit" && tokens.exit >= 0 && record.id(tokens.exit) === TOKEN.exit) {
      readExit(record, tokens.exit, this.#exit)
      writer.int(this.#exit.status)
    } else writer.null()
    row.program(this.#parent)
    if (row.hasSubject) row.userName(row.subject.ruid)
    else writer.empty()
    writer.empty() // domain
    row.session()
    writer.null() // pid_version
    const { json } = this.#args
    if (eventType === "exec" && tokens.execArgs >= 0) writer.bytes(json.bytes, 0, json.used)
    else writer.empty()
  }
}
