/**
 * user_events from logons, logoffs, failed attempts, privileges and changes of accounts in the Security log.
 * `message` is put together here, in the words of user-kinds.ts: the event's own text is in the host's libraries.
 * Source of truth: osquery user_events.table for the columns; learn.microsoft.com on each event.
 */
import { USER_EVENTS } from "../../schema/tables/user-events.ts"
import { SYS } from "./event-fields.ts"
import { FIELD } from "./field-names.ts"
import { normaliseAddress } from "./ip-address.ts"
import type { RowContext } from "./row-context.ts"
import {
  EXPLICIT_CREDENTIALS,
  FAILURES,
  LOGON_FAILED,
  LOGON_TYPES,
  SPECIAL_PRIVILEGES,
  USER_KINDS,
  type UserKind,
  VALIDATION,
} from "./user-kinds.ts"

/** High half of the keyword `Audit Failure`, 0x0010000000000000. */
const AUDIT_FAILURE = 0x0010_0000
/** Of a value that becomes part of a message. */
const MOST_BYTES = 4096

export class UserRows {
  readonly #row: RowContext

  constructor(row: RowContext) {
    this.#row = row
  }

  write(): void {
    const row = this.#row
    const kind = USER_KINDS.get(row.eventId)
    if (kind === undefined || !row.wants(USER_EVENTS) || !row.choice.users) return
    const { writer } = row
    const isFailed = this.#isFailed()
    const logonType = this.#logonType()
    const address = this.#address()
    writer.begin(USER_EVENTS)
    row.nulls(2) // uid, auid
    row.integer(FIELD.processId)
    writer.text(this.#message(kind, isFailed, logonType, address))
    writer.int(row.eventId)
    row.text(FIELD.processName)
    row.constant(address)
    row.text(row.fields.findValue(FIELD.workstationName) ? FIELD.workstationName : FIELD.workstation)
    row.int(row.sec)
    writer.null() // uptime
    row.eid(USER_EVENTS)
    row.origin(kind.eventType)
    row.text(kind.account === "target" ? FIELD.targetUserName : FIELD.subjectUserName)
    this.#writeDomain(kind)
    this.#writeSession(kind)
    row.constant(isFailed ? "failed" : "success")
    row.constant(logonType)
    writer.end()
  }

  /** As the event's number, its status or its keywords say. */
  #isFailed(): boolean {
    const row = this.#row
    if (row.eventId === LOGON_FAILED) return true
    if (row.eventId === VALIDATION && row.readNumber(FIELD.status)) {
      return row.number.high !== 0 || row.number.low !== 0
    }
    const { fields, number } = row
    if (!fields.findSystem(SYS.keywords)) return false
    const isNumber = number.read(fields.tape.bytes, fields.from, fields.to)
    return isNumber && (number.high & AUDIT_FAILURE) !== 0
  }

  /** As a word; the number where it has none. */
  #logonType(): string {
    const row = this.#row
    const type = row.valueOf(FIELD.logonType)
    return Number.isNaN(type) ? "" : (LOGON_TYPES.get(type) ?? String(type))
  }

  #address(): string {
    const text = this.#text(FIELD.ipAddress)
    return text === "" ? "" : normaliseAddress(text).text
  }

  /** DEVIATION(osquery): message-made: no record of Windows holds one. */
  #message(kind: UserKind, isFailed: boolean, logonType: string, address: string): string {
    let message = isFailed ? kind.failure : kind.message
    if (logonType !== "") message += ` (${logonType})`
    if (isFailed) message += this.#reason()
    if (this.#row.eventId === SPECIAL_PRIVILEGES) {
      const privileges = this.#text(FIELD.privilegeList).split(/\s+/).join(" ").trim()
      if (privileges !== "") message += `: ${privileges}`
    }
    const server = this.#row.eventId === EXPLICIT_CREDENTIALS ? this.#text(FIELD.targetServerName) : ""
    if (server !== "") message += ` for ${server}`
    if (kind.account === "target" && kind.session === "subject") message += this.#actor()
    if (address === "") return message
    const port = this.#row.valueOf(FIELD.ipPort)
    return `${message} from ${address}${port > 0 ? ` port ${port}` : ""}`
  }

  #actor(): string {
    const name = this.#text(FIELD.subjectUserName)
    const domain = this.#text(FIELD.subjectDomainName)
    return name === "" ? "" : ` by ${domain === "" ? "" : `${domain}\\`}${name}`
  }

  #reason(): string {
    for (const field of [FIELD.subStatus, FIELD.status]) {
      if (!this.#row.readNumber(field)) continue
      const { low } = this.#row.number
      if (low !== 0) return `: ${FAILURES.get(low) ?? `status 0x${low.toString(16)}`}`
    }
    return ""
  }

  #writeDomain({ account }: UserKind): void {
    const row = this.#row
    row.text(account === "target" ? FIELD.targetDomainName : FIELD.subjectDomainName)
  }

  #writeSession({ session }: UserKind): void {
    const row = this.#row
    if (session === "none") row.writer.null()
    else row.integer(session === "target" ? FIELD.targetLogonId : FIELD.subjectLogonId)
  }

  #text(name: number): string {
    const { fields } = this.#row
    if (!fields.findValue(name)) return ""
    return fields.tape.bytes.utf8Slice(fields.from, Math.min(fields.to, fields.from + MOST_BYTES))
  }
}
