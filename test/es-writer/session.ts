/** A session on a host: a shell forks, the child runs a program, files are touched, it ends. */
import { exec, file, type MessageFacts, message, process, SHELL } from "./message.ts"

const CHILD = { pid: 1000, ppid: 500, path: "/bin/zsh", signingId: "com.apple.zsh" }
const LS = { ...CHILD, path: "/bin/ls", signingId: "com.apple.ls", pidversion: 10_001 }

/** Numbers messages as a client's stream does: all together and each type apart. */
export function numbered(facts: readonly MessageFacts[]): object[] {
  const counts = new Map<string, number>()
  return facts.map((one, global) => {
    const sequence = counts.get(one.name) ?? 0
    counts.set(one.name, sequence + 1)
    return message({ global, sequence, ...one })
  })
}

export function session(version: number): object[] {
  const args = { args: ["ls", "-la", "/tmp/a dir"], env: ["PATH=/usr/bin:/bin", "HOME=/srv/demo/alice"] }
  const newPath = { dir: file("/private/tmp"), filename: "new file", mode: 33_188 }
  return numbered([
    { version, number: 11, name: "fork", event: { child: process(CHILD, version) } },
    { version, number: 9, name: "exec", event: exec(LS, args, version), process: CHILD },
    { version, number: 10, name: "open", event: { fflag: 1, file: file("/tmp/a dir") }, process: LS },
    {
      ...{ version, number: 13, name: "create", process: LS },
      event: { destination_type: 1, destination: { new_path: newPath }, acl: null },
    },
    {
      ...{ version, number: 25, name: "rename", process: LS },
      event: {
        ...{ source: file("/private/tmp/a"), destination_type: 0 },
        destination: { existing_file: file("/private/tmp/b") },
      },
    },
    { version, number: 33, name: "write", event: { target: file("/private/tmp/b") }, process: LS },
    {
      version,
      number: 12,
      name: "close",
      event: { modified: true, target: file("/private/tmp/b") },
      process: LS,
    },
    {
      version,
      number: 32,
      name: "unlink",
      event: { target: file("/private/tmp/b"), parent_dir: file("/private/tmp") },
      process: LS,
    },
    { version, number: 31, name: "signal", event: { sig: 15, target: process(LS, version) } },
    { version, number: 15, name: "exit", event: { stat: 256 }, process: LS },
  ])
}

/** Events about accounts, as they come from several daemons. */
export function userEvents(version: number): object[] {
  const od = { node_name: "/Local/Default", db_path: "/srv/demo/db", error_code: 0 }
  const sshd = { pid: 700, ppid: 1, path: "/usr/libexec/sshd-session", uid: 0 }
  const tool = { pid: 801, ppid: 500, path: "/usr/sbin/sysadminctl", uid: 0, tty: "/dev/ttys003" }
  const login = { success: false, result_type: 4, source_address_type: 1, source_address: "192.0.2.7" }
  return numbered([
    {
      version,
      number: 120,
      name: "openssh_login",
      event: { ...login, username: "alice", uid: null },
      process: sshd,
    },
    {
      ...{ version, number: 120, name: "openssh_login", process: sshd },
      event: { ...login, success: true, result_type: 2, username: "alice", uid: 501 },
    },
    {
      ...{ version, number: 121, name: "openssh_logout", process: sshd },
      event: { source_address_type: 2, source_address: "2001:db8::9", username: "alice", uid: 501 },
    },
    {
      version,
      number: 116,
      name: "lw_session_lock",
      event: { username: "alice", graphical_session_id: 257 },
    },
    {
      ...{ version, number: 131, name: "sudo" },
      event: {
        ...{ success: true, reject_info: null, from_uid: 501, from_username: "alice", to_uid: 0 },
        ...{ to_username: "root", command: "/bin/ls -la" },
      },
    },
    {
      ...{ version, number: 128, name: "su" },
      event: {
        success: false,
        failure_message: "Sorry",
        from_uid: 501,
        from_username: "alice",
        to_username: "root",
      },
    },
    {
      ...{ version, number: 111, name: "authentication" },
      event: {
        ...{ success: true, type: 0 },
        data: {
          od: {
            instigator: process(tool, version),
            record_type: "Users",
            record_name: "alice",
            node_name: "/Local",
          },
        },
      },
    },
    {
      ...{ version, number: 141, name: "od_create_user" },
      event: { instigator: process(tool, version), user_name: "mallory", ...od },
    },
    {
      ...{ version, number: 132, name: "od_group_add" },
      event: {
        ...{ instigator: process(tool, version), group_name: "admin", ...od, error_code: 4001 },
        member: { member_type: 0, member_value: "mallory" },
      },
    },
    {
      ...{ version, number: 130, name: "authorization_judgement" },
      event: {
        ...{ instigator: process(tool, version), petitioner: null, return_code: -60_005, result_count: 1 },
        results: [{ right_name: "system.preferences", rule_class: 0, granted: false }],
      },
    },
    {
      ...{ version, number: 78, name: "uipc_connect" },
      event: { file: file("/private/var/run/mDNSResponder"), domain: 1, type: 1, protocol: 0 },
    },
    {
      ...{ version, number: 76, name: "uipc_bind" },
      event: { dir: file("/private/tmp"), filename: "agent.sock", mode: 511 },
    },
  ])
}

/** The shell's own numbers, for tests. */
export const SHELL_PID = SHELL.pid
