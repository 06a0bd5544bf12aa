/** Small steps that the readers of several shapes share. */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY, type KeyName } from "../json/keys.ts"
import { numberOf, stringOf } from "../json/node-values.ts"
import type { EsMessage } from "../message.ts"
import { MessageTime } from "../message-time.ts"
import { USE } from "../read-notes.ts"

const time = new MessageTime()
const MILLISECONDS = 1000
const NANO_A_MILLISECOND = 1e6
const SHOWN_BYTES = 40

/** Puts a member into a slot of a number. */
export function putNumber(
  tape: JsonTape,
  object: number,
  name: KeyName,
  message: EsMessage,
  slot: number,
): void {
  const node = tape.find(object, KEY[name])
  if (node >= 0) message.setNode(slot, tape, node)
}

/** Puts a member into a slot of a text. */
export function putText(
  tape: JsonTape,
  object: number,
  name: KeyName,
  message: EsMessage,
  slot: number,
): void {
  const node = tape.find(object, KEY[name])
  if (node >= 0) message.setText(slot, tape, node)
}

/** The member as text; "" without one. */
export function textOf(tape: JsonTape, object: number, name: KeyName): string {
  return stringOf(tape, tape.find(object, KEY[name]))
}

/** The member as a whole number; NaN without one. */
export function wholeOf(tape: JsonTape, object: number, name: KeyName): number {
  return numberOf(tape, tape.find(object, KEY[name]))
}

/** Time as text; what is none is a fault. */
export function putTime(tape: JsonTape, node: number, message: EsMessage): void {
  if (node < 0) return
  message.notes.add(USE.time, 0, tape.start(node))
  if (tape.isString(node) && time.read(tape.bytes, tape.start(node), tape.end(node))) {
    message.sec = time.sec
    message.nsec = time.nsec
    return
  }
  const start = tape.start(node)
  const found = tape.bytes.latin1Slice(start, Math.min(tape.end(node), start + SHOWN_BYTES))
  message.fault("endpoint-security/bad-time", "the message's time is none", found)
}

/** Time in milliseconds since 1970. */
export function putMilliseconds(value: number, message: EsMessage): void {
  if (Number.isNaN(value)) return
  message.sec = Math.floor(value / MILLISECONDS)
  message.nsec = (value - message.sec * MILLISECONDS) * NANO_A_MILLISECOND
}

/** Hexadecimal digits in lower case. */
export function putHash(
  tape: JsonTape,
  object: number,
  name: KeyName,
  message: EsMessage,
  slot: number,
): void {
  message.setString(slot, textOf(tape, object, name).toLowerCase())
}
