/**
 * Writes messages as eslogger does, in any message version.
 * Source of truth: Apple's ESMessage.h; which version brought which member.
 */

export interface ProcessFacts {
  readonly pid: number
  readonly ppid: number
  readonly path: string
  readonly uid?: number
  readonly euid?: number
  readonly signingId?: string | null
  readonly teamId?: string | null
  readonly pidversion?: number
  readonly isPlatform?: boolean
  readonly tty?: string
  readonly flags?: number
}

export interface MessageFacts {
  readonly version?: number
  readonly number: number
  readonly name: string
  readonly event: object
  readonly process?: ProcessFacts
  readonly time?: string
  readonly sequence?: number
  readonly global?: number
  readonly isDenied?: boolean
}

const GID = 20
const SESSION = 100_019
const MANY_DIGITS = "1152921500312525701"

export const SHELL: ProcessFacts = { pid: 500, ppid: 400, path: "/bin/zsh", signingId: "com.apple.zsh" }

function token(pid: number, uid: number, euid: number, pidversion: number, version: number): object {
  if (version === 10) return [uid, euid, GID, uid, GID, pid, SESSION, pidversion]
  return { pid, pidversion, euid, ruid: uid, rgid: GID, egid: GID, auid: uid, asid: SESSION }
}

/** st_ino stays a number of 19 digits: see `toJson`. */
export function file(path: string): object {
  const time = "2025-07-09T06:27:14.000000000Z"
  const times = { st_atimespec: time, st_mtimespec: time, st_ctimespec: time, st_birthtimespec: time }
  const stat = { st_dev: 16_777_234, st_ino: MANY_DIGITS, st_mode: 33_261, st_uid: 0, st_gid: 0, ...times }
  return { path, path_truncated: false, stat }
}

export function process(facts: ProcessFacts, version: number): object {
  const {
    pid,
    ppid,
    path,
    uid = 501,
    euid = uid,
    signingId = null,
    teamId = null,
    pidversion = pid * 10,
  } = facts
  const { isPlatform = true, tty, flags = 637_623_057 } = facts
  return {
    audit_token: token(pid, uid, euid, pidversion, version),
    ppid,
    ...{ original_ppid: ppid, group_id: pid, session_id: ppid, codesigning_flags: flags },
    ...{ is_platform_binary: isPlatform, is_es_client: false, signing_id: signingId, team_id: teamId },
    cdhash: "F988105881118CD77EF87293D97DECE8E193FA98",
    executable: file(path),
    ...(version >= 2 ? { tty: tty === undefined ? null : file(tty) } : {}),
    ...(version >= 3 ? { start_time: "2026-02-03T04:05:00.000000Z" } : {}),
    ...(version >= 4 ? { responsible_audit_token: token(ppid, uid, uid, ppid * 10, version) } : {}),
    ...(version >= 4 ? { parent_audit_token: token(ppid, uid, uid, ppid * 10 + 1, version) } : {}),
    ...(version >= 10 ? { cs_validation_category: 1 } : {}),
  }
}

export function message(facts: MessageFacts): object {
  const { version = 9, number, name, event, process: subject = SHELL, isDenied = false } = facts
  const { time = "2026-02-03T04:05:06.123456789Z", sequence = 0, global = 0 } = facts
  return {
    ...{ schema_version: 1, version, time, mach_time: 401_376_547_642, event_type: number, action_type: 1 },
    event: { [name]: event },
    process: process(subject, version),
    action: { result: { result_type: 0, result: { auth: isDenied ? 1 : 0 } } },
    ...(version >= 2 ? { seq_num: sequence } : {}),
    ...(version >= 4 ? { global_seq_num: global, thread: { thread_id: 600_001 } } : {}),
  }
}

export interface ExecFacts {
  readonly args: readonly string[]
  readonly env?: readonly string[]
  readonly cwd?: string
}

export function exec(target: ProcessFacts, facts: ExecFacts, version = 9): object {
  const { args, env = [], cwd = "/srv/demo" } = facts
  return {
    ...{ target: process(target, version), args, env },
    ...(version >= 2 ? { script: null } : {}),
    ...(version >= 3 ? { cwd: file(cwd) } : {}),
    ...(version >= 4 ? { last_fd: 2, fds: [{ fd: 0, fdtype: 1 }] } : {}),
    ...(version >= 6 ? { image_cputype: 16_777_228, image_cpusubtype: -2_147_483_646 } : {}),
    ...(version >= 7 ? { dyld_exec_path: target.path } : {}),
    ...(version >= 11 ? { entitlements: { "com.apple.security.get-task-allow": true } } : {}),
  }
}

/** As eslogger writes it: slashes escaped, inode numbers of 19 digits. */
export function toJson(value: object, indent?: number): string {
  return JSON.stringify(value, null, indent)
    .replaceAll("/", "\\/")
    .replaceAll(`"${MANY_DIGITS}"`, MANY_DIGITS)
}

export function toLines(messages: readonly object[]): string {
  return messages.map((one) => `${toJson(one)}\n`).join("")
}
