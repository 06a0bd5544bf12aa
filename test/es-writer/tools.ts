/** Writes what other clients of EndpointSecurity make of their messages. */
import { exec, file, message, process, toJson, toLines } from "./message.ts"
import { session, userEvents } from "./session.ts"

const LS = { pid: 1000, ppid: 500, path: "/bin/ls", signingId: "com.apple.ls", pidversion: 10_001 }

/** One entry of the unified log a message; the last one is cut, as after 32 KiB. */
export function unifiedLog(): string {
  const entry = (eventMessage: string): string =>
    `${JSON.stringify({ timestamp: "2026-02-03 04:05:06.123456+0000", subsystem: "com.apple.eslogger", eventMessage })}\n`
  const texts = session(9).map((one) => toJson(one))
  const cut = (texts[1] ?? "").slice(0, 2000)
  return `Filtering the log data using "subsystem == com.apple.eslogger"\n${texts.map(entry).join("")}${entry(cut)}`
}

export function jamfTelemetry(): string {
  const messages = [...session(7).slice(0, 2), ...userEvents(7).slice(0, 5)]
  return messages
    .map((one, index) => {
      const { global_seq_num, ...rest } = one as Record<string, unknown>
      return `${JSON.stringify({
        ...rest,
        glob_seq_num: index * 7,
        time: "2026-02-03T04:05:06.123Z",
        host: { hostname: "mac-7", serial: "C02DEMO", os: "Version 14.5" },
        metadata: { product: "Device Telemetry Stream", schemaVersion: "1.0", vendor: "Jamf" },
      })}\n`
    })
    .join("")
}

/** Pretty objects, one behind the other, times as objects. */
export function macMonitor(): string {
  const names: Readonly<Record<string, string>> = { 9: "EXEC", 11: "FORK", 15: "EXIT", 120: "OPENSSH_LOGIN" }
  const messages = [...session(8), ...userEvents(8)] as Record<string, unknown>[]
  return messages
    .filter((one) => names[String(one.event_type)] !== undefined)
    .map((one) => {
      const subject = one.process as Record<string, unknown>
      const enriched = {
        ...one,
        time: { tv_sec: 1_770_091_506, tv_nsec: 123_456_789 },
        ...{ macOS: "15.1 (Build 24B83)", sensor_id: "demo", action_type_string: "ES_ACTION_TYPE_NOTIFY" },
        es_event_type: `ES_EVENT_TYPE_NOTIFY_${names[String(one.event_type)]}`,
        process: { ...subject, ruid_human: "alice", euid_human: "alice", audit_token_string: "501-501" },
      }
      return toJson(enriched, 2)
    })
    .join("\n")
}

export function macMonitor1(): string {
  const base = {
    ...{
      initiating_pid: 500,
      initiating_process_path: "/bin/zsh",
      initiating_ruid: 501,
      initiating_euid: 501,
    },
    ...{ initiating_ruid_human: "alice", initiating_process_signing_id: "com.apple.zsh", sensor_id: "demo" },
    ...{ initiating_process_cdhash: "f988105881118cd77ef87293d97dece8e193fa98", macOS: "13.2.1" },
    ...{ initiating_is_platform_binary: true, activity_at_ts: "2026-02-03T04:05:06.569Z" },
  }
  const target = {
    ...{ process_path: "/bin/ls", command_line: "ls -la", pid: 1000, ruid: 501, euid: 501 },
    ...{ signing_id: "com.apple.ls", team_id: "", is_platform_binary: true, ruid_human: "alice" },
  }
  const events = [
    { es_event_type: "ES_EVENT_TYPE_NOTIFY_EXEC", exec_event: target },
    { es_event_type: "ES_EVENT_TYPE_NOTIFY_MMAP", mmap_event: { path: "/usr/lib/libdemo.dylib" } },
  ]
  return events.map((event) => JSON.stringify({ ...base, ...event }, null, 2)).join("\n")
}

export function crescendo(): string {
  const base = { pid: 1000, ppid: 500, isplatform: true, username: "alice", signingid: "com.apple.ls" }
  const props = { teamid: "", signingid: "com.apple.ls", isplatformbin: "true", size: "1", ppid: "500" }
  const events = [
    ["process::exec", { ...props, argc: "2", argv: "ls -la ", action: "ES_AUTH_RESULT_ALLOW" }],
    ["process::exec", { ...props, argc: "1", argv: "ls ", action: "ES_AUTH_RESULT_DENY" }],
    ["file::create", { path: "/private/tmp/a", size: "0" }],
    [
      "file::rename",
      { srcpath: "/private/tmp/a", srcsize: "0", desttype: "1", destdir: "/private/tmp", destfile: "b" },
    ],
    ["file::unlink", { dir: "/private/tmp", path: "/private/tmp/b" }],
    [
      "network::ipcconnect",
      { domain: "AF_UNIX", proto: "IPPROTO_IP", type: "SOCK_STREAM", path: "/var/run/demo" },
    ],
    ["process::exit", { ...props, argc: "0", argv: "" }],
  ] as const
  return JSON.stringify(
    events.map(([eventtype, details], index) => ({
      ...{ eventtype, processpath: "/bin/ls", timestamp: 1_770_091_506_123 + index, ...base },
      props: details,
    })),
  )
}

/** Backslashes and line breaks of arguments stand as they are. */
export function objectiveSee(): string {
  const signing =
    '"signing info (reported)":{"csFlags":570522385,"platformBinary":1,"signingID":"com.apple.ls","teamID":"","cdHash":"B0894FE16C9C5490551248B3E4486D53A783FDE6"}'
  const process = (args: string): string =>
    `{"pid":1000,"name":"ls","path":"/bin/ls","uid":501,"architecture":"Apple Silicon","arguments":[${args}],"ppid":500,"rpid":500,"ancestors":[500,1],${signing}}`
  const head = (kind: string): string =>
    `{"event":"ES_EVENT_TYPE_NOTIFY_${kind}","timestamp":"2026-02-03 04:05:06 +0000"`
  return [
    `${head("EXEC")},"process":${process('"ls","-la"')}}`,
    `${head("EXEC")},"process":${process('"grep","\\d+\\.\\w","a\tb"')}}`,
    `${head("FORK")},"process":${process("")}}`,
    `${head("EXIT")},"process":${process("").replace('{"pid"', '{"exit code":256,"pid"')}}`,
    `${head("RENAME")},"file":{"source":"/private/tmp/a","destination":"/private/tmp/b","process":${process("")}}}`,
    `${head("CREATE")},"file":{"destination":"/private/tmp/a","process":${process("")}}}`,
    "",
  ].join("\n")
}

export function santa(): string {
  const user = { uid: 501, name: "alice" }
  const group = { gid: 20, name: "staff" }
  const ids = { effective_user: user, real_user: user, effective_group: group, real_group: group }
  const shell = {
    ...{
      id: { pid: 500, pidversion: 5000 },
      parent_id: { pid: 400, pidversion: 4000 },
      original_parent_pid: 400,
    },
    ...{ group_id: 500, session_id: 400, ...ids, executable: { path: "/bin/zsh", truncated: false } },
  }
  const stat = { mode: 33_261, user: { uid: 0 }, group: { gid: 0 }, access_time: "2025-07-09T06:27:14Z" }
  const target = {
    ...shell,
    ...{ id: { pid: 500, pidversion: 5001 }, is_platform_binary: true, cs_flags: 637_623_057 },
    code_signature: { cdhash: "+YgQWIERjNd++HKT2X3s6OGT+pg=", signing_id: "com.apple.ls" },
    executable: { path: "/bin/ls", truncated: false, stat },
  }
  const base64 = (text: string): string => Buffer.from(text).toString("base64")
  const nobody = {
    ...ids,
    real_user: { uid: -2, name: "nobody" },
    effective_user: { uid: -2, name: "nobody" },
  }
  const source = { address: base64("192.0.2.7"), type: "TYPE_IPV4" }
  const messages = [
    {
      execution: {
        ...{ instigator: shell, target, args: ["ls", "-la"].map(base64), envs: ["A=1"].map(base64) },
        ...{ working_directory: { path: "/srv/demo" }, decision: "DECISION_DENY", reason: "REASON_BINARY" },
      },
    },
    { fork: { instigator: shell, child: { ...shell, id: { pid: 501, pidversion: 5010 } } } },
    { exit: { instigator: { ...shell, ...nobody }, exited: { exit_status: 3 } } },
    { exit: { instigator: shell, signaled: { signal: 9 } } },
    { rename: { instigator: shell, source: file("/private/tmp/a"), target: "/private/tmp/b" } },
    { close: { instigator: shell, target: file("/private/tmp/b"), modified: true } },
    {
      open_ssh: {
        login: { instigator: shell, result: "RESULT_AUTH_FAIL_PASSWD", source, user: { name: "alice" } },
      },
    },
    { login_window_session: { unlock: { instigator: shell, user, graphical_session: { id: 257 } } } },
    { authentication: { success: true, authentication_od: { instigator: shell, record_name: "alice" } } },
  ]
  return messages
    .map(
      (event) =>
        `${JSON.stringify({ machine_id: "demo", event_time: "2026-02-03T04:05:06.123456Z", ...event })}\n`,
    )
    .join("")
}

export function santaText(): string {
  const who = "pid=500|ppid=400|process=zsh|processpath=/bin/zsh|uid=501|user=alice|gid=20|group=staff"
  const lines = [
    "Santa version 2025.1 started",
    "action=EXEC|decision=ALLOW|reason=BINARY|sha256=ab|pid=500|pidversion=5001|ppid=400|uid=501|user=alice|gid=20|group=staff|mode=M|path=/bin/ls|args=ls -la a<pipe>b",
    "action=EXEC|decision=DENY|reason=CERT|pid=500|pidversion=5001|ppid=400|uid=-2|user=nobody|gid=-1|group=nogroup|mode=L|path=/srv/demo/x|args=x",
    "action=FORK|pid=501|pidversion=5010|ppid=500|uid=501|gid=20",
    "action=EXIT|pid=501|pidversion=5010|ppid=500|uid=501|gid=20",
    `action=RENAME|path=/private/tmp/a|newpath=/private/tmp/b|${who}`,
    `action=OPENSSH_LOGIN|success=false|result_type=AUTH_FAIL_PASSWD|address_type=ipv4|address=192.0.2.7|${who}|event_user=alice`,
    `action=AUTHENTICATION_TOUCHID|success=true|${who}|touchid_mode=VERIFICATION|event_user=alice|event_uid=501`,
    `action=LOGIN_WINDOW_SESSION_LOCK|${who}|event_user=alice|event_uid=501|graphical_session_id=257`,
  ]
  return lines.map((line) => `[2026-02-03T04:05:06.123Z] I santad: ${line}\n`).join("")
}

export function xnumon(): string {
  const image = {
    path: "/bin/ls",
    mode: "100755",
    cdhash: "F988105881118CD77EF87293D97DECE8E193FA98",
    ident: "com.apple.ls",
  }
  const subject = {
    ...{ pid: 1000, auid: 501, auname: "alice", euid: 501, egid: 20, ruid: 501, rgid: 20, sid: 100_019 },
    ...{ dev: "/dev/ttys003", image: { exec_time: "2026-02-03T04:05:00Z", exec_pid: 500, path: "/bin/zsh" } },
    ancestors: [{ exec_pid: 1, path: "/sbin/launchd" }],
  }
  const head = { version: 7, time: "2026-02-03T04:05:06.123456789Z" }
  const events = [
    { ...head, eventcode: 0, op: "start" },
    { ...head, eventcode: 2, argv: ["ls", "-la"], env: ["A=1"], cwd: "/srv/demo", image, subject },
    {
      ...{ ...head, eventcode: 7, proto: "tcp", sockaddr: "192.0.2.5", sockport: 50_000 },
      ...{ peeraddr: "198.51.100.7", peerport: 443, subject },
    },
    { ...head, eventcode: 5, proto: "tcp", sockaddr: "::", sockport: 8080, subject },
  ]
  return events.map((event) => `${JSON.stringify(event)}\n`).join("")
}

export function jamfBsm(): string {
  const subject = {
    ...{ audit_id: 501, audit_user_name: "alice", user_id: 501, user_name: "alice", effective_user_id: 0 },
    ...{
      group_id: 20,
      effective_group_id: 20,
      process_id: 1000,
      process_name: "/bin/zsh",
      session_id: 100_019,
    },
    terminal_id: { ip_address: "0.0.0.0", port: 0, type: 4 },
  }
  const identity = {
    cd_hash: "f988105881118cd77ef87293d97dece8e193fa98",
    signer_id: "com.apple.zsh",
    team_id: "",
  }
  const record = (event_name: string, event_id: number, more: object, error = 0): object => ({
    header: {
      event_name,
      event_id,
      time_seconds_epoch: 1_770_091_506,
      time_milliseconds_offset: 123,
      version: 11,
    },
    ...{ host_info: { host_name: "mac-7" }, identity, subject },
    return: { description: error === 0 ? "success" : "failure : demo", error, return_value: 0 },
    ...more,
  })
  const records = [
    record("AUE_FORK", 2, { arguments: { child_PID: 1001 } }),
    record("AUE_EXECVE", 23, {
      ...{
        path: ["ls", "/bin/ls"],
        attributes: { file_access_mode: 33_261, owner_user_id: 0, owner_group_id: 0 },
      },
      exec_args: { args: { "1": "ls", "2": "-la", "10": "z", "3": "/tmp/a dir" }, args_compiled: "ls,-la" },
      ...{ exec_env: { env: { HOME: "/srv/demo/alice" } }, exec_chain_child: { parent_pid: 400 } },
    }),
    record("AUE_POSIX_SPAWN", 43_190, { path: ["/bin/ls"], arguments: { child_PID: 1002 } }),
    record(
      "AUE_CONNECT",
      32,
      { arguments: { fd: 43 }, socket_inet: { family: 2, ip_address: "198.51.100.7", port: 443 } },
      150,
    ),
    record(
      "AUE_BIND",
      34,
      { arguments: { fd: 5 }, socket_inet: { family: 26, ip_address: "::1", port: 8080 } },
      126,
    ),
    record("AUE_CONNECT", 32, { socket_unix: { family: 1, path: "/var/run/demo" } }),
    record("AUE_lw_login", 45_021, {}),
    record("AUE_auth_user", 45_023, { texts: ["Authentication for user <alice>"] }, 1),
    record("AUE_EXIT", 1, { exit: { status: 0, return_value: 0 } }),
    record("AUE_CHDIR", 8, { path: ["/"] }),
  ]
  return records.map((one) => `${JSON.stringify(one)}\n`).join("")
}

/** A message that a client refused, and one of a kind that nobody knows yet. */
export function unusual(): string {
  const args = { args: ["x", 'a "b" \\', "\u00fc", ""], env: [] }
  return toLines([
    message({ version: 12, number: 9, name: "exec", event: exec(LS, args, 12), process: LS, isDenied: true }),
    message({ version: 12, number: 200, name: "shm_open", event: { target: process(LS, 12) }, global: 1 }),
  ])
}
