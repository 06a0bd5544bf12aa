/** user_events of what programs report of accounts. */
import { expect, it } from "vitest"
import { args, argument, record, returns, SECOND, subject, subjectEx, text, type Who } from "./made.ts"
import { Reading, type Row } from "./rows-of.ts"

const NONE = 0xffff_ffff
const accounts = {
  users: new Map([
    [0, "root"],
    [501, "alice"],
  ]),
  groups: new Map(),
}

function one(event: number, who: Who, tokens: readonly Buffer[], status = 0): Row {
  const reading = new Reading("macos", { accounts })
  return reading.read(record(event, [subject(who), ...tokens, returns(status)])).row("user_events")
}

it("a login over ssh has the peer, and the words that osquery has for it", () => {
  const who = subjectEx({ pid: 9, auid: 501, uid: 502, port: 51_000 }, Buffer.from([192, 0, 2, 9]))
  const tokens = [who, text("successful login alice"), returns()]
  expect(new Reading("freebsd").read(record(32_800, tokens)).row("user_events")).toMatchObject({
    uid: 502,
    auid: 501,
    pid: 9,
    message: "OpenSSH: successful login alice",
    type: 32_800,
    path: "",
    address: "192.0.2.9",
    terminal: "",
    time: SECOND,
    uptime: null,
    source: "openbsm",
    event_type: "USER_LOGIN",
    username: "alice",
    domain: "",
    session_id: 100_007,
    result: "success",
    logon_type: "",
  })
})

it.each([
  [32_800, "invalid password for user bob", "bob"],
  [32_800, 'invalid user name "o"brien"', 'o"brien'],
  [32_800, "logins disabled by /etc/nologin", "alice"],
  [6152, "successful login bob", "bob"],
  [6153, "logout bob", "bob"],
  [6159, "bad su bob to root on /dev/ttys001", "root"],
  [6159, "successful authentication", "alice"],
  [45_023, "Verify password for record type Users 'bob' node '/Local/Default'", "bob"],
  [45_023, "Authentication for user <bob>", "bob"],
  [45_026, "bob", "bob"],
  [45_025, "bob", "alice"],
])("event %i, %s: the account is %s", (event, message, username) => {
  expect(one(event, {}, [text(message)]).username).toBe(username)
})

it("a login that names nobody is nobody's before it is one", () => {
  expect(one(6152, { auid: NONE, uid: 0 }, [text("login failed")], 1)).toMatchObject({
    username: "",
    result: "failed",
    auid: NONE,
    message: "login: login failed",
  })
})

it.each([
  [6152, "USER_LOGIN"],
  [6153, "USER_LOGOUT"],
  [6154, "USER_LOGIN"],
  [6155, "USER_LOGIN"],
  [6158, "USER_LOGIN"],
  [6159, "USER_AUTH"],
  [6163, "USER_CHAUTHTOK"],
  [6168, "SYSTEM_SHUTDOWN"],
  [6172, "USER_LOGIN"],
  [6207, "ADD_USER"],
  [6209, "DEL_USER"],
  [6300, "USER_CMD"],
  [6600, "USER_LOGIN"],
  [6601, "USER_LOGOUT"],
  [44_901, "USER_START"],
  [44_903, "USER_END"],
  [45_014, "USER_CHAUTHTOK"],
  [45_015, "ADD_GROUP"],
  [45_016, "DEL_GROUP"],
  [45_018, "GRP_MGMT"],
  [45_021, "USER_LOGIN"],
  [45_022, "USER_LOGOUT"],
  [45_023, "USER_AUTH"],
  [45_024, "AUTHORIZATION"],
  [45_025, "AUTHORIZATION"],
  [45_028, "USER_CMD"],
  [45_030, "AUTHORIZATION"],
])("event %i is a %s", (event, event_type) => {
  expect(one(event, {}, [])).toMatchObject({ event_type, type: event, result: "success" })
})

it("all texts are told, and the command of sudo; no NUL is left", () => {
  const sudo = [args("/usr/bin/id", "-u"), text("a password is required")]
  expect(one(45_028, {}, sudo, 1)).toMatchObject({
    message: "sudo: /usr/bin/id -u, a password is required",
    result: "failed",
    username: "alice",
  })
  const mechanism = [text("system.login.console"), text("mechanism builtin:authenticate,privileged\0\0")]
  expect(one(45_030, {}, mechanism).message).toBe(
    "authorization mechanism: system.login.console, mechanism builtin:authenticate,privileged",
  )
})

it("who is granted the right of the screen saver unlocks the screen", () => {
  expect(one(45_025, {}, [text("system.login.screensaver"), text("client /x")])).toMatchObject({
    event_type: "SCREEN_UNLOCK",
  })
})

it("a session tells what it may do", () => {
  const tokens = [argument(1, 0x6030, "sflags"), argument(2, 0x3000, "am_success")]
  expect(one(44_902, { sid: 100_007 }, tokens)).toMatchObject({
    message: "session update: graphic access, tty, console access, authenticated",
    session_id: 100_007,
  })
})

it.each([
  [0x1000_0003, "ttys003"],
  [0x0300_0002, ""],
  [67, ""],
])("the terminal %i is %s", (port, terminal) => {
  expect(one(45_021, { port }, [])).toMatchObject({ terminal, address: "" })
})

it("a port behind an address is no terminal, and devices of other systems are not read", () => {
  expect(one(32_800, { port: 0x1000_0003, address: "192.0.2.1" }, []).terminal).toBe("")
  const tokens = [subject({ port: 0x1000_0003 }), returns()]
  expect(new Reading("freebsd").read(record(6152, tokens)).row("user_events").terminal).toBe("")
})

it("what the audit daemon of an old macOS reports under the number of ssh is no login", () => {
  expect(new Reading().read(record(6172, [text("Audit shutdown"), returns()])).sink.rows).toEqual([])
})
