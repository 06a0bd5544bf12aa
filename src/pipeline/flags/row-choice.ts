/**
 * From flags to the rows that are wanted. Source of truth: osquery osquery/events/linux/auditdnetlink.cpp (which calls
 * the rule names), osquery/tables/events/linux/*.cpp (which rows a subscriber keeps).
 */
import type { RowChoice } from "../../schema/row-choice.ts"
import type { OsqueryFlags } from "./osquery-flags.ts"

/** Live: osquery's flags and defaults decide. Whether there is a capture at all is not asked here. */
export function rowChoice(flags: OsqueryFlags): RowChoice {
  return chooseBy((name) => flags.bool(name))
}

/** Saved evidence: everything is wanted, except what a flag that was given switches off. */
export function rowChoiceOfGiven(flags: OsqueryFlags): RowChoice {
  return chooseBy((name) => !flags.isGiven(name) || flags.bool(name))
}

/** Forks and signals come with process events only, the kinds of sockets with sockets only. */
function chooseBy(isOn: (name: string) => boolean): RowChoice {
  const processes = isOn("audit_allow_process_events")
  const sockets = isOn("audit_allow_sockets")
  const accepts = sockets && isOn("audit_allow_accept_socket_events")
  return {
    processes,
    forks: processes && isOn("audit_allow_fork_process_events"),
    signals: processes && isOn("audit_allow_kill_process_events"),
    sockets,
    unixSockets: sockets && isOn("audit_allow_unix"),
    failedSockets: sockets && isOn("audit_allow_failed_socket_events"),
    accepts,
    emptyAccepts: accepts && isOn("audit_allow_null_accept_socket_events"),
    users: isOn("audit_allow_user_events"),
    selinux: isOn("audit_allow_selinux_events"),
    apparmor: isOn("audit_allow_apparmor_events"),
    seccomp: isOn("audit_allow_seccomp_events"),
    files: isOn("audit_allow_fim_events"),
  }
}
