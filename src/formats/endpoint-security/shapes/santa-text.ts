/**
 * A line of Santa's log:
 *
 *   [2026-02-03T04:05:06.123Z] I santad: action=EXEC|decision=ALLOW|pid=12|pidversion=89|ppid=56|uid=501|user=alice|…
 *
 * In values `|` is `<pipe>`, and line breaks are `\n` and `\r`.
 * Source of truth: Santa's BasicString.mm and SanitizableString.
 */

import { textOfBytes } from "../../../base/text.ts"
import type { EsMessage } from "../message.ts"
import { MessageTime } from "../message-time.ts"
import { EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../slots.ts"
import { type ProcessPlace, SUBJECT } from "./es-process.ts"
import { santaTextUser } from "./santa-text-user.ts"

const TWO_32 = 4_294_967_296
const HEAD = /^\[([^\]\s]{19,40})\] [A-Z] [\w.-]+: /
const HEAD_BYTES = 120
const KINDS: ReadonlyMap<string, string> = new Map([
  ["EXEC", "exec"],
  ["FORK", "fork"],
  ["EXIT", "exit"],
  ["WRITE", "write"],
  ["RENAME", "rename"],
  ["DELETE", "unlink"],
])

export type Fields = ReadonlyMap<string, string>

/** True when a record of Santa's log begins the line. */
export function isSantaLine(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== 0x5b) return false
  return HEAD.test(bytes.latin1Slice(start, Math.min(end, start + HEAD_BYTES)))
}

const time = new MessageTime()

/**
 * Fills the message from a line without its end.
 * @returns false when the line tells of no event
 */
export function readSantaLine(bytes: Buffer, start: number, end: number, message: EsMessage): boolean {
  const line = textOfBytes(bytes, start, end)
  const head = HEAD.exec(line)
  if (head === null || !line.startsWith("action=", head[0].length)) return false
  const stamp = Buffer.from(head[1] ?? "", "latin1")
  if (time.read(stamp, 0, stamp.length)) {
    message.sec = time.sec
    message.nsec = time.nsec
  } else message.fault("endpoint-security/bad-time", "the line's time is none", head[1] ?? "")
  const fields = fieldsOf(line.slice(head[0].length))
  const action = fields.get("action") ?? ""
  message.kind = KINDS.get(action) ?? action.toLowerCase()
  const isNew = message.kind === "exec" || message.kind === "fork"
  readProcess(fields, message, isNew ? OTHER : SUBJECT)
  readEvent(fields, message)
  return true
}

/** Of several with one name the first counts, but what stands behind `args=` is the arguments. */
function fieldsOf(text: string): Fields {
  const fields = new Map<string, string>()
  for (const part of text.split("|")) {
    const equals = part.indexOf("=")
    const name = part.slice(0, equals)
    if (equals > 0 && !fields.has(name)) fields.set(name, readValue(part.slice(equals + 1)))
  }
  return fields
}

function readValue(text: string): string {
  if (!text.includes("<pipe>") && !text.includes("\\")) return text
  return text.replaceAll("<pipe>", "|").replaceAll("\\n", "\n").replaceAll("\\r", "\r")
}

function readProcess(fields: Fields, message: EsMessage, place: ProcessPlace): void {
  const put = (name: string, slot: number): void => {
    const text = fields.get(name) ?? ""
    if (!/^-?\d{1,15}$/.test(text)) return
    const value = Number(text)
    const isId = name === "uid" || name === "gid"
    message.setNumber(slot + place.number, isId && value < 0 ? value + TWO_32 : value)
  }
  put("pid", PROCESS.pid)
  put("pidversion", PROCESS.pidVersion)
  put("ppid", PROCESS.parent)
  put("uid", PROCESS.ruid)
  put("gid", PROCESS.rgid)
  message.setString(PROCESS_TEXT.userName + place.text, fields.get("user") ?? "")
  const isExec = place === OTHER
  message.setString(PROCESS_TEXT.path + place.text, fields.get(isExec ? "path" : "processpath") ?? "")
  message.setString(PROCESS_TEXT.teamId + place.text, isExec ? (fields.get("teamid") ?? "") : "")
}

function readEvent(fields: Fields, message: EsMessage): void {
  switch (message.kind) {
    case "exec":
      message.setString(EVENT_TEXT.commandLine, fields.get("args") ?? "")
      message.isDenied = fields.get("decision") === "DENY"
      return
    case "fork":
      // Who forked is told by the parent's pid only.
      message.copyNumber(PROCESS.parent + OTHER.number, PROCESS.pid)
      return
    case "write":
    case "unlink":
    case "rename":
      message.setString(EVENT_TEXT.file, fields.get("path") ?? "")
      message.setString(EVENT_TEXT.newFile, fields.get("newpath") ?? "")
      return
    default:
      message.user = santaTextUser(message.kind, fields)
  }
}
