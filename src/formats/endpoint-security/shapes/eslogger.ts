/**
 * Messages of eslogger(1), and of Jamf's Device Telemetry Stream, which has the same model.
 * Source of truth: lines of eslogger with message versions 1 to 11; Apple's ESMessage.h.
 */
import { JsonTape } from "../json/json-tape.ts"
import { KEY, keyName } from "../json/keys.ts"
import { appendString, booleanOf, numberOf, stringOf } from "../json/node-values.ts"
import { readStrings } from "../json/string-items.ts"
import type { EsMessage } from "../message.ts"
import { USE } from "../read-notes.ts"
import { EVENT, EVENT_TEXT, OTHER, PROCESS } from "../slots.ts"
import { eventNameOf } from "../tables/event-names.ts"
import { FileFacts, readPath, readProcess, SUBJECT, slotsOf } from "./es-process.ts"
import { readUser } from "./es-user.ts"
import { putNumber, putTime, textOf, wholeOf } from "./fill.ts"

const NUMBERS = slotsOf({
  version: EVENT.version,
  seq_num: EVENT.sequence,
  global_seq_num: EVENT.globalSequence,
  glob_seq_num: EVENT.globalSequence,
  event_type: EVENT.eventNumber,
})
const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
const DENY = 1
const SIGNAL_BITS = 0x7f

/** The tape keeps what it reads only until the next message. */
export class EsloggerReader {
  readonly #files = new FileFacts()
  readonly #inner = new JsonTape()

  read(tape: JsonTape, message: EsMessage): void {
    const end = tape.next(0)
    let event = -1
    let process = -1
    for (let node = 1; node < end; node = tape.next(node)) {
      const key = tape.key(node)
      if (key < 0) continue
      const slot = NUMBERS[key] as number
      if (slot >= 0) message.setNode(slot, tape, node)
      else if (key === KEY.process) process = node
      else if (key === KEY.event) event = node
      else if (key === KEY.time) readTime(tape, node, message)
      else if (key === KEY.action) readAction(tape, node, message)
      else if (key === KEY.host) message.host = stringOf(tape, tape.find(node, KEY.hostname))
    }
    this.#readEvent(tape, event, message)
    // An exec is told of the program that it starts; the one before is the same process.
    if (message.kind !== "exec" && !message.has(PROCESS.pid)) readProcess(tape, process, message, SUBJECT)
  }

  /** The event's name counts more than its number, which is Apple's only. */
  #readEvent(tape: JsonTape, event: number, message: EsMessage): void {
    const number = message.value(EVENT.eventNumber)
    const byNumber = eventNameOf(number)
    const node = event + 1
    const isNamed = event >= 0 && tape.isObject(event) && tape.next(event) > node
    if (!isNamed) {
      message.kind = byNumber
      return
    }
    const key = tape.key(node)
    message.kind = key >= 0 ? keyName(key) : tape.bytes.latin1Slice(tape.keyStart(node), tape.keyEnd(node))
    if (byNumber !== "" && byNumber !== message.kind) {
      const found = `${message.kind} with event_type ${number}`
      message.fault("endpoint-security/event-type", "the event's name and its number disagree", found)
    }
    if (key >= 0) this.#readKind(tape, node, key, message)
  }

  #readKind(tape: JsonTape, node: number, key: number, message: EsMessage): void {
    switch (key) {
      case KEY.exec:
        this.#readExec(tape, node, message)
        return
      case KEY.fork:
        readProcess(tape, tape.find(node, KEY.child), message, OTHER)
        return
      case KEY.exit:
        readExit(tape, tape.find(node, KEY.stat), message)
        return
      case KEY.signal:
        readProcess(tape, tape.find(node, KEY.target), message, OTHER)
        return
      case KEY.networkflow:
        readFlow(tape, node, message)
        return
      case KEY.uipc_connect:
      case KEY.uipc_bind:
        readSocket(tape, node, key, message)
        return
      default:
        if (!readFile(tape, node, key, message)) readUser(tape, node, key, message)
    }
  }

  #readExec(tape: JsonTape, exec: number, message: EsMessage): void {
    const end = tape.next(exec)
    for (let node = exec + 1; node < end; node = tape.next(node)) {
      const key = tape.key(node)
      if (key === KEY.target) {
        readProcess(tape, node, message, OTHER)
        this.#files.read(tape, this.#inner, tape.find(node, KEY.executable), message)
      } else if (key === KEY.args) readList(tape, node, USE.args, message)
      else if (key === KEY.env) readList(tape, node, USE.env, message)
      else if (key === KEY.cwd) readPath(tape, node, message, EVENT_TEXT.cwd)
    }
  }
}

function readList(tape: JsonTape, node: number, use: number, message: EsMessage): void {
  message.notes.add(use, 0, tape.start(node))
  if (tape.isArray(node)) readStrings(tape, node, use === USE.args ? message.args : message.env)
}

/** As text, or as Mac Monitor has it, `{"tv_sec":1757923200,"tv_nsec":42334001}`. */
function readTime(tape: JsonTape, node: number, message: EsMessage): void {
  if (!tape.isObject(node)) {
    putTime(tape, node, message)
    return
  }
  message.sec = wholeOf(tape, node, "tv_sec")
  message.nsec = wholeOf(tape, node, "tv_nsec") || 0
}

/** `{"result":{"result_type":0,"result":{"auth":1}}}`: what became of what the message tells. */
function readAction(tape: JsonTape, action: number, message: EsMessage): void {
  const result = tape.find(tape.find(action, KEY.result), KEY.result)
  message.isDenied = numberOf(tape, tape.find(result, KEY.auth)) === DENY
}

/** wait(2): the exit code is in the second byte, a signal that ended the process in the low seven bits. */
function readExit(tape: JsonTape, stat: number, message: EsMessage): void {
  if (stat < 0) return
  message.setNode(EVENT.waitStatus, tape, stat)
  const status = message.value(EVENT.waitStatus)
  if (status >= 0 && (status & SIGNAL_BITS) === 0) message.setNumber(EVENT.exitCode, (status >> 8) & 0xff)
}

/** File events, by the member that holds the file; false for any other event. */
function readFile(tape: JsonTape, event: number, key: number, message: EsMessage): boolean {
  switch (key) {
    case KEY.create:
      readDestination(tape, event, message, EVENT_TEXT.file)
      return true
    case KEY.rename:
      readPath(tape, tape.find(event, KEY.source), message, EVENT_TEXT.file)
      readDestination(tape, event, message, EVENT_TEXT.newFile)
      return true
    case KEY.open:
      readPath(tape, tape.find(event, KEY.file), message, EVENT_TEXT.file)
      return true
    case KEY.write:
    case KEY.truncate:
    case KEY.unlink:
      readPath(tape, tape.find(event, KEY.target), message, EVENT_TEXT.file)
      return true
    case KEY.close:
      readPath(tape, tape.find(event, KEY.target), message, EVENT_TEXT.file)
      message.isModified = booleanOf(tape, tape.find(event, KEY.modified)) === true
      return true
    default:
      return false
  }
}

/** `{"existing_file":{"path":…}}` or `{"new_path":{"dir":{"path":…},"filename":…}}`. */
function readDestination(tape: JsonTape, event: number, message: EsMessage, slot: number): void {
  const destination = tape.find(event, KEY.destination)
  const existing = tape.find(destination, KEY.existing_file)
  const created = tape.find(destination, KEY.new_path)
  if (created < 0) readPath(tape, existing, message, slot)
  else joinPath(tape, created, message, slot)
}

/** `dir` and `filename` of `node` as one path. */
function joinPath(tape: JsonTape, node: number, message: EsMessage, slot: number): void {
  const folder = tape.find(tape.find(node, KEY.dir), KEY.path)
  const name = tape.find(node, KEY.filename)
  if (!tape.isString(folder) && !tape.isString(name)) return
  const { arena, notes } = message
  if (tape.isString(folder) && tape.isString(name)) {
    notes.add(USE.folder, slot, tape.start(folder))
    notes.add(USE.name, slot, tape.start(name))
  }
  message.beginText(slot)
  if (tape.isString(folder)) appendString(tape, folder, arena)
  message.slashText(slot)
  if (tape.isString(name)) appendString(tape, name, arena)
  message.endText(slot)
}

/** What a client adds of networks; the process is the one that opened the connection. */
function readFlow(tape: JsonTape, event: number, message: EsMessage): void {
  readProcess(tape, tape.find(event, KEY.instigator), message, SUBJECT)
  message.kind = textOf(tape, event, "direction").toLowerCase().startsWith("in") ? "accept" : "connect"
  const local = textOf(tape, event, "local_address")
  const remote = textOf(tape, event, "remote_address")
  message.setString(EVENT_TEXT.localAddress, local)
  message.setString(EVENT_TEXT.remoteAddress, remote)
  putNumber(tape, event, "local_port", message, EVENT.localPort)
  putNumber(tape, event, "remote_port", message, EVENT.remotePort)
  putNumber(tape, event, "flow_protocol", message, EVENT.protocol)
  message.setNumber(EVENT.family, `${local}${remote}`.includes(":") ? AF_INET6 : AF_INET)
}

/** ES has no events of other families. */
function readSocket(tape: JsonTape, event: number, key: number, message: EsMessage): void {
  if (key === KEY.uipc_bind) joinPath(tape, event, message, EVENT_TEXT.socketPath)
  else readPath(tape, tape.find(event, KEY.file), message, EVENT_TEXT.socketPath)
  message.setNumber(EVENT.family, AF_UNIX)
  const protocol = Math.max(tape.find(event, KEY.proto), tape.find(event, KEY.protocol))
  if (protocol >= 0) message.setNode(EVENT.protocol, tape, protocol)
}
