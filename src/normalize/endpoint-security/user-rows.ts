/**
 * user_events from messages about logins, sessions, authentication, su, sudo, rights and accounts. Sender is the
 * process that asked for it, where a daemon speaks for another one.
 * Source of truth: formats/endpoint-security/shapes for the sentences.
 */
import { EVENT, OTHER, PROCESS, PROCESS_TEXT } from "../../formats/endpoint-security/slots.ts"
import { USER_EVENTS } from "../../schema/tables/user-events.ts"
import type { RowContext } from "./row-context.ts"

export class UserRows {
  readonly #row: RowContext

  constructor(row: RowContext) {
    this.#row = row
  }

  write(): void {
    const row = this.#row
    const { message, writer } = row
    const { user } = message
    if (user === null || !row.wants(USER_EVENTS) || !row.choice.users) return
    const isOther = message.has(PROCESS.pid + OTHER.number)
    const number = isOther ? OTHER.number : 0
    const text = isOther ? OTHER.text : 0
    writer.begin(USER_EVENTS)
    if (Number.isNaN(user.uid)) row.integer(PROCESS.ruid + number)
    else writer.int(user.uid)
    row.integer(PROCESS.auid + number)
    row.integer(PROCESS.pid + number)
    writer.text(user.message)
    row.integer(EVENT.eventNumber)
    row.text(PROCESS_TEXT.path + text)
    row.constant(user.address)
    row.text(PROCESS_TEXT.tty + text)
    row.time()
    writer.null() // uptime
    row.eid(USER_EVENTS)
    row.origin(user.eventType)
    row.constant(user.username)
    writer.empty() // domain
    if (Number.isNaN(user.session)) row.integer(PROCESS.auditSession + number)
    else writer.int(user.session)
    row.constant(user.result)
    row.constant(user.logonType)
    writer.end()
  }
}
