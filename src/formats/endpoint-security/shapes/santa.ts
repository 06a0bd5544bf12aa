/**
 * Santa's telemetry as the JSON form of its protocol buffers. Bytes are base64, 64-bit numbers are strings, ids are
 * signed: the uid of nobody is -2.
 *
 *   {"event_time":"2025-…Z","machine_id":"…","execution":{"instigator":{"id":{"pid":12,"pidversion":34},…},
 *    "target":{…},"args":["bHM="],"decision":"DECISION_ALLOW"}}
 *
 * Source of truth: santa.proto (SantaMessage).
 */
import { JsonTape } from "../json/json-tape.ts"
import { KEY, keyName } from "../json/keys.ts"
import { booleanOf } from "../json/node-values.ts"
import { forStrings } from "../json/string-items.ts"
import type { EsMessage } from "../message.ts"
import { MessageTime } from "../message-time.ts"
import { EVENT, EVENT_TEXT, OTHER } from "../slots.ts"
import type { TextList } from "../text-list.ts"
import { readPath, SUBJECT } from "./es-process.ts"
import { putNumber, putText, putTime, textOf, wholeOf } from "./fill.ts"
import { idOf, readSantaProcess } from "./santa-process.ts"
import { readSantaUser } from "./santa-user.ts"
import { SANTA_EVENTS } from "./tell-shape.ts"

const KINDS: ReadonlyMap<string, string> = new Map([["execution", "exec"]])
const TIMES = [
  ["access_time", EVENT.accessed],
  ["modification_time", EVENT.modified],
  ["change_time", EVENT.changed],
  ["birth_time", EVENT.born],
] as const

export class SantaReader {
  readonly #inner = new JsonTape()
  readonly #time = new MessageTime()

  read(tape: JsonTape, message: EsMessage): void {
    putTime(tape, tape.find(0, KEY.event_time), message)
    const name = SANTA_EVENTS.find((event) => tape.find(0, KEY[event]) >= 0)
    if (name === undefined) {
      message.kind = unknownEvent(tape)
      return
    }
    const event = tape.find(0, KEY[name])
    message.kind = KINDS.get(name) ?? name
    readSantaProcess(tape, tape.find(event, KEY.instigator), message, SUBJECT)
    this.#readEvent(tape, event, message)
  }

  #readEvent(tape: JsonTape, event: number, message: EsMessage): void {
    switch (message.kind) {
      case "exec":
        this.#readExec(tape, event, message)
        return
      case "fork":
        readSantaProcess(tape, tape.find(event, KEY.child), message, OTHER)
        return
      case "exit":
        readExit(tape, event, message)
        return
      case "close":
      case "unlink":
        readPath(tape, tape.find(event, KEY.target), message, EVENT_TEXT.file)
        message.isModified = booleanOf(tape, tape.find(event, KEY.modified)) === true
        return
      case "rename":
        readPath(tape, tape.find(event, KEY.source), message, EVENT_TEXT.file)
        putText(tape, event, "target", message, EVENT_TEXT.newFile)
        return
      default:
        readSantaUser(tape, event, message)
    }
  }

  #readExec(tape: JsonTape, event: number, message: EsMessage): void {
    const target = tape.find(event, KEY.target)
    readSantaProcess(tape, target, message, OTHER)
    this.#readStat(tape, tape.find(target, KEY.executable), message)
    readPath(tape, tape.find(event, KEY.working_directory), message, EVENT_TEXT.cwd)
    readBase64(tape, tape.find(event, KEY.args), message.args)
    readBase64(tape, tape.find(event, KEY.envs), message.env)
    message.isDenied = textOf(tape, event, "decision") === "DECISION_DENY"
  }

  #readStat(tape: JsonTape, executable: number, message: EsMessage): void {
    const stat = tape.find(executable, KEY.stat)
    const inner = this.#inner
    inner.isLenient = true
    if (!tape.isObject(stat) || inner.parse(tape.bytes, tape.start(stat), tape.end(stat)) !== "end") return
    putNumber(inner, 0, "mode", message, EVENT.mode)
    message.setNumber(EVENT.ownerUid, idOf(inner, inner.find(0, KEY.user), "uid"))
    message.setNumber(EVENT.ownerGid, idOf(inner, inner.find(0, KEY.group), "gid"))
    for (const [name, slot] of TIMES) {
      const node = inner.find(0, KEY[name])
      if (!inner.isString(node)) continue
      if (this.#time.read(inner.bytes, inner.start(node), inner.end(node))) {
        message.setNumber(slot, this.#time.sec)
      }
    }
  }
}

/** The first member that holds an object. */
function unknownEvent(tape: JsonTape): string {
  const end = tape.next(0)
  for (let node = 1; node < end; node = tape.next(node)) {
    if (!tape.isObject(node)) continue
    const key = tape.key(node)
    return key >= 0 ? keyName(key) : tape.bytes.latin1Slice(tape.keyStart(node), tape.keyEnd(node))
  }
  return ""
}

function readExit(tape: JsonTape, event: number, message: EsMessage): void {
  const code = wholeOf(tape, tape.find(event, KEY.exited), "exit_status")
  const signal = wholeOf(tape, tape.find(event, KEY.signaled), "signal")
  if (!Number.isNaN(code)) {
    message.setNumber(EVENT.exitCode, code)
    message.setNumber(EVENT.waitStatus, code << 8)
  } else if (!Number.isNaN(signal)) message.setNumber(EVENT.waitStatus, signal)
}

function readBase64(tape: JsonTape, list: number, target: TextList): void {
  if (!tape.isArray(list)) return
  target.clear()
  target.isKnown = true
  const { arena } = target
  forStrings(tape, list, (start, end) => {
    const from = arena.used
    arena.reserve(end - start)
    arena.used += arena.bytes.write(tape.bytes.latin1Slice(start, end).replaceAll("\\/", "/"), from, "base64")
    target.add(from)
  })
}
