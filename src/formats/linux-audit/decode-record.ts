/**
 * One record decoded in full, as `convert --records` prints it.
 * Source of truth: kernel/audit.c, audit-userspace auparse/.
 *
 *   {"format":"linux-audit","offset":0,"length":82,"time":"2026-11-21T22:12:16.884Z","id":8176,"type":"CWD",
 *    "node":"","fields":[["cwd","\"/srv/demo\"","/srv/demo"]]}
 */
import { type SplitBody, splitBody } from "./fields.ts"
import { type Accounts, RecordContext, type ReportProblem } from "./interpret/context.ts"
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

/** Decodes records of one host. Never throws; what is damaged keeps its raw text. */
export class RecordDecoder {
  readonly #accounts: Accounts | undefined
  readonly #report: ReportProblem | undefined
  #second = Number.NaN
  #secondText = ""

  /**
   * @param accounts names of the host that wrote the log, for records without an enriched tail
   * @param report takes one problem for each damaged value
   */
  constructor(accounts?: Accounts, report?: ReportProblem) {
    this.#accounts = accounts
    this.#report = report
  }

  decode(record: AuditRecord): DecodedRecord {
    const body = splitBody(record)
    const context = new RecordContext(record, body, this.#accounts, this.#report)
    if (body.openQuoteAt >= 0) reportOpenMessage(body, context)
    const fields: [string, string, string][] = []
    for (const field of body.fields) fields.push([field.name, field.raw, interpretField(context, field)])
    return {
      format: "linux-audit",
      offset: record.offset,
      length: record.length,
      time: this.#time(record.sec, record.nsec),
      id: record.hasSerial ? record.serial : null,
      type: record.type < 0 ? record.typeName : recordTypeName(record.type),
      node: record.node,
      fields,
    }
  }

  /** Three digits at least, since the kernel writes milliseconds. Many records share their second. */
  #time(sec: number, nsec: number): string | null {
    if (sec !== this.#second) {
      const date = new Date(sec * 1000)
      if (Number.isNaN(date.getTime())) return null
      this.#second = sec
      this.#secondText = date.toISOString().slice(0, -4)
    }
    const digits = nsec % 1_000_000 === 0 ? 3 : nsec % 1000 === 0 ? 6 : 9
    const fraction = nsec / 10 ** (9 - digits)
    return `${this.#secondText}${String(fraction).padStart(digits, "0")}Z`
  }
}

/** Decodes a single record; for many, keep a RecordDecoder. */
export function decodeRecord(
  record: AuditRecord,
  accounts?: Accounts,
  report?: ReportProblem,
): DecodedRecord {
  return new RecordDecoder(accounts, report).decode(record)
}

function reportOpenMessage({ openQuoteAt, text }: SplitBody, context: RecordContext): void {
  const message = "the quote of msg is not closed"
  const length = text.length - openQuoteAt
  context.report(
    "linux-audit/unterminated-quote",
    openQuoteAt,
    length,
    message,
    "a closing '",
    "end of record",
  )
}
