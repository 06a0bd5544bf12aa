/**
 * What messages about logins, sessions, authentication, su, sudo, rights and accounts say, in the words that the events
 * of other systems have in user_events.
 * Source of truth: Apple's ESMessage.h; the numbers of its enumerations are named below.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { booleanOf, numberOf, stringOf } from "../json/node-values.ts"
import type { EsMessage } from "../message.ts"
import { OTHER } from "../slots.ts"
import { readProcess } from "./es-process.ts"
import { authorizationFacts } from "./es-rights.ts"
import { accountFacts, type Facts, userFacts } from "./user-words.ts"

/** es_openssh_login_result_type_t */
const SSH_RESULTS: ReadonlyMap<number, string> = new Map([
  [0, "too many tries"],
  [1, "root is not let in"],
  [3, "method none"],
  [4, "bad password"],
  [5, "keyboard-interactive"],
  [6, "public key"],
  [7, "host based"],
  [8, "GSSAPI"],
  [9, "no such user"],
])
/** es_authentication_type_t */
const METHODS: ReadonlyMap<number, string> = new Map([
  [0, "od"],
  [1, "touchid"],
  [2, "token"],
  [3, "auto_unlock"],
])

/** Fills `message.user`, and the process that asked for it, from the event `node` with that key. */
export function readUser(tape: JsonTape, node: number, key: number, message: EsMessage): void {
  const facts = factsOf(tape, node, key) ?? accountFacts(tape, node, key)
  if (facts === null) return
  const success = booleanOf(tape, tape.find(node, KEY.success))
  const given = facts.result ?? (success === undefined ? "" : success ? "success" : "failed")
  message.user = userFacts({ ...facts, result: given })
  readProcess(tape, instigatorOf(tape, node, key), message, OTHER)
}

/** The process for which a daemon speaks; -1 when the message's own process did it. */
function instigatorOf(tape: JsonTape, node: number, key: number): number {
  if (key !== KEY.authentication) return tape.find(node, KEY.instigator)
  const data = tape.find(node, KEY.data)
  const hasProof = tape.isObject(data) && tape.next(data) > data + 1
  return hasProof ? tape.find(data + 1, KEY.instigator) : -1
}

function factsOf(tape: JsonTape, node: number, key: number): Facts | null {
  const text = (name: number): string => stringOf(tape, tape.find(node, name))
  const number = (name: number): number => numberOf(tape, tape.find(node, name))
  const username = text(KEY.username)
  const address = text(KEY.source_address)
  const session = number(KEY.graphical_session_id)
  switch (key) {
    case KEY.authentication:
      return authenticationFacts(tape, node)
    case KEY.openssh_login: {
      const why = SSH_RESULTS.get(number(KEY.result_type)) ?? ""
      return {
        word: "USER_LOGIN",
        done: "logged on",
        failed: "logon failed",
        why,
        how: "ssh",
        username,
        address,
      }
    }
    case KEY.openssh_logout:
      return { word: "USER_LOGOUT", done: "logged off", how: "ssh", username, address, result: "success" }
    case KEY.login_login: {
      const why = text(KEY.failure_message)
      return { word: "USER_LOGIN", done: "logged on", failed: "logon failed", why, how: "login", username }
    }
    case KEY.login_logout:
      return { word: "USER_LOGOUT", done: "logged off", how: "login", username, result: "success" }
    case KEY.lw_session_login:
      return {
        word: "USER_LOGIN",
        done: "logged on",
        how: "loginwindow",
        username,
        session,
        result: "success",
      }
    case KEY.lw_session_logout:
      return {
        word: "USER_LOGOUT",
        done: "logged off",
        how: "loginwindow",
        username,
        session,
        result: "success",
      }
    case KEY.lw_session_lock:
      return { word: "SESSION_LOCK", done: "session locked", username, session, result: "success" }
    case KEY.lw_session_unlock:
      return { word: "SESSION_UNLOCK", done: "session unlocked", username, session, result: "success" }
    case KEY.screensharing_attach:
    case KEY.screensharing_detach:
      return sharingFacts(tape, node, key, address, session)
    case KEY.su:
    case KEY.sudo:
      return switchFacts(tape, node, key)
    default:
      return authorizationFacts(tape, node, key)
  }
}

/** `{"success":true,"type":0,"data":{"od":{"record_name":"alice",…}}}` */
function authenticationFacts(tape: JsonTape, node: number): Facts {
  const data = tape.find(node, KEY.data)
  const kind = data >= 0 && tape.isObject(data) && tape.next(data) > data + 1 ? data + 1 : -1
  const named = stringOf(tape, tape.find(kind, KEY.record_name))
  const username = named === "" ? stringOf(tape, tape.find(kind, KEY.username)) : named
  const how = METHODS.get(numberOf(tape, tape.find(node, KEY.type))) ?? ""
  const uid = numberOf(tape, tape.find(kind, KEY.uid))
  const about = Number.isNaN(uid) ? "" : `uid ${uid}`
  return {
    word: "USER_AUTH",
    done: "authenticated",
    failed: "authentication failed",
    how,
    username,
    about,
  }
}

function sharingFacts(tape: JsonTape, node: number, key: number, address: string, session: number): Facts {
  const text = (name: number): string => stringOf(tape, tape.find(node, name))
  const shared = text(KEY.session_username)
  const username = shared === "" ? text(KEY.authentication_username) : shared
  const viewer = text(KEY.viewer_appleid)
  const about = viewer === "" ? "" : `by Apple ID ${viewer}`
  const base = { how: "screensharing", username, address, session, about }
  if (key === KEY.screensharing_detach) {
    return { ...base, word: "USER_LOGOUT", done: "screen sharing ended", result: "success" }
  }
  return { ...base, word: "USER_LOGIN", done: "screen shared", failed: "screen sharing refused" }
}

/** su and sudo: the account concerned is the one that the command runs as. */
function switchFacts(tape: JsonTape, node: number, key: number): Facts {
  const text = (name: number): string => stringOf(tape, tape.find(node, name))
  const username = text(KEY.to_username)
  const from = text(KEY.from_username)
  const about = from === "" ? "" : `by ${from}`
  if (key === KEY.su) {
    const why = text(KEY.failure_message)
    return {
      word: "USER_AUTH",
      done: `su to ${username}`,
      failed: `su to ${username} failed`,
      why,
      about,
      username,
    }
  }
  const why = stringOf(tape, tape.find(tape.find(node, KEY.reject_info), KEY.failure_message))
  const command = text(KEY.command)
  const what = command === "" ? `as ${username}` : `${command} as ${username}`
  return { word: "USER_CMD", done: `ran ${what}`, failed: `not allowed to run ${what}`, why, about, username }
}
