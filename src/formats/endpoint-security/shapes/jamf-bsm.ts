/**
 * BSM records as JSON, from Compliance Reporter and from Jamf Protect before its Device Telemetry Stream.
 *
 *   {"header":{"event_id":23,"event_name":"AUE_EXECVE","time_seconds_epoch":1571164212,
 *    "time_milliseconds_offset":223,…},"subject":{…},"return":{"error":0,…},"exec_args":{"args":{"1":"ls"},…},…}
 *
 * Source of truth: Jamf's Audit Log Levels in Compliance Reporter; audit(4) for what the tokens mean.
 */
import { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { appendString, stringOf } from "../json/node-values.ts"
import type { EsMessage } from "../message.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS, PROCESS_TEXT } from "../slots.ts"
import { macosErrno } from "../tables/bsm-errno.ts"
import type { TextList } from "../text-list.ts"
import { type ProcessPlace, SUBJECT } from "./es-process.ts"
import { putHash, putNumber, putText, textOf, wholeOf } from "./fill.ts"
import { readBsmUser } from "./jamf-bsm-user.ts"

const NANO_A_MILLISECOND = 1e6
/** In BSM's numbers. */
const IN_PROGRESS = 150
const AF_UNIX = 1
const AF_INET6 = 10
const BSM_AF_INET6 = [26, 30]

/** What a child has of its parent. */
const INHERITED = [
  ...[PROCESS.auid, PROCESS.euid, PROCESS.ruid, PROCESS.egid, PROCESS.rgid, PROCESS.auditSession],
]

const KINDS: ReadonlyMap<string, string> = new Map([
  ...(["AUE_EXECVE", "AUE_EXEC", "AUE_FEXECVE", "AUE_POSIX_SPAWN", "AUE_MAC_EXECVE"] as const).map(
    (name): [string, string] => [name, "exec"],
  ),
  ...(["AUE_FORK", "AUE_VFORK", "AUE_FORK1"] as const).map((name): [string, string] => [name, "fork"]),
  ["AUE_EXIT", "exit"],
  ["AUE_KILL", "signal"],
  ["AUE_CONNECT", "connect"],
  ["AUE_BIND", "bind"],
  ["AUE_ACCEPT", "accept"],
  ["AUE_LISTEN", "listen"],
])

export class JamfBsmReader {
  readonly #inner = new JsonTape()

  read(tape: JsonTape, message: EsMessage): void {
    message.source = "openbsm"
    const header = tape.find(0, KEY.header)
    const name = textOf(tape, header, "event_name")
    message.kind = KINDS.get(name) ?? name
    message.sec = wholeOf(tape, header, "time_seconds_epoch")
    message.nsec = Math.max(0, wholeOf(tape, header, "time_milliseconds_offset") || 0) * NANO_A_MILLISECOND
    putNumber(tape, header, "event_id", message, EVENT.eventNumber)
    message.host = textOf(tape, tape.find(0, KEY.host_info), "host_name")
    const error = wholeOf(tape, tape.find(0, KEY.return), "error")
    message.setNumber(EVENT.errno, macosErrno(error))
    message.isInProgress = error === IN_PROGRESS
    readSubject(tape, message, message.kind === "exec" ? OTHER : SUBJECT)
    this.#readEvent(tape, message)
  }

  #readEvent(tape: JsonTape, message: EsMessage): void {
    switch (message.kind) {
      case "exec":
        this.#readExec(tape, message)
        return
      case "fork":
        readFork(tape, message)
        return
      case "exit":
        putNumber(tape, tape.find(0, KEY.exit), "status", message, EVENT.waitStatus)
        putNumber(tape, tape.find(0, KEY.exit), "status", message, EVENT.exitCode)
        return
      case "connect":
      case "bind":
      case "accept":
      case "listen":
        readSocket(tape, message)
        return
      default:
        readBsmUser(tape, message)
    }
  }

  #readExec(tape: JsonTape, message: EsMessage): void {
    const attributes = tape.find(0, KEY.attributes)
    putNumber(tape, attributes, "file_access_mode", message, EVENT.mode)
    putNumber(tape, attributes, "owner_user_id", message, EVENT.ownerUid)
    putNumber(tape, attributes, "owner_group_id", message, EVENT.ownerGid)
    const parent = tape.find(0, KEY.exec_chain_child)
    putNumber(tape, parent, "parent_pid", message, PROCESS.parent + OTHER.number)
    putSpawned(tape, message)
    putLast(tape, tape.find(0, KEY.path), message)
    this.#readMap(tape, tape.find(tape.find(0, KEY.exec_args), KEY.args), message.args, false)
    this.#readMap(tape, tape.find(tape.find(0, KEY.exec_env), KEY.env), message.env, true)
  }

  /** `{"1":"ls","2":"-la"}`, in the order that it stands in; a list as well. */
  #readMap(tape: JsonTape, map: number, target: TextList, isNamed: boolean): void {
    const inner = this.#inner
    inner.isLenient = true
    if (map < 0 || inner.parse(tape.bytes, tape.start(map), tape.end(map)) !== "end") return
    target.isKnown = true
    const items: number[] = []
    const end = inner.next(0)
    for (let node = 1; node < end; node = inner.next(node)) if (inner.isString(node)) items.push(node)
    if (!isNamed) items.sort((one, other) => placeOf(inner, one) - placeOf(inner, other))
    for (const node of items) add(inner, node, target, isNamed && inner.isObject(0))
  }
}

/** Arguments have their numbers as names. */
function placeOf(tape: JsonTape, node: number): number {
  const name = tape.bytes.latin1Slice(tape.keyStart(node), tape.keyEnd(node))
  return /^\d{1,9}$/.test(name) ? Number(name) : node
}

function add(tape: JsonTape, node: number, target: TextList, isNamed: boolean): void {
  const { arena } = target
  const from = arena.used
  if (isNamed) {
    const start = tape.keyStart(node)
    const end = tape.keyEnd(node)
    arena.reserve(end - start + 1)
    tape.bytes.copy(arena.bytes, from, start, end)
    arena.bytes[from + end - start] = 0x3d
    arena.used = from + end - start + 1
  }
  appendString(tape, node, arena)
  target.add(from)
}

/** Of an exec the subject is the process that it is about, before as after. */
function readSubject(tape: JsonTape, message: EsMessage, place: ProcessPlace): void {
  const subject = tape.find(0, KEY.subject)
  putNumber(tape, subject, "process_id", message, PROCESS.pid + place.number)
  putNumber(tape, subject, "audit_id", message, PROCESS.auid + place.number)
  putNumber(tape, subject, "user_id", message, PROCESS.ruid + place.number)
  putNumber(tape, subject, "effective_user_id", message, PROCESS.euid + place.number)
  putNumber(tape, subject, "group_id", message, PROCESS.rgid + place.number)
  putNumber(tape, subject, "effective_group_id", message, PROCESS.egid + place.number)
  putNumber(tape, subject, "session_id", message, PROCESS.auditSession + place.number)
  putText(tape, subject, "user_name", message, PROCESS_TEXT.userName + place.text)
  putText(tape, subject, "process_name", message, PROCESS_TEXT.path + place.text)
  const identity = tape.find(0, KEY.identity)
  putText(tape, identity, "signer_id", message, PROCESS_TEXT.signingId + place.text)
  putText(tape, identity, "team_id", message, PROCESS_TEXT.teamId + place.text)
  putHash(tape, identity, "cd_hash", message, PROCESS_TEXT.cdhash + place.text)
}

/** posix_spawn: the subject is the one that called it, the new process its child. */
function putSpawned(tape: JsonTape, message: EsMessage): void {
  const child = tape.find(tape.find(0, KEY.arguments), KEY.child_PID)
  if (child < 0) return
  message.copyNumber(PROCESS.pid + OTHER.number, PROCESS.parent + OTHER.number)
  message.setNode(PROCESS.pid + OTHER.number, tape, child)
}

/** The last path is the one that the kernel resolved. */
function putLast(tape: JsonTape, list: number, message: EsMessage): void {
  if (!tape.isArray(list)) return
  const end = tape.next(list)
  let last = -1
  for (let item = list + 1; item < end; item = tape.next(item)) if (tape.isString(item)) last = item
  if (last >= 0) message.setText(PROCESS_TEXT.path + OTHER.text, tape, last)
}

/** The child's program is the parent's. */
function readFork(tape: JsonTape, message: EsMessage): void {
  const child = tape.find(tape.find(0, KEY.arguments), KEY.child_PID)
  const returned = tape.find(tape.find(0, KEY.return), KEY.return_value)
  const node = child >= 0 ? child : returned
  if (node >= 0 && !(message.value(EVENT.errno) > 0)) message.setNode(PROCESS.pid + OTHER.number, tape, node)
  putText(tape, tape.find(0, KEY.subject), "process_name", message, PROCESS_TEXT.path + OTHER.text)
  putText(tape, tape.find(0, KEY.subject), "user_name", message, PROCESS_TEXT.userName + OTHER.text)
  for (const slot of INHERITED) message.copyNumber(slot, slot + OTHER.number)
}

function readSocket(tape: JsonTape, message: EsMessage): void {
  putNumber(tape, tape.find(0, KEY.arguments), "fd", message, EVENT.descriptor)
  const isLocal = message.kind === "bind" || message.kind === "listen"
  const unix = Math.max(tape.find(0, KEY.socket_unix), tape.find(0, KEY.sock_unix))
  if (unix >= 0) {
    message.setNumber(EVENT.family, AF_UNIX)
    putText(tape, unix, "path", message, EVENT_TEXT.socketPath)
    return
  }
  const inet = tape.find(0, KEY.socket_inet)
  if (inet < 0) return
  const family = wholeOf(tape, inet, "family")
  message.setNumber(EVENT.family, BSM_AF_INET6.includes(family) ? AF_INET6 : family)
  putNumber(tape, inet, "port", message, isLocal ? EVENT.localPort : EVENT.remotePort)
  const address = stringOf(tape, tape.find(inet, KEY.ip_address))
  message.setString(isLocal ? EVENT_TEXT.localAddress : EVENT_TEXT.remoteAddress, address)
}
