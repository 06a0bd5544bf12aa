/**
 * Objective-See's ProcessMonitor and FileMonitor. They put their JSON together by hand: backslashes and control
 * characters stand as they are, empty arguments are left out.
 *
 *   {"event":"ES_EVENT_TYPE_NOTIFY_EXEC","timestamp":"2022-08-13 09:53:50 +0000","process":{"pid":7,"uid":501,
 *    "arguments":["ls"],"ppid":1,"signing info (reported)":{"csFlags":570522385,…},…}}
 *   {"event":"ES_EVENT_TYPE_NOTIFY_RENAME","timestamp":…,"file":{"source":"/a","destination":"/b","process":{…}}}
 *
 * Source of truth: Process.m and File.m of both tools. A fork shows the child, an exec the new program.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { readStrings } from "../json/string-items.ts"
import type { EsMessage } from "../message.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../slots.ts"
import { type ProcessPlace, SUBJECT } from "./es-process.ts"
import { putHash, putNumber, putText, putTime, textOf } from "./fill.ts"
import { kindOfType } from "./mac-monitor-1.ts"

export function readObjectiveSee(tape: JsonTape, message: EsMessage): void {
  message.kind = kindOfType(textOf(tape, 0, "event"))
  putTime(tape, tape.find(0, KEY.timestamp), message)
  const file = tape.find(0, KEY.file)
  if (file >= 0) {
    readProcess(tape, tape.find(file, KEY.process), message, SUBJECT)
    readFile(tape, file, message)
    return
  }
  const process = tape.find(0, KEY.process)
  const isNew = message.kind === "exec" || message.kind === "fork"
  readProcess(tape, process, message, isNew ? OTHER : SUBJECT)
  if (message.kind === "fork") message.copyNumber(PROCESS.parent + OTHER.number, PROCESS.pid)
  if (message.kind === "exec") readStrings(tape, tape.find(process, KEY.arguments), message.args)
  // The tool gives the status of wait(2).
  if (message.kind !== "exit") return
  putNumber(tape, process, "exit code", message, EVENT.waitStatus)
  const status = message.value(EVENT.waitStatus)
  if (status >= 0 && (status & 0x7f) === 0) message.setNumber(EVENT.exitCode, (status >> 8) & 0xff)
}

function readProcess(tape: JsonTape, process: number, message: EsMessage, place: ProcessPlace): void {
  if (process < 0) return
  putNumber(tape, process, "pid", message, PROCESS.pid + place.number)
  putNumber(tape, process, "ppid", message, PROCESS.parent + place.number)
  putNumber(tape, process, "rpid", message, PROCESS.responsible + place.number)
  // audit_token_to_euid(3)
  putNumber(tape, process, "uid", message, PROCESS.euid + place.number)
  putText(tape, process, "path", message, PROCESS_TEXT.path + place.text)
  const signing = tape.find(process, KEY["signing info (reported)"])
  putNumber(tape, signing, "csFlags", message, PROCESS.signFlags + place.number)
  putNumber(tape, signing, "platformBinary", message, PROCESS.isPlatform + place.number)
  putText(tape, signing, "signingID", message, PROCESS_TEXT.signingId + place.text)
  putText(tape, signing, "teamID", message, PROCESS_TEXT.teamId + place.text)
  putHash(tape, signing, "cdHash", message, PROCESS_TEXT.cdhash + place.text)
}

/** Without a source the destination is the only file. */
function readFile(tape: JsonTape, file: number, message: EsMessage): void {
  const hasSource = textOf(tape, file, "source") !== ""
  putText(tape, file, hasSource ? "source" : "destination", message, EVENT_TEXT.file)
  if (hasSource) putText(tape, file, "destination", message, EVENT_TEXT.newFile)
  // FileMonitor shows closes of files that were written to only.
  message.isModified = message.kind === "close"
}
