/**
 * Tells who wrote an object, by the members that only one writer has.
 * Source of truth: output of the tools named in docs/endpoint-security.md.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY, type KeyName } from "../json/keys.ts"
import { numberOf, stringOf } from "../json/node-values.ts"

export const SHAPES = [
  ...(["eslogger", "oslog", "jamf-telemetry", "jamf-bsm", "mac-monitor", "mac-monitor-1"] as const),
  ...(["crescendo", "objective-see", "santa", "santa-text", "xnumon"] as const),
] as const

export type Shape = (typeof SHAPES)[number]

export const SHAPE_TITLES: Readonly<Record<Shape, string>> = {
  eslogger: "eslogger output",
  oslog: "unified log of eslogger --oslog",
  "jamf-telemetry": "Jamf Device Telemetry Stream",
  "jamf-bsm": "Jamf Protect or Compliance Reporter (BSM as JSON)",
  "mac-monitor": "Mac Monitor export",
  "mac-monitor-1": "Mac Monitor export (version 1)",
  crescendo: "Crescendo export",
  "objective-see": "ProcessMonitor or FileMonitor output",
  santa: "Santa telemetry (JSON)",
  "santa-text": "Santa log",
  xnumon: "xnumon log (JSON)",
}

/** Members of Santa's messages that hold the event. */
export const SANTA_EVENTS = [
  ...([
    "execution",
    "fork",
    "exit",
    "close",
    "rename",
    "unlink",
    "link",
    "allowlist",
    "file_access",
  ] as const),
  ...(["login_window_session", "login_logout", "screen_sharing", "open_ssh", "authentication"] as const),
] as const satisfies readonly KeyName[]

const NOTIFY = "ES_EVENT_TYPE_"

/** Shapes of JSON objects. */
export type ObjectShape = Exclude<Shape, "santa-text">

/** null for an object that none of them writes. */
export function tellShape(tape: JsonTape): ObjectShape | null {
  if (!tape.isObject(0)) return null
  const event = tape.find(0, KEY.event)
  if (tape.isObject(event) && tape.isObject(tape.find(0, KEY.process))) return tellModel(tape)
  if (tape.isString(event)) {
    const holds = tape.find(0, KEY.process) >= 0 || tape.find(0, KEY.file) >= 0
    return holds && stringOf(tape, event).startsWith(NOTIFY) ? "objective-see" : null
  }
  return tellOther(tape)
}

/** eslogger's model: one event, the process that caused it. */
function tellModel(tape: JsonTape): ObjectShape | null {
  if (tape.find(0, KEY.es_event_type) >= 0) return "mac-monitor"
  const hasNumber = tape.isNumber(tape.find(0, KEY.event_type)) || tape.isNumber(tape.find(0, KEY.version))
  if (!hasNumber || tape.find(tape.find(0, KEY.process), KEY.audit_token) < 0) return null
  const vendor = stringOf(tape, tape.find(tape.find(0, KEY.metadata), KEY.vendor))
  return vendor === "Jamf" ? "jamf-telemetry" : "eslogger"
}

function tellOther(tape: JsonTape): ObjectShape | null {
  const has = (name: KeyName): boolean => tape.find(0, KEY[name]) >= 0
  if (tape.isString(tape.find(0, KEY.eventMessage))) {
    return stringOf(tape, tape.find(0, KEY.subsystem)) === "com.apple.eslogger" ? "oslog" : null
  }
  if (tape.find(tape.find(0, KEY.header), KEY.event_name) >= 0 && (has("subject") || has("return"))) {
    return "jamf-bsm"
  }
  if (has("es_event_type") && has("initiating_pid")) return "mac-monitor-1"
  if (has("eventtype") && has("processpath")) return "crescendo"
  if (has("event_time") && (has("machine_id") || SANTA_EVENTS.some(has))) return "santa"
  const isXnumon = has("eventcode") && has("time") && !Number.isNaN(numberOf(tape, tape.find(0, KEY.version)))
  return isXnumon ? "xnumon" : null
}

/** Their messages have the numbers of the client's own stream, without holes. Others pass on only some of them. */
export function isNumbered(shape: Shape): boolean {
  return shape === "eslogger" || shape === "oslog"
}
