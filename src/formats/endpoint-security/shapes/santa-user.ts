/**
 * Logins, sessions, screen sharing and authentication in Santa's telemetry.
 *
 *   {"login":{"instigator":{…},"result":"RESULT_AUTH_SUCCESS","source":{"address":"MS4yLjMuNA=="},"user":{…}}}
 *
 * Source of truth: santa.proto.
 */
import { textOfBytes } from "../../../base/text.ts"
import type { JsonTape } from "../json/json-tape.ts"
import { KEY, type KeyName } from "../json/keys.ts"
import { booleanOf } from "../json/node-values.ts"
import type { EsMessage } from "../message.ts"
import { OTHER } from "../slots.ts"
import { SUBJECT } from "./es-process.ts"
import { textOf, wholeOf } from "./fill.ts"
import { readSantaProcess } from "./santa-process.ts"
import { type Facts, userFacts } from "./user-words.ts"

const FAILURES: ReadonlyMap<string, string> = new Map([
  ["RESULT_LOGIN_EXCEED_MAXTRIES", "too many tries"],
  ["RESULT_LOGIN_ROOT_DENIED", "root is not let in"],
  ["RESULT_AUTH_FAIL_NONE", "method none"],
  ["RESULT_AUTH_FAIL_PASSWD", "bad password"],
  ["RESULT_AUTH_FAIL_KBDINT", "keyboard-interactive"],
  ["RESULT_AUTH_FAIL_PUBKEY", "public key"],
  ["RESULT_AUTH_FAIL_HOSTBASED", "host based"],
  ["RESULT_AUTH_FAIL_GSSAPI", "GSSAPI"],
  ["RESULT_INVALID_USER", "no such user"],
])
const PARTS = ["login", "logout", "login_failed", "lock", "unlock", "attach", "detach"] as const
type Part = (typeof PARTS)[number]

const METHODS = [
  ["authentication_od", "od"],
  ["authentication_touch_id", "touchid"],
  ["authentication_token", "token"],
  ["authentication_auto_unlock", "auto_unlock"],
] as const satisfies readonly (readonly [KeyName, string])[]

/** Fills `message.user` from the event of that kind. */
export function readSantaUser(tape: JsonTape, event: number, message: EsMessage): void {
  if (message.kind === "authentication") readAuthentication(tape, event, message)
  else {
    const part = PARTS.find((name) => tape.find(event, KEY[name]) >= 0)
    if (part !== undefined) readSession(tape, tape.find(event, KEY[part]), part, message)
  }
}

function readAuthentication(tape: JsonTape, event: number, message: EsMessage): void {
  const found = METHODS.find(([name]) => tape.find(event, KEY[name]) >= 0)
  if (found === undefined) return
  const [name, how] = found
  const node = tape.find(event, KEY[name])
  readSantaProcess(tape, tape.find(node, KEY.instigator), message, SUBJECT)
  readSantaProcess(tape, tape.find(node, KEY.trigger_process), message, OTHER)
  const user = tape.find(node, name === "authentication_auto_unlock" ? KEY.user_info : KEY.user)
  const record = textOf(tape, node, "record_name")
  message.user = userFacts({
    ...{ word: "USER_AUTH", done: "authenticated", failed: "authentication failed", how },
    username: record === "" ? textOf(tape, user, "name") : record,
    result: resultOf(tape, event),
  })
}

function readSession(tape: JsonTape, node: number, part: Part, message: EsMessage): void {
  readSantaProcess(tape, tape.find(node, KEY.instigator), message, SUBJECT)
  const address = base64(textOf(tape, tape.find(node, KEY.source), "address"))
  const session = wholeOf(tape, tape.find(node, KEY.graphical_session), "id")
  const username = textOf(tape, tape.find(node, KEY.user), "name")
  const common = { username, address, session }
  message.user = userFacts({ ...common, ...sessionFacts(tape, node, part, message.kind) })
}

function sessionFacts(
  tape: JsonTape,
  node: number,
  part: Part,
  kind: string,
): Omit<Facts, "username"> & { readonly username?: string } {
  const how = kind === "open_ssh" ? "ssh" : kind === "login_logout" ? "login" : "loginwindow"
  switch (part) {
    case "login":
    case "login_failed": {
      const result = textOf(tape, node, "result")
      const why = FAILURES.get(result) ?? base64(textOf(tape, node, "failure_message"))
      const known = result === "" ? resultOf(tape, node) : result.endsWith("SUCCESS") ? "success" : "failed"
      const isSession = how === "loginwindow"
      const outcome = isSession ? "success" : known
      return { word: "USER_LOGIN", done: "logged on", failed: "logon failed", how, why, result: outcome }
    }
    case "logout":
      return { word: "USER_LOGOUT", done: "logged off", how, result: "success" }
    case "lock":
      return { word: "SESSION_LOCK", done: "session locked", result: "success" }
    case "unlock":
      return { word: "SESSION_UNLOCK", done: "session unlocked", result: "success" }
    default:
      return sharingFacts(tape, node, part)
  }
}

function sharingFacts(tape: JsonTape, node: number, part: "attach" | "detach"): Facts {
  const shared = textOf(tape, tape.find(node, KEY.session_user), "name")
  const username = shared === "" ? textOf(tape, tape.find(node, KEY.authentication_user), "name") : shared
  const viewer = base64(textOf(tape, node, "viewer"))
  const about = viewer === "" ? "" : `by Apple ID ${viewer}`
  const base = { how: "screensharing", username, about }
  if (part === "detach")
    return { ...base, word: "USER_LOGOUT", done: "screen sharing ended", result: "success" }
  const result = resultOf(tape, node)
  return { ...base, word: "USER_LOGIN", done: "screen shared", failed: "screen sharing refused", result }
}

/** protobuf leaves out what is false. */
function resultOf(tape: JsonTape, node: number): "success" | "failed" {
  return booleanOf(tape, tape.find(node, KEY.success)) === true ? "success" : "failed"
}

function base64(text: string): string {
  return textOfBytes(Buffer.from(text, "base64"))
}
