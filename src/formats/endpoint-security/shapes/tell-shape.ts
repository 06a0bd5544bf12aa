/**
 * Tells who wrote an object, by the members that only one writer has.
 * Source of truth: output of the tools named in docs/endpoint-security.md.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { stringOf } from "../message.ts"

export const SHAPES = ["eslogger", "oslog", "jamf-telemetry"] as const

export type Shape = (typeof SHAPES)[number]

export const SHAPE_TITLES: Readonly<Record<Shape, string>> = {
  eslogger: "eslogger output",
  oslog: "unified log of eslogger --oslog",
  "jamf-telemetry": "Jamf Device Telemetry Stream",
}

/** null for an object that none of them writes. */
export function tellShape(tape: JsonTape): Shape | null {
  if (!tape.isObject(0)) return null
  if (tape.isObject(tape.find(0, KEY.event)) && tape.isObject(tape.find(0, KEY.process))) {
    return isEslogger(tape) ? (isJamf(tape) ? "jamf-telemetry" : "eslogger") : null
  }
  if (tape.isString(tape.find(0, KEY.eventMessage))) {
    return stringOf(tape, tape.find(0, KEY.subsystem)) === "com.apple.eslogger" ? "oslog" : null
  }
  return null
}

function isEslogger(tape: JsonTape): boolean {
  const hasNumber = tape.isNumber(tape.find(0, KEY.event_type)) || tape.isNumber(tape.find(0, KEY.version))
  return hasNumber && tape.find(tape.find(0, KEY.process), KEY.audit_token) >= 0
}

function isJamf(tape: JsonTape): boolean {
  return stringOf(tape, tape.find(tape.find(0, KEY.metadata), KEY.vendor)) === "Jamf"
}

/** Their messages have the numbers of the client's own stream, without holes. Others pass on only some of them. */
export function isNumbered(shape: Shape): boolean {
  return shape === "eslogger" || shape === "oslog"
}
