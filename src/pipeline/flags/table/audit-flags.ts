/**
 * Flags of osquery's audit publisher and its tables.
 * Source of truth: osquery osquery/events/audit_flags.cpp, osquery/events/linux/auditdnetlink.cpp,
 * osquery/events/linux/socket_events.cpp, osquery/tables/events/linux/*.cpp.
 */
import { flagGroup } from "../flag-spec.ts"

const ROWS = "decides which rows are kept"

export const AUDIT_FLAGS = flagGroup("audit", [
  {
    name: "disable_audit",
    defaultValue: "true",
    description: "No events from the audit subsystem",
    use: "accepted; the command capture is itself the request",
  },
  {
    name: "audit_allow_config",
    description: "The kernel's audit settings and rules may be changed",
    use: "without it nothing of the kernel's audit state is changed, and an audit pipe gives what auditd's flags select",
  },
  {
    name: "audit_persist",
    defaultValue: "true",
    description: "Take the audit socket back when another process has taken it",
    use: "honoured",
  },
  {
    name: "audit_force_reconfigure",
    description: "Remove all audit rules before adding the own ones",
    use: "honoured; the removed rules are put back at the end",
  },
  {
    name: "audit_force_unconfigure",
    description: "Remove the own rules at the end even if they were there before",
    use: "honoured",
  },
  {
    name: "audit_backlog_limit",
    type: "int32",
    defaultValue: "4096",
    description: "Records that the kernel may queue",
    use: "set with audit_allow_config; the old value is put back at the end",
  },
  {
    name: "audit_backlog_wait_time",
    type: "int32",
    defaultValue: "0",
    description: "How long the kernel waits when its queue is full",
    use: "set with audit_allow_config; the old value is put back at the end",
  },
  {
    name: "audit_debug",
    description: "Print every raw record",
    isHidden: true,
    use: "honoured, on stderr and escaped",
  },
  {
    name: "audit_allow_process_events",
    defaultValue: "true",
    description: "Rows and rules for programs that start",
    use: `${ROWS}; classes pc,ex of an audit pipe`,
  },
  {
    name: "audit_allow_fork_process_events",
    description: "Also fork, vfork and clone",
    use: `${ROWS}; exit rows come with it`,
  },
  {
    name: "audit_allow_kill_process_events",
    description: "Also kill, tkill and tgkill",
    use: ROWS,
  },
  {
    name: "audit_allow_sockets",
    description: "Rows and rules for sockets",
    use: `${ROWS}; class nt of an audit pipe`,
  },
  { name: "audit_allow_unix", description: "Also sockets of the unix family", isHidden: true, use: ROWS },
  { name: "audit_allow_failed_socket_events", description: "Also socket calls that failed", use: ROWS },
  {
    name: "audit_allow_accept_socket_events",
    defaultValue: "true",
    description: "Also accept and accept4",
    use: ROWS,
  },
  {
    name: "audit_allow_null_accept_socket_events",
    description: "Also accepts that returned at once because nobody had come",
    use: ROWS,
  },
  {
    name: "audit_allow_user_events",
    defaultValue: "true",
    description: "Rows for records that programs send, such as logins",
    use: `${ROWS}; classes lo,aa of an audit pipe, events of logins of eslogger`,
  },
  { name: "audit_allow_selinux_events", description: "Rows for records of SELinux", use: ROWS },
  { name: "audit_allow_apparmor_events", description: "Rows for records of AppArmor", use: ROWS },
  { name: "audit_allow_seccomp_events", description: "Rows for records of seccomp", use: ROWS },
  {
    name: "audit_allow_fim_events",
    description: "Rows and rules for files",
    use: `${ROWS}; classes fc,fd,fw,fr,fa,fm of an audit pipe`,
  },
  {
    name: "audit_show_partial_fim_events",
    description: "Also file events on descriptors whose opening was not seen",
    isHidden: true,
    use: "accepted; rows come from calls that name a path, so none is partial",
  },
  {
    name: "audit_fim_show_accesses",
    description: "Also file events that change nothing",
    isHidden: true,
    use: "accepted, without effect",
  },
  {
    name: "audit_show_untracked_res_warnings",
    description: "Warn of descriptors whose opening was not seen",
    isHidden: true,
    use: "accepted, without effect",
  },
  {
    name: "audit_fim_debug",
    description: "Debug messages of the file events",
    isHidden: true,
    use: "accepted, without effect",
  },
])
