/**
 * Logins, authentication, rights and accounts in BSM records as Jamf writes them. What happened is in the record's
 * texts; they follow the words.
 * Source of truth: audit_event(5) of macOS for the names.
 */
import { textOfBytes } from "../../../base/text.ts"
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { stringOf } from "../json/node-values.ts"
import { forStrings } from "../json/string-items.ts"
import type { EsMessage } from "../message.ts"
import { textOf, wholeOf } from "./fill.ts"
import { type Facts, userFacts } from "./user-words.ts"

type Words = Pick<Facts, "word" | "done" | "failed" | "how">

const LOGON = { word: "USER_LOGIN", done: "logged on", failed: "logon failed" } as const
const LOGOFF = { word: "USER_LOGOUT", done: "logged off", failed: "logoff failed" } as const
const RIGHTS = { word: "AUTHORIZATION", done: "rights granted", failed: "rights refused" } as const

/** By the name in lower case, without `AUE_`. */
const EVENTS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ["login", { ...LOGON, how: "login" }],
  ["openssh", { ...LOGON, how: "ssh" }],
  ["lw_login", { ...LOGON, how: "loginwindow" }],
  ["rlogin", { ...LOGON, how: "rlogin" }],
  ["telnet", { ...LOGON, how: "telnet" }],
  ["logout", { ...LOGOFF, how: "login" }],
  ["lw_logout", { ...LOGOFF, how: "loginwindow" }],
  ["su", { word: "USER_AUTH", done: "su", failed: "su failed" }],
  ["sudo", { word: "USER_CMD", done: "sudo", failed: "sudo refused" }],
  ["auth_user", { word: "USER_AUTH", done: "authenticated", failed: "authentication failed" }],
  ["ssauthorize", RIGHTS],
  ["ssauthint", RIGHTS],
  ["ssauthmech", RIGHTS],
  ["create_user", { word: "ADD_USER", done: "account created", failed: "account not created" }],
  ["delete_user", { word: "DEL_USER", done: "account deleted", failed: "account not deleted" }],
  ["enable_user", { word: "ACCT_UNLOCK", done: "account enabled", failed: "account not enabled" }],
  ["disable_user", { word: "ACCT_LOCK", done: "account disabled", failed: "account not disabled" }],
  ["modify_user", { word: "USER_MGMT", done: "account changed", failed: "account not changed" }],
  ["modify_password", { word: "USER_CHAUTHTOK", done: "password changed", failed: "password not changed" }],
  ["passwd", { word: "USER_CHAUTHTOK", done: "password changed", failed: "password not changed" }],
  ["create_group", { word: "ADD_GROUP", done: "group created", failed: "group not created" }],
  ["delete_group", { word: "DEL_GROUP", done: "group deleted", failed: "group not deleted" }],
  ["modify_group", { word: "GRP_MGMT", done: "group changed", failed: "group not changed" }],
  ["add_to_group", { word: "GRP_MGMT", done: "member added to group", failed: "member not added" }],
  [
    "remove_from_group",
    { word: "GRP_MGMT", done: "member removed from group", failed: "member not removed" },
  ],
  ["session_start", { word: "USER_START", done: "session started" }],
  ["session_end", { word: "USER_END", done: "session ended" }],
])
const SHOWN_TEXTS = 8

export function readBsmUser(tape: JsonTape, message: EsMessage): void {
  const words = EVENTS.get(message.kind.replace(/^AUE_/, "").toLowerCase())
  if (words === undefined) return
  const error = wholeOf(tape, tape.find(0, KEY.return), "error")
  const subject = tape.find(0, KEY.subject)
  const address = textOf(tape, tape.find(subject, KEY.terminal_id), "ip_address")
  const name = textOf(tape, subject, "user_name")
  message.user = userFacts({
    ...words,
    username: name === "" ? textOf(tape, subject, "audit_user_name") : name,
    address: address === "0.0.0.0" ? "" : address,
    why: textOf(tape, tape.find(0, KEY.return), "description").replace(/^failure : /, ""),
    about: textsOf(tape).join(" "),
    result: Number.isNaN(error) ? "" : error === 0 ? "success" : "failed",
  })
}

/** `"texts":["…"]` or `"text":"…"`. */
function textsOf(tape: JsonTape): string[] {
  const texts: string[] = []
  for (const key of [KEY.texts, KEY.text]) {
    const node = tape.find(0, key)
    if (tape.isString(node)) texts.push(stringOf(tape, node))
    else if (tape.isArray(node)) {
      forStrings(tape, node, (start, end) => {
        if (texts.length < SHOWN_TEXTS) texts.push(textOfBytes(tape.bytes, start, end).replaceAll("\\/", "/"))
      })
    }
  }
  return texts
}
