/**
 * Crescendo's export: one list, all properties as texts, the arguments as one text with a blank behind each.
 *
 *   {"eventtype":"process::exec","processpath":"/bin/ls","pid":7,"ppid":1,"timestamp":1757923200042,
 *    "props":{"argc":"2","argv":"ls -la ","teamid":"",…},…}
 *
 * Source of truth: libCrescendo/esclient.swift, events.swift. An exec is an AUTH message: it is about to happen.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import type { EsMessage } from "../message.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../slots.ts"
import { SUBJECT } from "./es-process.ts"
import { putMilliseconds, putNumber, putText, textOf, wholeOf } from "./fill.ts"

const KINDS: ReadonlyMap<string, string> = new Map([
  ["process::exec", "exec"],
  ["process::fork", "fork"],
  ["process::exit", "exit"],
  ["process:kext::load", "kextload"],
  ["file::create", "create"],
  ["file::rename", "rename"],
  ["file::unlink", "unlink"],
  ["file::mount", "mount"],
  ["network::ipcconnect", "uipc_connect"],
])
const FAMILIES: ReadonlyMap<string, number> = new Map([
  ["AF_UNIX", 1],
  ["AF_LOCAL", 1],
  ["AF_INET", 2],
])
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["IPPROTO_IP", 0],
  ["IPPROTO_TCP", 6],
  ["IPPROTO_UDP", 17],
])

export function readCrescendo(tape: JsonTape, message: EsMessage): void {
  const type = textOf(tape, 0, "eventtype")
  message.kind = KINDS.get(type) ?? type
  const place = message.kind === "exec" ? OTHER : SUBJECT
  const props = tape.find(0, KEY.props)
  putMilliseconds(wholeOf(tape, 0, "timestamp"), message)
  putNumber(tape, 0, "pid", message, PROCESS.pid + place.number)
  putNumber(tape, 0, "ppid", message, PROCESS.parent + place.number)
  putNumber(tape, 0, "isplatform", message, PROCESS.isPlatform + place.number)
  putText(tape, 0, "processpath", message, PROCESS_TEXT.path + place.text)
  putText(tape, 0, "username", message, PROCESS_TEXT.userName + place.text)
  putText(tape, 0, "signingid", message, PROCESS_TEXT.signingId + place.text)
  putText(tape, props, "teamid", message, PROCESS_TEXT.teamId + place.text)
  message.isDenied = textOf(tape, props, "action") === "ES_AUTH_RESULT_DENY"
  readEvent(tape, props, message)
}

function readEvent(tape: JsonTape, props: number, message: EsMessage): void {
  switch (message.kind) {
    case "exec":
      putText(tape, props, "argv", message, EVENT_TEXT.commandLine)
      return
    case "create":
    case "unlink":
      putText(tape, props, "path", message, EVENT_TEXT.file)
      return
    case "rename": {
      putText(tape, props, "srcpath", message, EVENT_TEXT.file)
      const folder = textOf(tape, props, "destdir")
      const slash = folder.endsWith("/") ? "" : "/"
      const name = textOf(tape, props, "destfile")
      message.setString(EVENT_TEXT.newFile, name === "" ? folder : `${folder}${slash}${name}`)
      return
    }
    case "uipc_connect":
      putText(tape, props, "path", message, EVENT_TEXT.socketPath)
      message.setNumber(EVENT.family, FAMILIES.get(textOf(tape, props, "domain")) ?? Number.NaN)
      message.setNumber(EVENT.protocol, PROTOCOLS.get(textOf(tape, props, "proto")) ?? Number.NaN)
  }
}
