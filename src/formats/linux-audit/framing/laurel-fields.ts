/**
 * What laurel's JSON does not say about a field: how the kernel writes its value.
 * Source of truth: kernel/audit*.c and security/ (audit_log_format, audit_log_untrustedstring), laurel's
 * parser crate linux-audit-parser (src/parser.rs), audit-documentation's field dictionary.
 */

/** Written with audit_log_untrustedstring: in quotes or as hex. */
export const UNTRUSTED: ReadonlySet<string> = new Set(
  (
    "acct apparmor cgroup cmd comm cwd data denied_mask device exe file grp info invalid_context key label name " +
    "namespace ocomm operation path peer proctitle profile requested_mask sw target vm watch class " +
    "old-chardev new-chardev old-disk new-disk old-fs new-fs old-net new-net old-rng new-rng"
  ).split(" "),
)

/** Always hex, whatever is in them. */
export const ALWAYS_HEX: ReadonlySet<string> = new Set(["saddr", "data", "fan_info"])

/** Numbers that laurel does not know for numbers: it takes an even count of digits for hex-encoded text. */
export const MISREAD_NUMBERS: ReadonlySet<string> = new Set(
  (
    "a0 a1 a2 a3 a4 a5 abs_timeout_nsec abs_timeout_sec audit_backlog_limit audit_backlog_wait_time audit_enabled " +
    "audit_failure audit_pid audit_rate_limit denials fan_info fan_type fd0 fd1 frootid cap_frootid lost " +
    "mq_curmsgs mq_flags mq_maxmsg mq_msgsize mqdes msg_len msg_prio oflag obj_trust old prog-id resp sigev_signo " +
    "subj_trust uring_op"
  ).split(" "),
)

/** Capability masks: one `0` or sixteen digits. */
export const CAPABILITY_MASKS: ReadonlySet<string> = new Set(
  "cap_fi cap_fp cap_pa cap_pe cap_pi cap_pp fi fp old_pa old_pe old_pi old_pp pa pe pi pp".split(" "),
)

/** Hex numbers that the kernel prints with 0x. */
export const WITH_0X: ReadonlySet<string> = new Set("code flags ip mq_flags oflag resolve".split(" "))

/** Octal numbers that the kernel prints with a leading 0 unless they are 0. */
export const OCTAL: ReadonlySet<string> = new Set(["mode", "new_mode", "old_mode"])

/** Keys that auditd's enrichment adds: names of users and groups, then what is written bare. */
const ENRICHED_IDS = /^(?:[A-Z_-]*[UG]ID|ID)$/
const ENRICHED_BARE: ReadonlySet<string> = new Set(["ARCH", "SYSCALL", "URING_OP"])

/** How auditd would write an upper-case key after the separator; null for what only laurel has. */
export function enrichedForm(key: string): "encoded" | "bare" | "braces" | null {
  if (key === "SADDR") return "braces"
  if (ENRICHED_BARE.has(key)) return "bare"
  return ENRICHED_IDS.test(key) && key !== "PID" && key !== "PPID" && !key.endsWith("_PID") ? "encoded" : null
}

/** Members of an event that are no records. */
export const NO_RECORDS: ReadonlySet<string> = new Set([
  "ID",
  "NODE",
  "PARENT_INFO",
  "CONTAINER_INFO",
  "LABELS",
  "PID",
  "PPID",
])
