/**
 * Mac Monitor's first export: flat, the process as `initiating_…`, the event under a name of its own.
 *
 *   {"es_event_type":"ES_EVENT_TYPE_NOTIFY_EXEC","initiating_pid":7,"exec_event":{"process_path":"/bin/ls",…},…}
 *
 * Source of truth: the telemetry reports that its authors published.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import type { EsMessage } from "../message.ts"
import { EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../slots.ts"
import { putHash, putNumber, putText, putTime, textOf } from "./fill.ts"

const PREFIX = /^ES_EVENT_TYPE_(?:NOTIFY|AUTH)_/

/** `ES_EVENT_TYPE_NOTIFY_EXEC` is `exec`. */
export function kindOfType(type: string): string {
  return type.replace(PREFIX, "").toLowerCase()
}

export function readMacMonitor1(tape: JsonTape, message: EsMessage): void {
  message.kind = kindOfType(textOf(tape, 0, "es_event_type"))
  putTime(tape, tape.find(0, KEY.activity_at_ts), message)
  putNumber(tape, 0, "initiating_pid", message, PROCESS.pid)
  putNumber(tape, 0, "initiating_ruid", message, PROCESS.ruid)
  putNumber(tape, 0, "initiating_euid", message, PROCESS.euid)
  putNumber(tape, 0, "initiating_is_platform_binary", message, PROCESS.isPlatform)
  putText(tape, 0, "initiating_process_path", message, PROCESS_TEXT.path)
  putText(tape, 0, "initiating_process_signing_id", message, PROCESS_TEXT.signingId)
  putText(tape, 0, "initiating_ruid_human", message, PROCESS_TEXT.userName)
  putHash(tape, 0, "initiating_process_cdhash", message, PROCESS_TEXT.cdhash)
  const exec = tape.find(0, KEY.exec_event)
  if (message.kind === "exec" && exec >= 0) readExec(tape, exec, message)
  const file = tape.find(0, KEY.file_event)
  if (file >= 0) putText(tape, file, "path", message, EVENT_TEXT.file)
}

/** The process that started it is the parent. */
function readExec(tape: JsonTape, exec: number, message: EsMessage): void {
  putNumber(tape, exec, "pid", message, PROCESS.pid + OTHER.number)
  putNumber(tape, exec, "ruid", message, PROCESS.ruid + OTHER.number)
  putNumber(tape, exec, "euid", message, PROCESS.euid + OTHER.number)
  putNumber(tape, exec, "is_platform_binary", message, PROCESS.isPlatform + OTHER.number)
  putNumber(tape, 0, "initiating_pid", message, PROCESS.parent + OTHER.number)
  putText(tape, exec, "process_path", message, PROCESS_TEXT.path + OTHER.text)
  putText(tape, exec, "signing_id", message, PROCESS_TEXT.signingId + OTHER.text)
  putText(tape, exec, "team_id", message, PROCESS_TEXT.teamId + OTHER.text)
  putText(tape, exec, "ruid_human", message, PROCESS_TEXT.userName + OTHER.text)
  putHash(tape, exec, "cdhash", message, PROCESS_TEXT.cdhash + OTHER.text)
  putText(tape, exec, "command_line", message, EVENT_TEXT.commandLine)
}
