/** Logins, sessions, screen sharing and authentication in Santa's log. */
import type { UserFacts } from "../message.ts"
import type { Fields } from "./santa-text.ts"
import { type Facts, userFacts } from "./user-words.ts"

const FAILURES: ReadonlyMap<string, string> = new Map([
  ["LOGIN_EXCEED_MAXTRIES", "too many tries"],
  ["LOGIN_ROOT_DENIED", "root is not let in"],
  ["AUTH_FAIL_NONE", "method none"],
  ["AUTH_FAIL_PASSWD", "bad password"],
  ["AUTH_FAIL_KBDINT", "keyboard-interactive"],
  ["AUTH_FAIL_PUBKEY", "public key"],
  ["AUTH_FAIL_HOSTBASED", "host based"],
  ["AUTH_FAIL_GSSAPI", "GSSAPI"],
  ["INVALID_USER", "no such user"],
])
const AUTHENTICATION = "authentication_"

type Words = Omit<Facts, "username">

const LOGON = { word: "USER_LOGIN", done: "logged on", failed: "logon failed" } as const
const LOGOFF = { word: "USER_LOGOUT", done: "logged off", result: "success" } as const

const EVENTS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ["login", { ...LOGON, how: "login" }],
  ["logout", { ...LOGOFF, how: "login" }],
  ["openssh_login", { ...LOGON, how: "ssh" }],
  ["openssh_logout", { ...LOGOFF, how: "ssh" }],
  ["login_window_session_login", { ...LOGON, how: "loginwindow", result: "success" }],
  ["login_window_session_logout", { ...LOGOFF, how: "loginwindow" }],
  ["login_window_session_lock", { word: "SESSION_LOCK", done: "session locked", result: "success" }],
  ["login_window_session_unlock", { word: "SESSION_UNLOCK", done: "session unlocked", result: "success" }],
  [
    "screen_sharing_attach",
    { word: "USER_LOGIN", done: "screen shared", failed: "screen sharing refused", how: "screensharing" },
  ],
  [
    "screen_sharing_detach",
    { word: "USER_LOGOUT", done: "screen sharing ended", how: "screensharing", result: "success" },
  ],
])

/** null for a record that is about no account. */
export function santaTextUser(kind: string, fields: Fields): UserFacts | null {
  const words = EVENTS.get(kind) ?? authentication(kind)
  if (words === null) return null
  const text = (name: string): string => fields.get(name) ?? ""
  const names = [text("event_user"), text("session_user"), text("auth_user"), text("record_name")]
  const username = kind.startsWith(AUTHENTICATION)
    ? text("record_name") || text("event_user")
    : (names.find((name) => name !== "") ?? "")
  const session = Number(fields.get("graphical_session_id") ?? Number.NaN)
  const viewer = text("viewer")
  return userFacts({
    result: text("success") === "" ? "" : text("success") === "true" ? "success" : "failed",
    ...words,
    username,
    address: text("address"),
    session,
    why: FAILURES.get(text("result_type")) ?? text("failure"),
    about: viewer === "" ? "" : `by Apple ID ${viewer}`,
  })
}

function authentication(kind: string): Words | null {
  if (!kind.startsWith(AUTHENTICATION)) return null
  const how = kind.slice(AUTHENTICATION.length)
  return { word: "USER_AUTH", done: "authenticated", failed: "authentication failed", how }
}
