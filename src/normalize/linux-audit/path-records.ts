/**
 * The PATH records of an event, and names made absolute with its CWD.
 * Source of truth: kernel/auditsc.c audit_log_name, include/linux/audit.h AUDIT_TYPE_*.
 */
import { parseDecimal } from "../../base/digits.ts"
import type { EventRecord } from "../../formats/linux-audit/event.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import type { RowContext } from "./row-context.ts"
import { PATH, PATH_PLAN } from "./syscall-plan.ts"

const RECORD_PATH = 1302
const SLASH = 0x2f

/** `nametype=`: what the call did with the name. */
export type NameType = "NORMAL" | "PARENT" | "CREATE" | "DELETE" | "UNKNOWN"

export class PathReader {
  readonly #row: RowContext
  readonly #scratch = new Fields(PATH_PLAN)
  /** The record that the last scan read. */
  #record: EventRecord | undefined

  constructor(row: RowContext) {
    this.#row = row
  }

  /** Fills `fields` from the PATH record of item 0, or one without a number; false when the event holds none. */
  scanFirst(fields: Fields): boolean {
    const { event } = this.#row
    for (let at = 0; at < event.count; at++) {
      const record = event.records[at]
      if (record === undefined || record.type !== RECORD_PATH) continue
      this.#scan(fields, record)
      const start = fields.starts[PATH.item] as number
      if (start < 0 || parseDecimal(record.buffer, start, fields.ends[PATH.item] as number) === 0) return true
    }
    return false
  }

  /** Fills `fields` from the last PATH record with one of these name types; false when there is none. */
  scanLast(fields: Fields, types: readonly NameType[]): boolean {
    const { event } = this.#row
    for (let at = event.count - 1; at >= 0; at--) {
      const record = event.records[at]
      if (record === undefined || record.type !== RECORD_PATH) continue
      this.#scan(this.#scratch, record)
      const type = this.#scratch.has(PATH.nametype) ? PATH.nametype : PATH.objtype
      const start = this.#scratch.starts[type] as number
      const name = start < 0 ? "NORMAL" : record.buffer.latin1Slice(start, this.#scratch.ends[type] as number)
      if (!types.some((wanted) => wanted === name)) continue
      this.#scan(fields, record)
      return true
    }
    return false
  }

  /**
   * Puts the scanned item's name into the row context's value, joined with the working directory when it is
   * relative and `isUnanchored` is false. False when the record holds no name.
   */
  resolve(fields: Fields, isUnanchored: boolean): boolean {
    const row = this.#row
    if (this.#record === undefined) return false
    const name = row.decode(fields, PATH.name, this.#record)
    if (name.kind === "null") return false
    const { buffer, start, end } = name
    if (isUnanchored || (end > start && buffer[start] === SLASH)) return true
    const bytes = Buffer.from(buffer.subarray(start, end))
    const cwd = row.workingDirectory()
    if (cwd.end === cwd.start || bytes.length === 0) {
      row.value.buffer = bytes
      row.value.start = 0
      row.value.end = bytes.length
      row.value.kind = "text"
      return true
    }
    const parts = [cwd.buffer.subarray(cwd.start, cwd.end)]
    if (cwd.buffer[cwd.end - 1] !== SLASH) parts.push(Buffer.from("/"))
    const joined = Buffer.concat([...parts, bytes])
    row.value.buffer = joined
    row.value.start = 0
    row.value.end = joined.length
    return true
  }

  /** True when the scanned item's name begins with a slash, quoted or in hex. */
  isAbsolute(fields: Fields): boolean {
    const start = fields.starts[PATH.name] as number
    if (start < 0) return false
    const first = fields.buffer[start]
    return first === 0x22
      ? fields.buffer[start + 1] === SLASH
      : first === 0x32 && fields.buffer[start + 1] === 0x46
  }

  #scan(fields: Fields, record: EventRecord): void {
    this.#record = record
    fields.scan(record.buffer, record.start, record.end)
    this.#row.checkQuotes(fields, record)
  }
}
