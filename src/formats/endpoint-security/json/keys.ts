/**
 * Names of members that some shape of message is read by, as numbers. What is under any other name is passed over.
 * Source of truth: the shapes of this room; the members of eslogger are Apple's EndpointSecurity structures.
 */

/** Their values are kept as one stretch and looked into only when a row wants them: they are most of a message. */
const STRETCHES = [
  ...["stat", "args", "env", "envs", "argv", "arguments", "environment", "rights", "results", "members"],
  ...["attribute_values", "texts", "text"],
] as const

const NAMES = [
  ...STRETCHES,
  // A message.
  ...[
    "version",
    "schema_version",
    "time",
    "mach_time",
    "event_type",
    "event",
    "process",
    "action_type",
    "action",
  ],
  ...[
    "seq_num",
    "global_seq_num",
    "glob_seq_num",
    "result",
    "auth",
    "host",
    "hostname",
    "metadata",
    "product",
  ],
  ...["vendor", "eventMessage", "subsystem"],
  // A process.
  ...[
    "audit_token",
    "responsible_audit_token",
    "parent_audit_token",
    "pid",
    "pidversion",
    "auid",
    "euid",
    "ruid",
  ],
  ...["egid", "rgid", "asid", "ppid", "original_ppid", "group_id", "session_id", "codesigning_flags"],
  ...["is_platform_binary", "cdhash", "signing_id", "team_id", "executable", "path", "tty"],
  // Its file.
  ...["st_mode", "st_uid", "st_gid", "st_atimespec", "st_mtimespec", "st_ctimespec", "st_birthtimespec"],
  // Events.
  ...["exec", "fork", "exit", "signal", "create", "rename", "write", "truncate", "open", "close", "unlink"],
  ...["target", "child", "cwd", "sig", "source", "file", "destination", "existing_file", "new_path", "dir"],
  ...["filename", "modified", "destination_type", "link", "target_dir", "target_filename"],
  ...["uipc_connect", "uipc_bind", "domain", "type", "protocol", "proto", "networkflow"],
  ...[
    "remote_address",
    "remote_port",
    "local_address",
    "local_port",
    "flow_protocol",
    "flow_family",
    "direction",
  ],
  // Events about accounts.
  ...["authentication", "openssh_login", "openssh_logout", "login_login", "login_logout", "lw_session_login"],
  ...["lw_session_logout", "lw_session_lock", "lw_session_unlock", "screensharing_attach"],
  ...["screensharing_detach", "su", "sudo", "authorization_petition", "authorization_judgement"],
  ...["od_group_add", "od_group_remove", "od_group_set", "od_modify_password", "od_disable_user"],
  ...["od_enable_user", "od_attribute_value_add", "od_attribute_value_remove", "od_attribute_set"],
  ...["od_create_user", "od_create_group", "od_delete_user", "od_delete_group"],
  ...["success", "data", "od", "touchid", "token", "auto_unlock", "instigator", "petitioner", "record_type"],
  ...["record_name", "node_name", "uid", "username", "failure_message", "result_type", "source_address"],
  ...["graphical_session_id", "viewer_appleid", "authentication_type", "authentication_username"],
  ...[
    "session_username",
    "from_uid",
    "from_username",
    "to_uid",
    "to_username",
    "command",
    "reject_info",
    "shell",
  ],
  ...["return_code", "right_name", "granted", "error_code", "group_name", "member", "member_type"],
  ...["member_value", "account_type", "account_name", "user_name", "attribute_name", "attribute_value"],
  ...["existing_session"],
  // Mac Monitor.
  ...["es_event_type", "sensor_id", "ruid_human", "tv_sec", "tv_nsec"],
  ...["activity_at_ts", "initiating_pid", "initiating_process_path", "initiating_ruid", "initiating_euid"],
  ...["initiating_ruid_human", "initiating_process_signing_id", "initiating_process_cdhash"],
  ...["initiating_is_platform_binary", "exec_event", "process_path", "command_line", "file_event"],
  // Crescendo.
  ...["eventtype", "processpath", "isplatform", "timestamp", "signingid", "props", "teamid"],
  ...["srcpath", "destdir", "destfile"],
  // ProcessMonitor and FileMonitor.
  ...[
    "signing info (reported)",
    "csFlags",
    "platformBinary",
    "signingID",
    "teamID",
    "cdHash",
    "rpid",
    "exit code",
  ],
  // Santa.
  ...["event_time", "machine_id", "execution", "allowlist", "file_access", "login_window_session"],
  ...["screen_sharing", "open_ssh", "id", "parent_id", "responsible_id", "original_parent_pid"],
  ...[
    "effective_user",
    "effective_group",
    "real_user",
    "real_group",
    "name",
    "gid",
    "code_signature",
    "cs_flags",
  ],
  ...[
    "working_directory",
    "decision",
    "exited",
    "signaled",
    "exit_status",
    "login",
    "logout",
    "login_failed",
  ],
  ...[
    "attach",
    "detach",
    "lock",
    "unlock",
    "address",
    "user",
    "user_info",
    "graphical_session",
    "session_user",
  ],
  ...["authentication_user", "authentication_od", "authentication_touch_id", "authentication_token"],
  ...["authentication_auto_unlock", "trigger_process", "mode", "group", "access_time", "modification_time"],
  ...["change_time", "birth_time", "viewer"],
  // xnumon.
  ...["eventcode", "subject", "image", "ident", "ancestors", "exec_pid", "sid", "dev", "addr", "sockaddr"],
  ...["sockport", "peeraddr", "peerport", "fork_time"],
  // BSM as Jamf writes it.
  ...["header", "event_name", "event_id", "time_seconds_epoch", "time_milliseconds_offset", "host_info"],
  ...["host_name", "identity", "cd_hash", "signer_id", "return", "error", "return_value", "description"],
  ...["audit_id", "effective_group_id", "effective_user_id", "process_id", "process_name", "user_id"],
  ...["exec_args", "exec_env", "exec_chain_child", "parent_pid", "parent_path", "attributes"],
  ...["file_access_mode", "owner_user_id", "owner_group_id", "child_PID", "fd", "socket_inet"],
  ...["socket_unix", "family", "ip_address", "port", "terminal_id", "audit_user_name", "status"],
  ...["exit_value", "sock_unix", "PID"],
] as const

export type KeyName = (typeof NAMES)[number]

export const KEY = Object.fromEntries(NAMES.map((name, key) => [name, key])) as Readonly<
  Record<KeyName, number>
>

export const KEY_COUNT = NAMES.length

/** Keys below it have values that are kept as one stretch. */
export const STRETCH_KEYS = STRETCHES.length

const SLOTS = 2048
const SLOT_KEYS = new Int16Array(SLOTS).fill(-1)
const KEY_BYTES = Buffer.from(NAMES.join(""), "latin1")
const KEY_STARTS = new Int32Array(KEY_COUNT + 1)

/** Number of the name `bytes[start, end)`; -1 when no shape is read by it. */
export function findKey(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 0) return -1
  for (let slot = hashOf(bytes, start, end); ; slot = (slot + 1) & (SLOTS - 1)) {
    const key = SLOT_KEYS[slot] as number
    if (key < 0) return -1
    const from = KEY_STARTS[key] as number
    if ((KEY_STARTS[key + 1] as number) - from !== length) continue
    let same = 0
    while (same < length && KEY_BYTES[from + same] === bytes[start + same]) same++
    if (same === length) return key
  }
}

/** The name of a key. */
export function keyName(key: number): string {
  return NAMES[key] ?? ""
}

/** By the length and three bytes: names that differ elsewhere only share a slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] as number
  const last = bytes[end - 1] as number
  const middle = bytes[start + ((end - start) >> 1)] as number
  return (first * 33 + last * 257 + middle * 1031 + (end - start) * 61) & (SLOTS - 1)
}

function fillSlots(): void {
  let at = 0
  for (const [key, name] of NAMES.entries()) {
    KEY_STARTS[key] = at
    at += name.length
    KEY_STARTS[key + 1] = at
    let slot = hashOf(KEY_BYTES, at - name.length, at)
    while ((SLOT_KEYS[slot] as number) >= 0) slot = (slot + 1) & (SLOTS - 1)
    SLOT_KEYS[slot] = key
  }
}

fillSlots()
