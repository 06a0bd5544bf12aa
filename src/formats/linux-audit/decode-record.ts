/**
 * One record decoded in full, as `convert --records` prints it.
 * Source of truth: kernel/audit.c, audit-userspace auparse/.
 *
 *   {"format":"linux-audit","offset":0,"length":82,"time":"2026-11-21T22:12:16.884Z","id":8176,"type":"CWD",
 *    "node":"","fields":[["cwd","\"/srv/demo\"","/srv/demo"]]}
 */
import { splitBody } from "./fields.ts"
import { type Accounts, type ReportProblem, RecordContext } from "./interpret/context.ts"
import { interpretField } from "./interpret/interpret-field.ts"
import type { AuditRecord } from "./record.ts"
import { recordTypeName } from "./tables/record-types.ts"

export interface DecodedRecord {
  readonly format: "linux-audit"
  readonly offset: number
  readonly length: number
  /** ISO 8601 in UTC, as many digits as the medium keeps; null when it keeps no time. */
  readonly time: string | null
  /** Serial; null when the medium lost it. */
  readonly id: number | null
  readonly type: string
  readonly node: string
  readonly fields: readonly (readonly [name: string, raw: string, interpreted: string])[]
}

/**
 * Decodes a record; what is damaged keeps its raw text. Never throws.
 * @param accounts names of the host that wrote the log, for records without an enriched tail
 * @param report takes one problem for each damaged value
 */
export function decodeRecord(record: AuditRecord, accounts?: Accounts, report?: ReportProblem): DecodedRecord {
  const body = splitBody(record)
  const context = new RecordContext(record, body, accounts, report)
  if (body.openQuoteAt >= 0) {
    const { openQuoteAt, text } = body
    const length = text.length - openQuoteAt
    const message = "the quote of msg is not closed"
    context.report("linux-audit/unterminated-quote", openQuoteAt, length, message, "a closing '", "end of record")
  }
  const fields: [string, string, string][] = []
  for (const field of body.fields) fields.push([field.name, field.raw, interpretField(context, field)])
  return {
    format: "linux-audit",
    offset: record.offset,
    length: record.length,
    time: formatTime(record.sec, record.nsec),
    id: record.hasSerial ? record.serial : null,
    type: record.type < 0 ? record.typeName : recordTypeName(record.type),
    node: record.node,
    fields,
  }
}

/** Three digits at least, since the kernel writes milliseconds. */
function formatTime(sec: number, nsec: number): string | null {
  const date = new Date(sec * 1000)
  if (Number.isNaN(date.getTime())) return null
  const whole = date.toISOString().slice(0, -5)
  const digits = nsec % 1_000_000 === 0 ? 3 : nsec % 1000 === 0 ? 6 : 9
  return `${whole}.${String(nsec).padStart(9, "0").slice(0, digits)}Z`
}
