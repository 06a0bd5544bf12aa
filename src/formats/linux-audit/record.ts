/**
 * One audit record as it lies in the bytes, before any field is looked at.
 * Source of truth: kernel/audit.c audit_log_start; audit-userspace src/auditd-event.c (format_raw, format_enrich).
 *
 *   type=CWD msg=audit(1795299136.884:8176): cwd="/srv/demo"
 *        ^type         ^sec       ^ms ^serial ^body
 */

/**
 * A record on its way from the framing to the assembler. One instance is filled again and again; its buffer
 * stays unchanged until the framer's `push()` or `end()` returns: who keeps a record longer copies it by then.
 */
export class AuditRecord {
  /** Record type number (AUDIT_SYSCALL = 1300); -1 when the log names a type that no table knows. */
  type = 0
  /** The name as logged when `type` is -1, else ''. */
  typeName = ""
  /** `node=` of the record, or the host that its wrapping names; '' when neither does. */
  node = ""
  /** Unix seconds; NaN when the medium keeps no time (journalctl -o cat). */
  sec = 0
  /** Nanoseconds within the second, as exact as the medium is. */
  nsec = 0
  /** Serial number, unsigned 32 bit; made up by the framing when `hasSerial` is false. */
  serial = 0
  /** False when the medium lost the serial (journalctl -o short): records are then grouped by adjacency. */
  hasSerial = true
  /** `buffer[start, end)` is the body: what follows `): `, with the enriched tail, without the line end. */
  buffer: Buffer = EMPTY
  start = 0
  end = 0
  /** Where the record lies in the uncompressed source: first byte of its line or frame, and its length there. */
  offset = 0
  length = 0
}

const EMPTY: Buffer = Buffer.alloc(0)
