/**
 * Which rows are wanted. Offline all of them; live, osquery's flags decide: see docs/osquery-flags.md.
 * Source of truth: osquery osquery/events/audit_flags.cpp, osquery/tables/events/linux/socket_events.cpp.
 */

export interface RowChoice {
  /** process_events at all. */
  readonly processes: boolean
  /** fork, vfork, clone, clone3 and exit rows. */
  readonly forks: boolean
  /** Rows of calls that send signals. */
  readonly signals: boolean
  /** socket_events at all. */
  readonly sockets: boolean
  readonly unixSockets: boolean
  /** Calls that failed, but for those in progress and accepts without a client. */
  readonly failedSockets: boolean
  readonly accepts: boolean
  /** accept calls that returned at once because nobody had come (EAGAIN). */
  readonly emptyAccepts: boolean
  /** user_events */
  readonly users: boolean
  readonly selinux: boolean
  readonly apparmor: boolean
  readonly seccomp: boolean
  /** process_file_events */
  readonly files: boolean
}

export const ALL_ROWS: RowChoice = {
  processes: true,
  forks: true,
  signals: true,
  sockets: true,
  unixSockets: true,
  failedSockets: true,
  accepts: true,
  emptyAccepts: true,
  users: true,
  selinux: true,
  apparmor: true,
  seccomp: true,
  files: true,
}
