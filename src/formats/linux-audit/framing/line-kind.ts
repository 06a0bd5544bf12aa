/**
 * Tells, for detection, what kind of line this is.
 * Source of truth: as for line-framer.ts and other-line.ts, which read the lines.
 */

/** `wrapping`: a log's own line without a record; `separator`: ausearch's between events. */
export type LineKind =
  | "auditd"
  | "interpreted"
  | "syslog"
  | "audisp"
  | "dmesg"
  | "journald-short"
  | "journald-cat"
  | "separator"
  | "wrapping"
  | "other"

const PRIORITY = "(?:<\\d{1,3}>)?"
const TYPE = "type=(?:[A-Z][A-Z0-9_]*|UNKNOWN\\[\\d+\\]|\\d+) "
const STAMP = "(?:msg=)?audit\\(\\d+(?:\\.\\d+)?:\\d+\\)"
const RECORD = `(?:node=\\S+ )?${TYPE}${STAMP}`
const SYSLOG_STAMP =
  "(?:[A-Z][a-z]{2} [ \\d]\\d (?:\\d{4} )?\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d\\S*)"
const JOURNAL_STAMP = `(?:${SYSLOG_STAMP}|[A-Z][a-z]{2} \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? \\S+|\\d{9,11}\\.\\d{6}|\\[ *\\d+\\.\\d{6}(?: *<[^\\]]*>)?\\])`

const AUDITD = new RegExp(`^\\s*${RECORD}`)
const INTERPRETED = /(?:^|[:\]] )(?:node=\S+ )?type=[A-Z][A-Z0-9_]* msg=audit\([^)]*\d:\d\d:\d\d[^)]*\) ?:/
const SYSLOG_RECORD = new RegExp(
  `^${PRIORITY}(?:1 )?${SYSLOG_STAMP} .*?(?:: |- |\\] |\\ufeff|${SYSLOG_STAMP} \\S+ )(?:\\[[^\\]]*\\] )*(?:audit: )?${RECORD}`,
)
const KERNEL_RECORD = new RegExp(
  `^(?:[a-z]+ *:[a-z]+ *: )?${PRIORITY}(?:\\[[^\\]]{1,40}\\] *)*audit: ${RECORD}`,
)
const SHORT_RECORD = new RegExp(
  `^${JOURNAL_STAMP} (?:\\S+ )?audit(?:\\[\\d+\\])?: (?:[A-Z][A-Z0-9_]*|UNKNOWN\\[\\d+\\]) `,
)
const SHORT_LINE = new RegExp(`^${PRIORITY}(?:1 )?${JOURNAL_STAMP} \\S+ `)
const KERNEL_LINE =
  /^(?:[a-z]+ *:[a-z]+ *: )?(?:<\d{1,3}>)?\[(?: *\d+\.\d{6}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\]/
const CAT_RECORD =
  /^(?:SYSCALL arch=[0-9a-f]|PROCTITLE proctitle=|CWD cwd=|PATH item=\d|EXECVE argc=\d|SOCKADDR saddr=|EOE\b|BPRM_FCAPS fver=|(?:[A-Z]+_)+[A-Z]+ (?:[a-z_-]+=\S* ?){2}|(?:AVC|USER|LOGIN|SERVICE_START|SERVICE_STOP) (?:avc: |[a-z_-]+=))/

/** The kind of a line given as latin1 without its line end. */
export function readLineKind(line: string): LineKind {
  if (AUDITD.test(line)) return "auditd"
  if (line.startsWith("----") || line.startsWith("time->")) return "separator"
  if (line.includes("msg=audit(") && INTERPRETED.test(line)) return "interpreted"
  if (SHORT_RECORD.test(line)) return "journald-short"
  if (KERNEL_RECORD.test(line)) return "dmesg"
  if (line.includes("audit(") && SYSLOG_RECORD.test(line))
    return /audispd|audisp-syslog/.test(line.slice(0, 120)) ? "audisp" : "syslog"
  if (SHORT_LINE.test(line) || KERNEL_LINE.test(line) || line.startsWith("-- ")) return "wrapping"
  return CAT_RECORD.test(line) ? "journald-cat" : "other"
}
