/**
 * seccomp_events, selinux_events and apparmor_events: one row a record.
 * Source of truth: osquery osquery/events/linux/auditeventpublisher.cpp, selinux_events.h, apparmor_events.h.
 */
import { parseDecimal, parseHex } from "../../base/digits.ts"
import type { EventRecord } from "../../formats/linux-audit/event.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import {
  OSQUERY_ARCHES,
  OSQUERY_SECCOMP_ACTIONS,
} from "../../formats/linux-audit/tables/osquery-seccomp.gen.ts"
import { recordTypeName } from "../../formats/linux-audit/tables/record-types.ts"
import { syscallName } from "../../formats/linux-audit/tables/syscall-name.ts"
import { APPARMOR_EVENTS } from "../../schema/tables/apparmor-events.ts"
import { SECCOMP_EVENTS } from "../../schema/tables/seccomp-events.ts"
import { SELINUX_EVENTS } from "../../schema/tables/selinux-events.ts"
import type { RowContext } from "./row-context.ts"
import { APPARMOR, APPARMOR_PLAN, SECCOMP, SECCOMP_PLAN } from "./syscall-plan.ts"

const USER_AVC = 1107
const AVC = 1400
const LAST_SELINUX = 1419
const FIRST_APPARMOR = 1500
const LAST_APPARMOR = 1599
const APPARMOR_KEY = Buffer.from("apparmor=", "latin1")
const ENRICHED = 0x1d
/** The low half of a seccomp action is data for the tracer or the errno. */
const ACTION_MASK = 0xffff0000

/**
 * True for the records that selinux_events and apparmor_events are made of.
 * DEVIATION(osquery): user-avc-selinux: USER_AVC is one of SELinux's, and of user_events as well.
 */
export function isMandatoryAccess(type: number): boolean {
  return (
    type === USER_AVC ||
    (type >= AVC && type <= LAST_SELINUX) ||
    (type >= FIRST_APPARMOR && type <= LAST_APPARMOR)
  )
}

export class SecurityEventRows {
  readonly #row: RowContext
  readonly #seccomp = new Fields(SECCOMP_PLAN)
  readonly #apparmor = new Fields(APPARMOR_PLAN)

  constructor(row: RowContext) {
    this.#row = row
  }

  writeSeccomp(record: EventRecord): void {
    const row = this.#row
    if (!row.wants(SECCOMP_EVENTS) || !row.choice.seccomp) return
    const { writer } = row
    const fields = this.#seccomp
    fields.scan(record.buffer, record.start, record.end)
    row.checkQuotes(fields, record)
    const arch = this.#hex(fields, SECCOMP.arch)
    writer.begin(SECCOMP_EVENTS)
    row.time()
    writer.null() // uptime
    row.number(fields, SECCOMP.auid)
    row.number(fields, SECCOMP.uid)
    row.number(fields, SECCOMP.gid)
    row.number(fields, SECCOMP.ses)
    row.number(fields, SECCOMP.pid)
    // DEVIATION(osquery): seccomp-unquoted: as in every other table.
    row.text(fields, SECCOMP.comm, record)
    row.text(fields, SECCOMP.exe, record)
    row.number(fields, SECCOMP.sig)
    if (Number.isNaN(arch)) writer.empty()
    else row.constant(OSQUERY_ARCHES[arch] ?? `${arch}(unknown)`)
    this.#writeSyscall(arch, fields)
    row.number(fields, SECCOMP.compat)
    row.raw(fields, SECCOMP.ip)
    const code = this.#hex(fields, SECCOMP.code)
    if (Number.isNaN(code)) writer.empty()
    else row.constant(OSQUERY_SECCOMP_ACTIONS[(code & ACTION_MASK) >>> 0] ?? `${code}(unknown)`)
    row.origin("seccomp")
    writer.end()
  }

  /** The record to apparmor_events when AppArmor wrote it, else to selinux_events. */
  writeMandatoryAccess(record: EventRecord): void {
    const isApparmor =
      record.type >= FIRST_APPARMOR || (record.type === AVC && contains(record, APPARMOR_KEY))
    const { choice } = this.#row
    if (isApparmor) {
      if (choice.apparmor) this.#writeApparmor(record)
    } else if (choice.selinux) this.#writeSelinux(record)
  }

  #writeSyscall(arch: number, fields: Fields): void {
    const start = fields.starts[SECCOMP.syscall] as number
    if (start < 0) {
      this.#row.writer.empty()
      return
    }
    const number = parseDecimal(fields.buffer, start, fields.ends[SECCOMP.syscall] as number)
    const name = syscallName(arch, number)
    if (name !== undefined) this.#row.constant(name)
    else if (arch === 0xc000003e) this.#row.constant(`${number}(unknown)`)
    else this.#row.raw(fields, SECCOMP.syscall)
  }

  #hex(fields: Fields, slot: number): number {
    const start = fields.starts[slot] as number
    return start < 0 ? Number.NaN : parseHex(fields.buffer, start, fields.ends[slot] as number)
  }

  #writeSelinux(record: EventRecord): void {
    const row = this.#row
    if (!row.wants(SELINUX_EVENTS)) return
    const { writer } = row
    const name = recordTypeName(record.type)
    writer.begin(SELINUX_EVENTS)
    row.constant(name)
    this.#writeMessage(record)
    row.time()
    writer.null() // uptime
    row.eid(SELINUX_EVENTS)
    row.origin(name)
    writer.end()
  }

  #writeApparmor(record: EventRecord): void {
    const row = this.#row
    if (!row.wants(APPARMOR_EVENTS)) return
    const { writer } = row
    const fields = this.#apparmor
    fields.scan(record.buffer, record.start, record.end)
    row.checkQuotes(fields, record)
    writer.begin(APPARMOR_EVENTS)
    row.constant("AA")
    this.#writeMessage(record)
    row.time()
    writer.null() // uptime
    row.eid(APPARMOR_EVENTS)
    row.text(fields, APPARMOR.apparmor, record)
    row.text(fields, APPARMOR.operation, record)
    row.number(fields, APPARMOR.parent)
    row.text(fields, APPARMOR.profile, record)
    row.text(fields, APPARMOR.name, record)
    row.number(fields, APPARMOR.pid)
    row.text(fields, APPARMOR.comm, record)
    row.text(fields, APPARMOR.denied_mask, record)
    row.text(fields, APPARMOR.capname, record)
    row.number(fields, APPARMOR.fsuid)
    row.number(fields, APPARMOR.ouid)
    row.number(fields, APPARMOR.capability)
    row.text(fields, APPARMOR.requested_mask, record)
    row.text(fields, APPARMOR.info, record)
    row.raw(fields, APPARMOR.error)
    row.text(fields, APPARMOR.namespace, record)
    row.text(fields, APPARMOR.label, record)
    row.origin(this.#apparmorType(fields, record))
    writer.end()
  }

  #apparmorType(fields: Fields, record: EventRecord): string {
    const { buffer, start, end } = this.#row.decode(fields, APPARMOR.apparmor, record)
    return end === start || end - start > 32 ? "apparmor" : buffer.latin1Slice(start, end)
  }

  /** `audit(SEC.MSEC:SERIAL): ` and the body without its enriched tail: the record as the kernel sent it. */
  #writeMessage(record: EventRecord): void {
    const { event, writer } = this.#row
    let end = record.buffer.indexOf(ENRICHED, record.start)
    if (end < 0 || end > record.end) end = record.end
    const stamp = Number.isNaN(event.sec)
      ? ""
      : `audit(${event.sec}.${String(Math.floor(event.nsec / 1_000_000)).padStart(3, "0")}:${event.hasSerial ? event.serial : ""}): `
    const message = Buffer.concat([Buffer.from(stamp, "latin1"), record.buffer.subarray(record.start, end)])
    writer.bytes(message, 0, message.length)
  }
}

function contains(record: EventRecord, what: Buffer): boolean {
  const at = record.buffer.indexOf(what, record.start)
  return at >= 0 && at < record.end
}
