/**
 * osquery's flags for sockets, live: the flags of its guide together, and each switch alone, with a program that makes
 * every kind of call. ausearch tells from the raw log that the calls were made.
 * Source of truth: osquery osquery/tables/events/linux/socket_events.cpp, docs/wiki/deployment/process-auditing.md.
 */
import { spawnSync } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { CaptureProcess, ownProgram, type Row, readRows, testFolder } from "./capture-process.ts"
import { auditStatus, holdKernel } from "./kernel-lock.ts"
import { run } from "./workload.ts"

const { reason } = await holdKernel()
const CALLS = join(import.meta.dirname, "socket-calls.ts")
const GUIDE =
  "--audit_allow_config=true --audit_allow_sockets=true --audit_persist=true --disable_audit=false " +
  "--events_expiry=1 --events_max=50000 --logger_plugin=filesystem --disable_events=false"

describe.skipIf(reason !== "")(`the flags of osquery's guide${reason}`, () => {
  it("record a program and its connection", async () => {
    const folder = testFolder()
    const program = ownProgram(folder, "own-node", process.execPath)
    const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? (address?.port ?? 0) : 0
    const capture = await CaptureProcess.start({ folder, arguments: GUIDE.split(" ") })
    expect(auditStatus()).toMatchObject({
      enabled: 1,
      failure: 0,
      pid: capture.pid,
      backlog_limit: 4096,
      backlog_wait_time: 0,
    })
    const script = `require("node:net").connect(${port}, "127.0.0.1").resume()`
    await run(program, ["-e", script])
    server.close()
    // Rows last a second only: they are looked for while the capture runs.
    let execs: Row[] = []
    let connections: Row[] = []
    await capture.until("stored both rows", () => {
      if (execs.length === 0) execs = ownRows(capture.database, "process_events", program)
      if (connections.length === 0) connections = ownRows(capture.database, "socket_events", program)
      return execs.length > 0 && connections.length > 0
    })
    expect(execs).toEqual([
      expect.objectContaining({
        event_type: "exec",
        cmdline: `${program} -e ${script}`,
        status: 0n,
        uid: 0n,
      }),
    ])
    expect(connections).toEqual([
      expect.objectContaining({
        action: "connect",
        family: 2n,
        remote_address: "127.0.0.1",
        remote_port: BigInt(port),
        status: expect.stringMatching(/^(?:succeeded|in_progress)$/),
        local_address: "",
        local_port: null,
        pid: execs[0]?.pid,
      }),
    ])
    const { exitCode } = await capture.finish()
    expect(exitCode).toBe(0)
  })
})

/** action, family, status */
const INET = ["accept 2 succeeded", "bind 2 succeeded", "connect 2 in_progress", "connect 2 succeeded"]
const UNIX = ["accept 1 succeeded", "bind 1 succeeded", "connect 1 succeeded"]
const FAILED = ["bind 2 failed", "connect 2 failed"]
/** No record tells the family of an accept that nobody came to, so osquery never has this row. */
const NULL_ACCEPT = "accept null no_client"
const SOCKETS = "--audit_allow_sockets=true"

const SETTINGS: readonly (readonly [flags: string, rows: readonly string[]])[] = [
  ["--audit_allow_sockets=false", []],
  [SOCKETS, INET],
  [`${SOCKETS} --audit_allow_unix=true`, [...INET, ...UNIX]],
  [`${SOCKETS} --audit_allow_failed_socket_events=true`, [...INET, ...FAILED, NULL_ACCEPT]],
  [`${SOCKETS} --audit_allow_accept_socket_events=false`, INET.filter((row) => !row.startsWith("accept"))],
  [`${SOCKETS} --audit_allow_null_accept_socket_events=true`, [...INET, NULL_ACCEPT]],
  [
    `${SOCKETS} --audit_allow_null_accept_socket_events=true --audit_allow_accept_socket_events=false`,
    INET.filter((row) => !row.startsWith("accept")),
  ],
]

describe.skipIf(reason !== "")(`each flag for sockets${reason}`, () => {
  it.each(SETTINGS)("%s gives its rows and no others", async (flags, expected) => {
    const folder = testFolder()
    const raw = join(folder, "audit.log")
    const capture = await CaptureProcess.start({ folder, arguments: ["--raw", raw, ...flags.split(" ")] })
    const { pid } = JSON.parse(await run(process.execPath, [CALLS, folder])) as { pid: number }
    const { exitCode } = await capture.finish()
    expect(exitCode).toBe(0)
    const rows = readRows(
      capture.database,
      "SELECT DISTINCT action, family, status FROM socket_events WHERE pid = ?",
      pid,
    )
    const kinds = rows.map(({ action, family, status }) => `${action} ${family} ${status}`)
    expect(kinds.sort()).toEqual([...expected].sort())
    expect(callsOf(raw, pid)).toEqual(callsWanted(flags))
  })
})

/** The calls that the rules ask for, as the program makes them. */
function callsWanted(flags: string): string[] {
  if (!flags.includes(SOCKETS)) return []
  const calls = [
    "bind no",
    "bind yes",
    "connect no ECONNREFUSED",
    "connect no EINPROGRESS",
    "connect no ENOENT",
  ]
  const accepts = flags.includes("accept_socket_events=false") ? [] : ["accept no EAGAIN", "accept yes"]
  return [...calls, "connect yes", ...accepts]
    .map((call) => call.replace("bind no", "bind no EADDRINUSE"))
    .sort()
}

/** What ausearch finds of the process in the raw log: call, success, and the error's name. */
function callsOf(raw: string, pid: number): string[] {
  const { stdout } = spawnSync("ausearch", ["-if", raw, "-p", String(pid), "-i"], { encoding: "utf8" })
  const pattern = / syscall=(bind|connect|accept) success=(yes|no) exit=(\S+?)(?:\(|\s)/g
  const calls = [...stdout.matchAll(pattern)].map(([, call = "", success = "", exit = ""]) =>
    success === "yes" ? `${call} yes` : `${call} no ${exit}`,
  )
  return [...new Set(calls)].sort()
}

function ownRows(database: string, table: string, program: string): Row[] {
  return readRows(database, `SELECT * FROM ${table} WHERE path = ?`, program)
}
