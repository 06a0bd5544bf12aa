/**
 * es_process_events from exec, fork and exit messages.
 * Source of truth: osquery es_process_events.cpp and es_utils.cpp. Where we differ: docs/osquery-differences.md.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../../formats/endpoint-security/slots.ts"
import type { TextList } from "../../formats/endpoint-security/text-list.ts"
import { ES_PROCESS_EVENTS } from "../../schema/tables/es-process-events.ts"
import { joinQuoted } from "./join-arguments.ts"
import type { RowContext } from "./row-context.ts"

const JOINED_BYTES = 16 * 1024
const VALID = 0x1
const ADHOC = 0x2
const INSTALLER = 0x8
const RUNTIME = 0x10000

export class EsProcessRows {
  readonly #row: RowContext
  readonly #joined = new GrowingBytes(JOINED_BYTES)

  constructor(row: RowContext) {
    this.#row = row
  }

  /**
   * An exec is told of the program that it started, fork and exit of the process that did it.
   * DEVIATION(osquery): es-time, es-euid, es-username: time and name are the message's, euid is no group.
   */
  write(eventType: "exec" | "fork" | "exit"): void {
    const row = this.#row
    if (!row.wants(ES_PROCESS_EVENTS)) return
    const { writer } = row
    const number = eventType === "exec" ? OTHER.number : 0
    const text = eventType === "exec" ? OTHER.text : 0
    writer.begin(ES_PROCESS_EVENTS)
    row.integer(EVENT.version)
    row.integer(EVENT.sequence)
    row.integer(EVENT.globalSequence)
    row.integer(PROCESS.pid + number)
    row.integer(PROCESS.pidVersion + number)
    row.text(PROCESS_TEXT.path + text)
    row.integer(PROCESS.parent + number)
    row.integer(PROCESS.originalParent + number)
    row.integer(PROCESS.session + number)
    row.integer(PROCESS.responsible + number)
    row.integer(PROCESS.responsibleVersion + number)
    row.integer(PROCESS.parentVersion + number)
    this.#writeCommand(eventType === "exec")
    row.integer(PROCESS.ruid + number)
    row.integer(PROCESS.euid + number)
    row.integer(PROCESS.rgid + number)
    row.integer(PROCESS.egid + number)
    row.userName(PROCESS_TEXT.userName + text, PROCESS.ruid + number)
    row.text(PROCESS_TEXT.signingId + text)
    row.text(PROCESS_TEXT.teamId + text)
    this.#writeHash(PROCESS_TEXT.cdhash + text)
    row.integer(PROCESS.isPlatform + number)
    if (eventType === "exit") row.integer(EVENT.waitStatus)
    else writer.null()
    if (eventType === "fork") row.integer(PROCESS.pid + OTHER.number)
    else writer.null()
    row.time()
    row.constant(eventType)
    row.eid(ES_PROCESS_EVENTS)
    row.constant(describeFlags(row.message.value(PROCESS.signFlags + number)))
    row.constant(row.message.source)
    row.place()
    writer.end()
  }

  /** cmdline, cmdline_count, env, env_count, cwd */
  #writeCommand(isExec: boolean): void {
    const row = this.#row
    const { args, env } = row.message
    if (!isExec) {
      row.writer.empty()
      row.writer.null()
      row.writer.empty()
      row.writer.null()
      row.writer.empty()
      return
    }
    if (!args.isKnown && row.message.start(EVENT_TEXT.commandLine) >= 0) {
      row.text(EVENT_TEXT.commandLine)
      row.writer.null()
    } else this.#writeList(args)
    this.#writeList(env)
    row.text(EVENT_TEXT.cwd)
  }

  #writeList(list: TextList): void {
    const { writer } = this.#row
    if (!list.isKnown) {
      writer.empty()
      writer.null()
      return
    }
    const joined = this.#joined
    joinQuoted(list, joined)
    if (joined.used === 0) writer.empty()
    else writer.bytes(joined.bytes, 0, joined.used)
    writer.int(list.count)
  }

  /** A hash of one digit only is that of a program without a signature. */
  #writeHash(slot: number): void {
    const { message, writer } = this.#row
    const { bytes } = message.arena
    const start = message.start(slot)
    const end = message.end(slot)
    let at = start
    while (at < end && bytes[at] === bytes[start]) at++
    if (start < 0 || at === end) writer.empty()
    else writer.bytes(bytes, start, end)
  }
}

/** "" when nothing is remarkable, or the flags are unknown. */
function describeFlags(flags: number): string {
  if (Number.isNaN(flags)) return ""
  let text = ""
  const add = (word: string): void => {
    text = text === "" ? word : `${text}, ${word}`
  }
  if ((flags & VALID) === 0) add("NOT_VALID")
  if ((flags & ADHOC) !== 0) add("ADHOC")
  if ((flags & RUNTIME) === 0) add("NOT_RUNTIME")
  if ((flags & INSTALLER) !== 0) add("INSTALLER")
  return text
}
