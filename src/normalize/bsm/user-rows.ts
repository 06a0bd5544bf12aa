/**
 * user_events from the records of login, sshd, su, sudo, loginwindow, the security server and Open Directory, and from
 * the audit sessions of macOS.
 *
 *   subject32_ex | text "successful login alice" | return32 | trailer
 *
 * DEVIATION(osquery): all-user-events: osquery knows OpenSSH alone.
 * DEVIATION(osquery): event-number: osquery leaves `type` empty.
 *
 * Source of truth: osquery osquery/tables/events/darwin/openbsm_events.cpp for the columns.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { textOfBytes } from "../../base/text.ts"
import { TOKEN } from "../../formats/bsm/layout.ts"
import { USER_EVENTS } from "../../schema/tables/user-events.ts"
import { accountIn } from "./account-names.ts"
import type { RowContext } from "./row-context.ts"
import { StringList } from "./string-list.ts"
import {
  AUTHENTICATED_BY_SERVER,
  SCREEN_RIGHT,
  SCREEN_UNLOCK,
  SESSION_FLAGS,
  USER_KINDS,
  type UserKind,
} from "./user-kinds.ts"

const FIRST_BYTES = 1024
const UNSET = 0xffff_ffff
/** Major number of pseudo terminals on macOS; the device is ttysNNN. */
const PTY_MAJOR = 16
const MAJOR_SHIFT = 24
const MINOR_MASK = 0xff_ffff
const COMMA = Buffer.from(", ")
const COLON = Buffer.from(": ")

export class UserRows {
  readonly #row: RowContext
  readonly #message = new GrowingBytes(FIRST_BYTES)
  readonly #command = new StringList()

  constructor(row: RowContext) {
    this.#row = row
  }

  /** Records without a subject are of the audit daemon: on old systems it shares numbers with them. */
  write(event: number): void {
    const row = this.#row
    const kind = USER_KINDS.get(event)
    if (kind === undefined || !row.hasSubject || !row.wants(USER_EVENTS) || !row.choice.users) return
    const { writer, subject } = row
    const first = this.#firstText()
    this.#makeMessage(kind)
    writer.begin(USER_EVENTS)
    writer.int(subject.ruid)
    writer.int(subject.auid)
    writer.int(subject.pid)
    writer.bytes(this.#message.bytes, 0, this.#message.used)
    writer.int(event)
    row.program(row.pid)
    row.constant(row.address(subject.addressFrom, subject.addressTo))
    row.constant(this.#terminal())
    row.time()
    writer.null() // uptime
    row.eid(USER_EVENTS)
    row.origin(kind.eventType === "AUTHORIZATION" && first === SCREEN_RIGHT ? SCREEN_UNLOCK : kind.eventType)
    this.#writeAccount(event, kind, first)
    writer.empty() // domain
    row.session()
    row.constant(Number.isNaN(row.status) ? "" : row.status === 0 ? "success" : "failed")
    writer.empty() // logon_type
    writer.end()
  }

  /** latin1 */
  #firstText(): string {
    const row = this.#row
    if (row.tokens.text < 0) return ""
    const { from, to } = row.readText(row.tokens.text)
    return row.record.bytes.latin1Slice(from, to)
  }

  /** DEVIATION(osquery): message-without-nul: osquery may leave the NUL at the end of the text. */
  #makeMessage(kind: UserKind): void {
    const row = this.#row
    const { record, tokens } = row
    const message = this.#message
    message.clear()
    this.#add(Buffer.from(kind.label))
    let separator = COLON
    for (let token = 1; token < record.count; token++) {
      const id = record.id(token)
      if (id !== TOKEN.text && id !== TOKEN.execArgs) continue
      this.#add(separator)
      separator = COMMA
      if (id === TOKEN.text) this.#addText(token)
      else {
        this.#command.read(record, token, false)
        const { text } = this.#command
        this.#add(text.bytes.subarray(0, text.used))
      }
    }
    if (tokens.textCount === 0 && kind.label.startsWith("session")) this.#addFlags()
  }

  #addText(token: number): void {
    const { bytes } = this.#row.record
    const { from, to } = this.#row.readText(token)
    let end = to
    while (end > from && bytes[end - 1] === 0) end--
    this.#add(bytes.subarray(from, end))
  }

  #addFlags(): void {
    const row = this.#row
    if (!row.findArgument(1)) return
    const flags = row.argument.low
    const names = SESSION_FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
    if (names.length > 0) this.#add(Buffer.from(`: ${names.join(", ")}`))
  }

  #add(bytes: Buffer): void {
    const message = this.#message
    message.reserve(bytes.length)
    message.used += bytes.copy(message.bytes, message.used)
  }

  /** The subject's terminal where its number is that of a device: with an address it is a port. */
  #terminal(): string {
    const { platform, subject } = this.#row
    const { tidPort } = subject
    if (platform !== "macos" || this.#row.address(subject.addressFrom, subject.addressTo) !== "") return ""
    if (tidPort > UNSET || tidPort >>> MAJOR_SHIFT !== PTY_MAJOR) return ""
    return `ttys${String(tidPort & MINOR_MASK).padStart(3, "0")}`
  }

  /** The account that the record is about, as its text names it, else that of an id. */
  #writeAccount(event: number, kind: UserKind, first: string): void {
    const row = this.#row
    const { subject } = row
    const name = AUTHENTICATED_BY_SERVER.has(event) ? first : accountIn(first)
    if (name !== "") row.writer.text(textOfBytes(Buffer.from(name, "latin1")))
    else if (kind.account === "process") row.userName(subject.ruid)
    else row.userName(subject.auid === UNSET ? Number.NaN : subject.auid)
  }
}
