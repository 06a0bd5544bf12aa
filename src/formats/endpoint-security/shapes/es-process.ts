/**
 * A process as eslogger writes es_process_t, and a file as it writes es_file_t.
 * Source of truth: Apple's EndpointSecurity ESMessage.h; the numbers' order in version 10 is that of audit_token_t.
 *
 *   {"audit_token":{"pid":7,…},"ppid":1,…}      versions to 9, and 11
 *   {"audit_token":[501,501,20,501,20,7,…],…}   version 10
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY, KEY_COUNT, type KeyName } from "../json/keys.ts"
import type { EsMessage } from "../message.ts"
import { MessageTime } from "../message-time.ts"
import { USE } from "../read-notes.ts"
import { EVENT, PROCESS, PROCESS_TEXT } from "../slots.ts"

type ProcessSlot = keyof typeof PROCESS

const NONE = -1
const NO_TOKEN = 0xffff_ffff
/** Places in an audit token that is a list. */
const TOKEN_ORDER: readonly ProcessSlot[] = [
  ...(["auid", "euid", "egid", "ruid", "rgid", "pid", "auditSession", "pidVersion"] as const),
]
const PID_PLACE = 5
const VERSION_PLACE = 7

const NUMBERS = slotsOf({
  ppid: PROCESS.parent,
  original_ppid: PROCESS.originalParent,
  session_id: PROCESS.session,
  codesigning_flags: PROCESS.signFlags,
  is_platform_binary: PROCESS.isPlatform,
})

const TOKEN = slotsOf({
  pid: PROCESS.pid,
  pidversion: PROCESS.pidVersion,
  auid: PROCESS.auid,
  euid: PROCESS.euid,
  ruid: PROCESS.ruid,
  egid: PROCESS.egid,
  rgid: PROCESS.rgid,
  asid: PROCESS.auditSession,
})

const TEXTS = slotsOf({
  signing_id: PROCESS_TEXT.signingId,
  team_id: PROCESS_TEXT.teamId,
  // Mac Monitor looks the name up.
  ruid_human: PROCESS_TEXT.userName,
})

const STAT_NUMBERS = slotsOf({ st_mode: EVENT.mode, st_uid: EVENT.ownerUid, st_gid: EVENT.ownerGid })
const STAT_TIMES = slotsOf({
  st_atimespec: EVENT.accessed,
  st_mtimespec: EVENT.modified,
  st_ctimespec: EVENT.changed,
  st_birthtimespec: EVENT.born,
})

/** Slots by key. */
export function slotsOf(entries: Partial<Record<KeyName, number>>): Int16Array {
  const slots = new Int16Array(KEY_COUNT).fill(NONE)
  for (const [name, slot] of Object.entries(entries)) slots[KEY[name as KeyName]] = slot
  return slots
}

/** Which of the two processes of a message is filled. */
export interface ProcessPlace {
  readonly number: number
  readonly text: number
}

export const SUBJECT: ProcessPlace = { number: 0, text: 0 }

/** Takes in the process that `node` describes. */
export function readProcess(tape: JsonTape, node: number, message: EsMessage, place: ProcessPlace): void {
  if (node < 0 || !tape.isObject(node)) return
  const end = tape.next(node)
  for (let child = node + 1; child < end; child = tape.next(child)) {
    const key = tape.key(child)
    if (key < 0) continue
    const number = NUMBERS[key] as number
    const text = TEXTS[key] as number
    if (number >= 0) message.setNode(number + place.number, tape, child)
    else if (text >= 0) message.setText(text + place.text, tape, child)
    else readMember(tape, child, key, message, place)
  }
}

function readMember(
  tape: JsonTape,
  node: number,
  key: number,
  message: EsMessage,
  place: ProcessPlace,
): void {
  if (key === KEY.audit_token) readToken(tape, node, message, place)
  else if (key === KEY.executable) readPath(tape, node, message, PROCESS_TEXT.path + place.text)
  else if (key === KEY.cdhash) readHash(tape, node, message, PROCESS_TEXT.cdhash + place.text)
  else if (key === KEY.tty && message.user !== null)
    readPath(tape, node, message, PROCESS_TEXT.tty + place.text)
  else if (key === KEY.responsible_audit_token) {
    readOwner(
      tape,
      node,
      message,
      PROCESS.responsible + place.number,
      PROCESS.responsibleVersion + place.number,
    )
  } else if (key === KEY.parent_audit_token) {
    readOwner(tape, node, message, NONE, PROCESS.parentVersion + place.number)
  }
}

function readToken(tape: JsonTape, node: number, message: EsMessage, place: ProcessPlace): void {
  const end = tape.next(node)
  if (tape.isArray(node)) {
    let index = 0
    for (let item = node + 1; item < end; item = tape.next(item)) {
      const name = TOKEN_ORDER[index++]
      if (name !== undefined) message.setNode(PROCESS[name] + place.number, tape, item)
    }
    return
  }
  if (!tape.isObject(node)) return
  for (let child = node + 1; child < end; child = tape.next(child)) {
    const key = tape.key(child)
    const slot = key < 0 ? NONE : (TOKEN[key] as number)
    if (slot >= 0) message.setNode(slot + place.number, tape, child)
  }
}

/** Only who it is. */
function readOwner(
  tape: JsonTape,
  node: number,
  message: EsMessage,
  pidSlot: number,
  versionSlot: number,
): void {
  const end = tape.next(node)
  const isList = tape.isArray(node)
  let index = 0
  for (let child = node + 1; child < end; child = tape.next(child)) {
    const place = isList ? index++ : NONE
    const key = tape.key(child)
    if (pidSlot >= 0 && (key === KEY.pid || place === PID_PLACE)) message.setNode(pidSlot, tape, child)
    else if (key === KEY.pidversion || place === VERSION_PLACE) message.setNode(versionSlot, tape, child)
  }
}

/** The path of a file object. */
export function readPath(tape: JsonTape, file: number, message: EsMessage, slot: number): void {
  const path = tape.find(file, KEY.path)
  if (path >= 0) message.setText(slot, tape, path)
}

/** Hexadecimal digits in lower case, as codesign(1) and osquery write them. */
function readHash(tape: JsonTape, node: number, message: EsMessage, slot: number): void {
  if (!tape.isString(node)) return
  message.setText(slot, tape, node)
  message.notes.change(USE.hash)
  message.lowerText(slot)
}

/** Reads what the record of an exec holds of the program's file. */
export class FileFacts {
  readonly #time = new MessageTime()

  /** @param inner a tape for the stretch that `stat` is kept as */
  read(tape: JsonTape, inner: JsonTape, executable: number, message: EsMessage): void {
    const stat = tape.find(executable, KEY.stat)
    if (!tape.isObject(stat)) return
    inner.isLenient = true
    if (inner.parse(tape.bytes, tape.start(stat), tape.end(stat)) !== "end") return
    const end = inner.next(0)
    for (let node = 1; node < end; node = inner.next(node)) {
      const key = inner.key(node)
      if (key < 0) continue
      const number = STAT_NUMBERS[key] as number
      const time = STAT_TIMES[key] as number
      if (number >= 0) message.setNode(number, inner, node)
      else if (time >= 0) this.#readTime(inner, node, time, message)
    }
  }

  #readTime(tape: JsonTape, node: number, slot: number, message: EsMessage): void {
    const seconds = tape.find(node, KEY.tv_sec)
    if (seconds >= 0) message.setNode(slot, tape, seconds)
    if (!tape.isString(node)) return
    message.notes.add(USE.seconds, slot, tape.start(node))
    if (this.#time.read(tape.bytes, tape.start(node), tape.end(node))) message.setNumber(slot, this.#time.sec)
  }
}

/** True for the number that stands for no uid. */
export function isNoId(value: number): boolean {
  return value === NO_TOKEN || value < 0
}
