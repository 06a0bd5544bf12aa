/**
 * process_events from exec, fork, exit and signal.
 * Source of truth: the messages of formats/endpoint-security; the columns are those of every source.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../../formats/endpoint-security/slots.ts"
import { PROCESS_EVENTS } from "../../schema/tables/process-events.ts"
import { joinJson, joinPlain } from "./join-arguments.ts"
import type { RowContext } from "./row-context.ts"

export type ProcessEvent = "exec" | "fork" | "exit" | "signal"

const JOINED_BYTES = 16 * 1024
/** What a refused call returns: a client that denies an exec makes it fail with it. */
const EPERM = 1
const OCTAL = 8

export class ProcessRows {
  readonly #row: RowContext
  readonly #joined = new GrowingBytes(JOINED_BYTES)
  #number = 0
  #text = 0
  #parent = Number.NaN

  constructor(row: RowContext) {
    this.#row = row
  }

  write(eventType: ProcessEvent): void {
    const row = this.#row
    const isNew = eventType === "exec" || eventType === "fork"
    this.#number = isNew ? OTHER.number : 0
    this.#text = isNew ? OTHER.text : 0
    const { message } = row
    const given = message.value(PROCESS.parent + this.#number)
    const forker = message.value(PROCESS.pid)
    this.#parent = eventType === "fork" && !Number.isNaN(forker) ? forker : given
    if (eventType === "fork" && this.#isSamePath()) row.learn(PROCESS.pid, PROCESS_TEXT.path)
    if (row.wants(PROCESS_EVENTS) && this.#isChosen(eventType)) this.#writeRow(eventType)
    this.#learn(eventType)
  }

  #isChosen(eventType: ProcessEvent): boolean {
    const { processes, forks, signals } = this.#row.choice
    return processes && (eventType === "exec" || (eventType === "signal" ? signals : forks))
  }

  /** ProcessTracker.replay does the same from the rows. */
  #learn(eventType: ProcessEvent): void {
    const row = this.#row
    if (eventType === "exit") {
      const pid = row.message.value(PROCESS.pid)
      if (!Number.isNaN(pid)) row.tracker.forget(row.host, pid)
    } else if (this.#status() === 0 || eventType === "signal") {
      row.learn(PROCESS.pid + this.#number, PROCESS_TEXT.path + this.#text)
    }
  }

  #writeRow(eventType: ProcessEvent): void {
    const row = this.#row
    const { writer } = row
    const number = this.#number
    const isExec = eventType === "exec"
    writer.begin(PROCESS_EVENTS)
    row.integer(PROCESS.pid + number)
    row.text(PROCESS_TEXT.path + this.#text)
    this.#writeMode()
    this.#writeCommand(isExec)
    row.text(EVENT_TEXT.cwd)
    row.integer(PROCESS.auid + number)
    row.integer(PROCESS.ruid + number)
    row.integer(PROCESS.euid + number)
    row.integer(PROCESS.rgid + number)
    row.integer(PROCESS.egid + number)
    row.integer(EVENT.ownerUid)
    row.integer(EVENT.ownerGid)
    row.integer(EVENT.accessed)
    row.integer(EVENT.modified)
    row.integer(EVENT.changed)
    row.integer(EVENT.born)
    writer.empty() // overflows
    row.int(this.#parent)
    row.time()
    writer.null() // uptime
    row.eid(PROCESS_EVENTS)
    row.int(this.#status())
    row.nulls(4) // fsuid, suid, fsgid, sgid
    writer.empty() // syscall: execve and posix_spawn are told alike
    row.origin(eventType)
    this.#writeExtensions(eventType)
  }

  #writeExtensions(eventType: ProcessEvent): void {
    const row = this.#row
    const { writer, message } = row
    if (eventType === "exit") row.integer(EVENT.exitCode)
    else writer.null()
    if (eventType === "fork" && message.start(PROCESS_TEXT.path) >= 0) row.text(PROCESS_TEXT.path)
    else row.pathOf(this.#parent)
    row.userName(PROCESS_TEXT.userName + this.#text, PROCESS.ruid + this.#number)
    writer.empty() // domain
    row.integer(PROCESS.auditSession + this.#number)
    row.integer(PROCESS.pidVersion + this.#number)
    if (eventType === "exec" && message.args.isKnown && message.args.count > 0) {
      joinJson(message.args, this.#joined)
      writer.bytes(this.#joined.bytes, 0, this.#joined.used)
    } else writer.empty()
    writer.end()
  }

  /** DEVIATION(osquery): es-refused: 0 for success, else the errno; what a client refused did not happen. */
  #status(): number {
    const { message } = this.#row
    if (message.has(EVENT.errno)) return message.value(EVENT.errno)
    return message.isDenied ? EPERM : 0
  }

  #isSamePath(): boolean {
    const { message } = this.#row
    const { bytes } = message.arena
    const start = message.start(PROCESS_TEXT.path)
    const other = message.start(PROCESS_TEXT.path + OTHER.text)
    const length = message.end(PROCESS_TEXT.path) - start
    if (start < 0 || other < 0 || message.end(PROCESS_TEXT.path + OTHER.text) - other !== length) return false
    let same = 0
    while (same < length && bytes[start + same] === bytes[other + same]) same++
    return same === length
  }

  /** Octal with a leading 0, as BSM has it: `0100755`. */
  #writeMode(): void {
    const { message, writer } = this.#row
    const mode = message.value(EVENT.mode)
    if (Number.isNaN(mode) || mode < 0) writer.empty()
    else this.#row.constant(`0${mode.toString(OCTAL)}`)
  }

  /** cmdline, cmdline_size, env, env_count, env_size */
  #writeCommand(isExec: boolean): void {
    const { writer, message } = this.#row
    const joined = this.#joined
    if (isExec && message.args.isKnown) {
      joinPlain(message.args, joined)
      this.#writeJoined()
      writer.int(joined.used)
    } else {
      const start = message.start(EVENT_TEXT.commandLine)
      this.#row.text(EVENT_TEXT.commandLine)
      if (start < 0) writer.null()
      else writer.int(message.end(EVENT_TEXT.commandLine) - start)
    }
    if (!isExec || !message.env.isKnown) {
      writer.empty()
      writer.null()
      writer.null()
      return
    }
    joinPlain(message.env, joined)
    this.#writeJoined()
    writer.int(message.env.count)
    writer.int(joined.used)
  }

  #writeJoined(): void {
    const { used, bytes } = this.#joined
    if (used === 0) this.#row.writer.empty()
    else this.#row.writer.bytes(bytes, 0, used)
  }
}
