/**
 * The stamps that `ausearch -i` and audisp-syslog's `interpret` write: a date of some locale instead of seconds.
 *
 *   type=SYSCALL msg=audit(11/21/26 22:12:16.884:8176) : arch=x86_64 …
 *
 * Source of truth: audit-userspace src/ausearch-report.c output_interpreted_record.
 */

const LONGEST = 64
const CLOCK = /\d{1,2}:\d\d:\d\d/
const RAW = /^[\d.:]*$/

/** True when the text after `audit(`, which begins at `at`, is a date; its fields are interpreted then, too. */
export function isInterpretedStamp(buffer: Buffer, at: number, end: number): boolean {
  const text = buffer.latin1Slice(at, Math.min(end, at + LONGEST))
  const close = text.indexOf(")")
  const stamp = close < 0 ? text : text.slice(0, close)
  return CLOCK.test(stamp) && !RAW.test(stamp)
}
