/**
 * A process in Santa's telemetry.
 *
 *   {"id":{"pid":12,"pidversion":34},"parent_id":{…},"real_user":{"uid":501,"name":"alice"},"executable":{…},…}
 *
 * Source of truth: santa.proto, ProcessInfo and ProcessInfoLight.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import type { EsMessage } from "../message.ts"
import { PROCESS, PROCESS_TEXT } from "../slots.ts"
import { type ProcessPlace, readPath } from "./es-process.ts"
import { putNumber, putText, textOf, wholeOf } from "./fill.ts"

const TWO_32 = 4_294_967_296

export function readSantaProcess(
  tape: JsonTape,
  node: number,
  message: EsMessage,
  place: ProcessPlace,
): void {
  if (!tape.isObject(node)) return
  const id = (name: "id" | "parent_id" | "responsible_id"): number => tape.find(node, KEY[name])
  putNumber(tape, id("id"), "pid", message, PROCESS.pid + place.number)
  putNumber(tape, id("id"), "pidversion", message, PROCESS.pidVersion + place.number)
  putNumber(tape, id("parent_id"), "pid", message, PROCESS.parent + place.number)
  putNumber(tape, id("parent_id"), "pidversion", message, PROCESS.parentVersion + place.number)
  putNumber(tape, id("responsible_id"), "pid", message, PROCESS.responsible + place.number)
  putNumber(tape, id("responsible_id"), "pidversion", message, PROCESS.responsibleVersion + place.number)
  putNumber(tape, node, "original_parent_pid", message, PROCESS.originalParent + place.number)
  putNumber(tape, node, "session_id", message, PROCESS.session + place.number)
  putNumber(tape, node, "is_platform_binary", message, PROCESS.isPlatform + place.number)
  putNumber(tape, node, "cs_flags", message, PROCESS.signFlags + place.number)
  const real = tape.find(node, KEY.real_user)
  message.setNumber(PROCESS.ruid + place.number, idOf(tape, real, "uid"))
  message.setNumber(PROCESS.euid + place.number, idOf(tape, tape.find(node, KEY.effective_user), "uid"))
  message.setNumber(PROCESS.rgid + place.number, idOf(tape, tape.find(node, KEY.real_group), "gid"))
  message.setNumber(PROCESS.egid + place.number, idOf(tape, tape.find(node, KEY.effective_group), "gid"))
  putText(tape, real, "name", message, PROCESS_TEXT.userName + place.text)
  readPath(tape, tape.find(node, KEY.executable), message, PROCESS_TEXT.path + place.text)
  readPath(tape, tape.find(node, KEY.tty), message, PROCESS_TEXT.tty + place.text)
  const signature = tape.find(node, KEY.code_signature)
  putText(tape, signature, "signing_id", message, PROCESS_TEXT.signingId + place.text)
  putText(tape, signature, "team_id", message, PROCESS_TEXT.teamId + place.text)
  const hash = Buffer.from(textOf(tape, signature, "cdhash"), "base64").toString("hex")
  message.setString(PROCESS_TEXT.cdhash + place.text, hash)
}

/** As the kernel counts them: unsigned. */
export function idOf(tape: JsonTape, node: number, name: "uid" | "gid"): number {
  const id = wholeOf(tape, node, name)
  return id < 0 ? id + TWO_32 : id
}
