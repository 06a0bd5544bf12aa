/**
 * user_events: one row a record that a program sent to the audit system (1100–1199, 2100–2999).
 * Source of truth: osquery osquery/tables/events/linux/user_events.cpp for the columns; audit-userspace
 * lib/audit_logging.c for the text.
 */
import { parseDecimal } from "../../base/digits.ts"
import type { EventRecord } from "../../formats/linux-audit/event.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import { recordTypeName } from "../../formats/linux-audit/tables/record-types.ts"
import { decodeValue } from "../../formats/linux-audit/value.ts"
import { USER_EVENTS } from "../../schema/tables/user-events.ts"
import type { RowContext } from "./row-context.ts"
import { ENRICHED, ENRICHED_PLAN, USER, USER_PLAN } from "./syscall-plan.ts"
import { type Range, UserMessage } from "./user-message.ts"

const SINGLE_QUOTE = 0x27
const SEPARATOR = 0x1d

/** True for the record types that user_events is made of. */
export function isUserRecord(type: number): boolean {
  return (type >= 1100 && type <= 1199) || (type >= 2100 && type <= 2999)
}

/** DEVIATION(osquery): user-avc-fields: osquery reads no fields of USER_AVC. */
export class UserEventRows {
  readonly #row: RowContext
  readonly #fields = new Fields(USER_PLAN)
  readonly #enriched = new Fields(ENRICHED_PLAN)
  readonly #message: UserMessage

  constructor(row: RowContext) {
    this.#row = row
    this.#message = new UserMessage(row.arena)
  }

  write(record: EventRecord): void {
    const row = this.#row
    if (!row.wants(USER_EVENTS) || !row.choice.users) return
    this.#read(record)
    const { writer } = row
    const fields = this.#fields
    const typeName = recordTypeName(record.type)
    const { text } = this.#message
    writer.begin(USER_EVENTS)
    row.number(fields, USER.uid)
    row.number(fields, USER.auid)
    row.number(fields, USER.pid)
    if (text.end === text.start) writer.empty()
    else writer.bytes(row.arena.bytes, text.start, text.end)
    writer.int(record.type)
    this.#writeEncoded(record.buffer, this.#message.fields.get("exe"), USER.exe)
    this.#writeKnown(record.buffer, this.#message.fields.get("addr"))
    this.#writeTerminal(record)
    row.time()
    writer.null() // uptime
    row.eid(USER_EVENTS)
    row.origin(typeName)
    this.#writeUserName(record)
    writer.empty() // domain
    row.session(fields, USER.ses)
    row.constant(this.#result(record))
    writer.empty() // logon_type
    writer.end()
  }

  /** Splits the record into the kernel's fields, the program's message and the enriched tail. */
  #read(record: EventRecord): void {
    const { buffer, start, end } = record
    this.#fields.scan(buffer, start, end)
    const value = this.#fields.starts[USER.msg] as number
    let tail = buffer.indexOf(SEPARATOR, start)
    if (tail < 0 || tail > end) tail = end
    if (value >= 0 && buffer[value] === SINGLE_QUOTE) {
      let close = buffer.lastIndexOf(SINGLE_QUOTE, tail - 1)
      if (close <= value) {
        this.#row.warn(record, "linux-audit/unterminated-quote", value, "the message has no end")
        close = tail
      } else if (tail === end) tail = close + 1
      this.#fields.scan(buffer, start, value)
      this.#message.read(buffer, value + 1, close)
    } else {
      const from = skipKernelFields(this.#fields, start)
      this.#message.read(buffer, Math.min(from, tail), tail)
    }
    this.#enriched.scan(buffer, Math.min(tail, end), end)
  }

  #writeEncoded(buffer: Buffer, range: Range | undefined, slot: number): void {
    const row = this.#row
    const start = range?.start ?? (this.#fields.starts[slot] as number)
    const end = range?.end ?? (this.#fields.ends[slot] as number)
    if (start < 0 || isUnknown(buffer, start, end)) {
      row.writer.empty()
      return
    }
    decodeValue(buffer, start, end, row.arena, row.value)
    row.writeValue()
  }

  /** A value of which `?` says that it is not known. */
  #writeKnown(buffer: Buffer, range: Range | undefined): void {
    const { writer } = this.#row
    if (range === undefined || range.end === range.start || isUnknown(buffer, range.start, range.end))
      writer.empty()
    else writer.bytes(buffer, range.start, range.end)
  }

  #writeTerminal(record: EventRecord): void {
    const range = this.#message.fields.get("terminal")
    if (range !== undefined) this.#writeKnown(record.buffer, range)
    else this.#row.raw(this.#fields, USER.terminal)
  }

  /** The account that the record is about: `acct`, else the name of `id`, else that of the sender. */
  #writeUserName(record: EventRecord): void {
    const account = this.#message.fields.get("acct")
    if (account !== undefined && !isUnknown(record.buffer, account.start, account.end)) {
      this.#writeEncoded(record.buffer, account, USER.uid)
      return
    }
    const id = this.#message.fields.get("id")
    if (id === undefined) {
      this.#copyName(
        ENRICHED.UID,
        this.#fields.starts[USER.uid] as number,
        this.#fields.ends[USER.uid] as number,
      )
      return
    }
    this.#copyName(ENRICHED.ID, id.start, id.end)
  }

  #copyName(enrichedSlot: number, start: number, end: number): void {
    const row = this.#row
    const enriched = this.#enriched.starts[enrichedSlot] as number
    if (enriched >= 0) {
      const { buffer } = this.#enriched
      decodeValue(buffer, enriched, this.#enriched.ends[enrichedSlot] as number, row.arena, row.value)
      if (row.isNoName()) row.writer.empty()
      else row.writeValue()
      return
    }
    const users = row.accounts?.users
    if (users === undefined || start < 0) row.writer.empty()
    else row.constant(users.get(parseDecimal(this.#fields.buffer, start, end)) ?? "")
  }

  #result(record: EventRecord): string {
    const range = this.#message.fields.get("res") ?? this.#message.fields.get("result")
    if (range === undefined) return ""
    const word = record.buffer.latin1Slice(range.start, Math.min(range.end, range.start + 16))
    return RESULTS.get(word.toLowerCase()) ?? ""
  }
}

const RESULTS = new Map([
  ["success", "success"],
  ["yes", "success"],
  ["1", "success"],
  ["failed", "failed"],
  ["failure", "failed"],
  ["fail", "failed"],
  ["no", "failed"],
  ["0", "failed"],
])

function isUnknown(buffer: Buffer, start: number, end: number): boolean {
  const isQuoted = end - start === 3 && buffer[start] === 0x22 && buffer[start + 1] === 0x3f
  return isQuoted || (end - start === 1 && buffer[start] === 0x3f)
}

/** Where the program's own words begin in a record without `msg='…'`: behind pid, uid, auid, ses and subj. */
function skipKernelFields(fields: Fields, start: number): number {
  let from = start
  for (const slot of [USER.pid, USER.uid, USER.auid, USER.ses, USER.subj]) {
    if (fields.has(slot)) from = Math.max(from, fields.ends[slot] as number)
  }
  while (fields.buffer[from] === 0x20) from++
  return from
}
