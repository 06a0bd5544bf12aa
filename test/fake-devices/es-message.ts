/** A message as eslogger prints it for exec: the keys that every version has, one line. */

function process(pid: number, path: string) {
  return {
    audit_token: {
      pid,
      pidversion: pid * 2,
      euid: 501,
      ruid: 501,
      egid: 20,
      rgid: 20,
      auid: 501,
      asid: 100_001,
    },
    ppid: 1,
    original_ppid: 1,
    group_id: pid,
    session_id: 1,
    codesigning_flags: 570_506_001,
    is_platform_binary: true,
    is_es_client: false,
    cdhash: "0123456789ABCDEF0123456789ABCDEF01234567",
    signing_id: "com.example.tool",
    team_id: null,
    executable: { path, path_truncated: false, stat: { st_dev: 1, st_ino: 2, st_mode: 33_261 } },
    tty: null,
    start_time: "2026-03-01T10:00:00.000000Z",
  }
}

/** @param sequence of the message among all: a gap in it is a loss */
export function execMessage(sequence: number, path = "/bin/ls"): string {
  const pid = 1000 + (sequence % 30_000)
  const second = String(sequence % 60).padStart(2, "0")
  const message = {
    schema_version: 1,
    version: 8,
    time: `2026-03-01T10:00:${second}.000000001Z`,
    mach_time: 1000 + sequence,
    event_type: 9,
    action_type: 1,
    action: { result: { result_type: 0, result: { auth: 0 } } },
    seq_num: sequence,
    global_seq_num: sequence,
    thread: { thread_id: 1 },
    process: process(pid, "/bin/zsh"),
    event: {
      exec: {
        target: process(pid, path),
        args: ["ls", "-la", "/srv/demo"],
        env: ["PATH=/usr/bin:/bin"],
        fds: [],
        script: null,
        cwd: { path: "/srv/demo", path_truncated: false, stat: {} },
        last_fd: 3,
        image_cputype: 16_777_228,
        image_cpusubtype: 2,
        dyld_exec_path: path,
      },
    },
  }
  return `${JSON.stringify(message).replaceAll("/", "\\/")}\n`
}
