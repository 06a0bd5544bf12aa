/**
 * xnumon's log as JSON: execs and sockets, from BSM records of a live pipe.
 *
 *   {"version":7,"time":"2018-…Z","eventcode":2,"argv":[…],"cwd":"/","image":{"path":"/bin/ls","ident":…},
 *    "subject":{"pid":7,"auid":501,…,"image":{…},"ancestors":[{"path":"/bin/zsh","exec_pid":6},…]}}
 *
 * Source of truth: xnumon's logevt.c, versions 1 to 8.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY, type KeyName } from "../json/keys.ts"
import { readStrings } from "../json/string-items.ts"
import type { EsMessage } from "../message.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../slots.ts"
import { type ProcessPlace, SUBJECT } from "./es-process.ts"
import { putHash, putNumber, putText, putTime, textOf, wholeOf } from "./fill.ts"

const KINDS: readonly string[] = [
  ...["xnumon-ops", "xnumon-stats", "exec", "process-access", "launchd-add", "listen", "accept", "connect"],
]
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["icmp", 1],
  ["tcp", 6],
  ["udp", 17],
])
/** As BSM and socket_events have them. */
const AF_INET = 2
const AF_INET6 = 10

const IDS: readonly (readonly [KeyName, number])[] = [
  ["pid", PROCESS.pid],
  ["auid", PROCESS.auid],
  ["euid", PROCESS.euid],
  ["ruid", PROCESS.ruid],
  ["egid", PROCESS.egid],
  ["rgid", PROCESS.rgid],
  ["sid", PROCESS.auditSession],
]

export function readXnumon(tape: JsonTape, message: EsMessage): void {
  message.source = "openbsm"
  const code = wholeOf(tape, 0, "eventcode")
  message.kind = KINDS[code] ?? `eventcode-${code}`
  putTime(tape, tape.find(0, KEY.time), message)
  const subject = tape.find(0, KEY.subject)
  const isExec = message.kind === "exec"
  const place = isExec ? OTHER : SUBJECT
  for (const [name, slot] of IDS) putNumber(tape, subject, name, message, slot + place.number)
  putText(tape, subject, "dev", message, PROCESS_TEXT.tty + place.text)
  readImage(tape, tape.find(isExec ? 0 : subject, KEY.image), message, place)
  readParent(tape, subject, message, place)
  if (isExec) {
    readStrings(tape, tape.find(0, KEY.argv), message.args)
    readStrings(tape, tape.find(0, KEY.env), message.env)
    putText(tape, 0, "cwd", message, EVENT_TEXT.cwd)
  } else readSocket(tape, message)
}

function readImage(tape: JsonTape, image: number, message: EsMessage, place: ProcessPlace): void {
  if (image < 0) return
  putText(tape, image, "path", message, PROCESS_TEXT.path + place.text)
  putText(tape, image, "ident", message, PROCESS_TEXT.signingId + place.text)
  putText(tape, image, "teamid", message, PROCESS_TEXT.teamId + place.text)
  putHash(tape, image, "cdhash", message, PROCESS_TEXT.cdhash + place.text)
}

/** The nearest image that another process was started with. */
function readParent(tape: JsonTape, subject: number, message: EsMessage, place: ProcessPlace): void {
  const pid = message.value(PROCESS.pid + place.number)
  const isOther = (image: number): boolean => {
    const by = wholeOf(tape, image, "exec_pid")
    if (Number.isNaN(by) || by === pid) return false
    message.setNumber(PROCESS.parent + place.number, by)
    return true
  }
  if (isOther(tape.find(subject, KEY.image))) return
  const list = tape.find(subject, KEY.ancestors)
  if (!tape.isArray(list)) return
  const end = tape.next(list)
  for (let image = list + 1; image < end; image = tape.next(image)) if (isOther(image)) return
}

function readSocket(tape: JsonTape, message: EsMessage): void {
  const local = textOf(tape, 0, "sockaddr")
  const remote = textOf(tape, 0, "peeraddr")
  if (local === "" && remote === "") return
  message.setString(EVENT_TEXT.localAddress, local)
  message.setString(EVENT_TEXT.remoteAddress, remote)
  putNumber(tape, 0, "sockport", message, EVENT.localPort)
  putNumber(tape, 0, "peerport", message, EVENT.remotePort)
  message.setNumber(EVENT.family, `${local}${remote}`.includes(":") ? AF_INET6 : AF_INET)
  message.setNumber(EVENT.protocol, PROTOCOLS.get(textOf(tape, 0, "proto").toLowerCase()) ?? Number.NaN)
}
