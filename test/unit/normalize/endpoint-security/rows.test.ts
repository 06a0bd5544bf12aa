/** Rows of messages, and what is missing in them. */
import { describe, expect, it } from "vitest"
import { exec, message, process, SHELL, toJson } from "../../../es-writer/message.ts"
import { numbered, session, userEvents } from "../../../es-writer/session.ts"
import { hasShared, readMessages, rowOf, rowsOf, sharedFile } from "./rows-of.ts"

const LS = { pid: 1000, ppid: 500, path: "/bin/ls", uid: 501, euid: 0, pidversion: 10_001 }

function execOf(args: readonly string[], more: object = {}): object {
  return message({ number: 9, name: "exec", event: exec(LS, { args, env: ["A=b c"] }), ...more })
}

describe("process_events", () => {
  it("has an exec whole", () => {
    const row = rowOf(readMessages([execOf(["ls", "a b", ""])]), "process_events")
    expect(row).toMatchObject({
      ...{ pid: 1000, parent: 500, path: "/bin/ls", mode: "0100755", cmdline: "ls a b ", cmdline_size: 7 },
      ...{ env: "A=b c", env_count: 1, env_size: 5, cwd: "/srv/demo", auid: 501, uid: 501, euid: 0, gid: 20 },
      ...{ owner_uid: 0, owner_gid: 0, mtime: 1_752_042_434, status: 0, source: "endpointsecurity" },
      ...{
        event_type: "exec",
        time: 1_770_091_506,
        time_ns: 1_770_091_506_123_456_789n,
        pid_version: 10_001,
      },
      ...{ argv: '["ls","a b",""]', session_id: 100_019, exit_code: null, host: "mac-1", record_id: 0 },
    })
  })

  it("says that a client refused it, and then does not know the program", () => {
    const reading = readMessages([
      execOf(["ls"], { isDenied: true }),
      message({
        number: 11,
        name: "fork",
        event: { child: process({ pid: 7, ppid: 1000, path: "/x" }, 9) },
        global: 1,
        sequence: 0,
      }),
      message({
        number: 9,
        name: "exec",
        event: exec({ pid: 8, ppid: 1000, path: "/y" }, { args: [] }),
        global: 2,
        sequence: 1,
      }),
    ])
    const rows = rowsOf(reading, "process_events")
    expect(rows.map(({ status }) => status)).toEqual([1, 0, 0])
    expect(rows[2]?.parent_path).toBe("")
  })

  it("names the parent's program from the stream", () => {
    const rows = rowsOf(readMessages(session(9)), "process_events")
    expect(rows.map(({ event_type, parent_path }) => [event_type, parent_path])).toEqual([
      ["fork", "/bin/zsh"],
      ["exec", "/bin/zsh"],
      ["signal", ""],
      ["exit", "/bin/zsh"],
    ])
    expect(rows[3]).toMatchObject({ exit_code: 1, pid: 1000 })
  })

  it("has no exit code for a process that a signal ended", () => {
    const reading = readMessages([message({ number: 15, name: "exit", event: { stat: 9 } })])
    expect(rowOf(reading, "process_events").exit_code).toBeNull()
    expect(rowOf(reading, "es_process_events").exit_code).toBe(9)
  })

  it("takes names from the evidence", () => {
    const users = new Map([[501, "alice"]])
    expect(rowOf(readMessages([execOf(["ls"])], { users }), "process_events").username).toBe("alice")
  })
})

describe("numbers", () => {
  it("of 64 bits stay exact, and what is none is told", () => {
    const line = toJson(message({ number: 9, name: "exec", event: exec(LS, { args: [] }) }))
    const large = readMessages(line.replace('"global_seq_num":0', '"global_seq_num":9223372036854775807'))
    expect(rowOf(large, "process_events").record_id).toBe(9_223_372_036_854_775_807n)
    const beyond = readMessages(line.replace('"global_seq_num":0', '"global_seq_num":9223372036854775808'))
    expect(beyond.problems.map(({ code }) => code)).toEqual(["endpoint-security/bad-number"])
    expect(readMessages(line.replace('"ppid":500', '"ppid":1.5')).problems[0]).toMatchObject({
      ...{ code: "endpoint-security/bad-number", found: "1.5", severity: "warning" },
    })
  })

  it("of the event give way to its name", () => {
    const { problems, rows } = readMessages([
      message({ number: 10, name: "exec", event: exec(LS, { args: [] }) }),
    ])
    expect(problems.map(({ code, found }) => [code, found])).toEqual([
      ["endpoint-security/event-type", "exec with event_type 10"],
    ])
    expect(rows.map(({ table }) => table)).toEqual(["es_process_events", "process_events"])
  })
})

describe("user_events", () => {
  it("has who did it, and the account concerned", () => {
    const rows = rowsOf(readMessages(userEvents(9)), "user_events")
    expect(
      rows.map(({ event_type, username, result, logon_type }) => [event_type, username, result, logon_type]),
    ).toEqual([
      ["USER_LOGIN", "alice", "failed", "ssh"],
      ["USER_LOGIN", "alice", "success", "ssh"],
      ["USER_LOGOUT", "alice", "success", "ssh"],
      ["SESSION_LOCK", "alice", "success", ""],
      ["USER_CMD", "root", "success", ""],
      ["USER_AUTH", "root", "failed", ""],
      ["USER_AUTH", "alice", "success", ""],
      ["ADD_USER", "mallory", "success", ""],
      ["GRP_MGMT", "mallory", "failed", ""],
      ["AUTHORIZATION", "", "failed", ""],
    ])
    expect(rows[0]).toMatchObject({
      ...{ message: "logon failed (ssh): bad password from 192.0.2.7", address: "192.0.2.7", type: 120 },
    })
    expect(rows[3]?.session_id).toBe(257)
    expect(rows[6]).toMatchObject({ path: "/usr/sbin/sysadminctl", terminal: "/dev/ttys003", pid: 801 })
    expect(rows[5]?.message).toBe("su to root failed by alice: Sorry")
  })

  it.skipIf(!hasShared())("has the sudo of a real stream (skipped without it)", () => {
    const reading = readMessages(sharedFile("jamf-telemetry-elastic/jamf-sudo.json"))
    expect(reading.variant).toBe("jamf-telemetry")
    expect(rowOf(reading, "user_events")).toMatchObject({
      ...{ event_type: "USER_CMD", username: "root", host: "sevro", terminal: "/dev/ttys001", uid: 501 },
      message: "ran /usr/local/bin/protectctl as root by jappleseed",
    })
  })
})

describe("socket_events", () => {
  it("has unix sockets", () => {
    const rows = rowsOf(readMessages(userEvents(9)), "socket_events")
    expect(rows.map(({ action, family, socket }) => [action, family, socket])).toEqual([
      ["connect", 1, "/private/var/run/mDNSResponder"],
      ["bind", 1, "/private/tmp/agent.sock"],
    ])
  })
})

describe("gaps", () => {
  const writes = (numbers: readonly number[], version = 9) =>
    numbers.map((number) =>
      message({ version, number: 33, name: "write", event: {}, global: number, sequence: number }),
    )

  it("are told with their size, all together and by type", () => {
    const { gaps } = readMessages(writes([0, 1, 5, 6]))
    expect(gaps.map(({ kind, what, fromId, toId }) => [kind, what, fromId, toId])).toEqual([
      ["lost-messages", "3 messages", "1", "5"],
      ["lost-of-type", "3 messages of type write", "1", "5"],
    ])
  })

  it("are none where another client begins", () => {
    expect(readMessages(writes([7, 8, 0, 1, 2])).gaps).toEqual([])
    expect(readMessages(writes([7, 8, 0, 1, 2], 3)).gaps).toEqual([])
    expect(readMessages(numbered([{ number: 33, name: "write", event: {} }])).gaps).toEqual([])
  })

  it("of early versions are those of the types", () => {
    expect(readMessages(writes([0, 4], 3)).gaps.map(({ kind }) => kind)).toEqual(["lost-of-type"])
  })
})

it("a message without a process gives no row of guesses", () => {
  const { process: _, ...rest } = message({ number: 15, name: "exit", event: { stat: 0 } }) as Record<
    string,
    unknown
  >
  const reading = readMessages([
    rest,
    message({ number: 15, name: "exit", event: { stat: 0 }, process: SHELL }),
  ])
  expect(reading.problems.map(({ code }) => code)).toEqual(["endpoint-security/not-a-message"])
  expect(rowsOf(reading, "process_events").length).toBe(1)
})
