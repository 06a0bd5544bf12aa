/**
 * The account that a process runs as: Target where a process is started for another account (runas), else Subject;
 * Sysmon has one text, `DOMAIN\name`.
 * Source of truth: learn.microsoft.com event-4688 on Creator Subject and Target Subject.
 */
import { FIELD } from "./field-names.ts"
import type { RowContext } from "./row-context.ts"

const BACKSLASH = 0x5c

export class Account {
  readonly #row: RowContext
  #kind: "target" | "subject" | "user" | "none" = "none"

  constructor(row: RowContext) {
    this.#row = row
  }

  /** Looks whose names the event holds; the writers below then give them. */
  find(): void {
    const { fields } = this.#row
    if (this.#isForTarget()) this.#kind = "target"
    else if (fields.find(FIELD.subjectUserName) || fields.find(FIELD.subjectLogonId)) this.#kind = "subject"
    else this.#kind = fields.findValue(FIELD.user) ? "user" : "none"
  }

  writeName(): void {
    const row = this.#row
    if (this.#kind === "user") {
      const from = this.#nameFrom()
      row.bytes(row.fields.tape.bytes, from, row.fields.to)
    } else row.text(this.#kind === "target" ? FIELD.targetUserName : FIELD.subjectUserName)
  }

  writeDomain(): void {
    const row = this.#row
    if (this.#kind === "user") {
      const from = this.#nameFrom()
      row.bytes(row.fields.tape.bytes, row.fields.from, Math.max(row.fields.from, from - 1))
    } else row.text(this.#kind === "target" ? FIELD.targetDomainName : FIELD.subjectDomainName)
  }

  writeSession(): void {
    const row = this.#row
    if (this.#kind === "target") row.integer(FIELD.targetLogonId)
    else row.integer(this.#kind === "subject" ? FIELD.subjectLogonId : FIELD.logonId)
  }

  #isForTarget(): boolean {
    const row = this.#row
    const { fields } = row
    if (!fields.findValue(FIELD.targetUserName)) return false
    // TargetUserSid is S-1-0-0 in real runas events that name the account: it says nothing.
    return !row.readNumber(FIELD.targetLogonId) || row.number.high !== 0 || row.number.low !== 0
  }

  /** Where the name begins in `DOMAIN\name`. */
  #nameFrom(): number {
    const { fields } = this.#row
    if (!fields.findValue(FIELD.user)) return fields.to
    for (let at = fields.from; at < fields.to; at++) if (fields.tape.bytes[at] === BACKSLASH) return at + 1
    return fields.from
  }
}
