/** Turns audit events into rows of every table that they fill. */
import { parseDecimal, parseHex } from "../../base/digits.ts"
import type { AuditEvent, EventRecord } from "../../formats/linux-audit/event.ts"
import { FileEventRows } from "./file-events.ts"
import { PathReader } from "./path-records.ts"
import { ProcessEventRows } from "./process-events.ts"
import { type NormalizerOptions, RowContext } from "./row-context.ts"
import { isMandatoryAccess, SecurityEventRows } from "./security-events.ts"
import { SocketEventRows } from "./socket-events.ts"
import { SYSCALL } from "./syscall-plan.ts"
import { type Call, SyscallRoles } from "./syscall-role.ts"
import { isUserRecord, UserEventRows } from "./user-events.ts"

const RECORD_SYSCALL = 1300
const RECORD_SECCOMP = 1326

export class LinuxAuditNormalizer {
  readonly #row: RowContext
  readonly #roles = new SyscallRoles()
  readonly #process: ProcessEventRows
  readonly #socket: SocketEventRows
  readonly #file: FileEventRows
  readonly #user: UserEventRows
  readonly #security: SecurityEventRows

  constructor(options: NormalizerOptions) {
    this.#row = new RowContext(options)
    const paths = new PathReader(this.#row)
    this.#process = new ProcessEventRows(this.#row, paths)
    this.#socket = new SocketEventRows(this.#row, this.#roles)
    this.#file = new FileEventRows(this.#row, paths)
    this.#user = new UserEventRows(this.#row)
    this.#security = new SecurityEventRows(this.#row)
  }

  /** The programs that processes are known to run. */
  get tracker() {
    return this.#row.tracker
  }

  event(event: AuditEvent): void {
    this.#row.begin(event)
    for (let at = 0; at < event.count; at++) {
      const record = event.records[at] as EventRecord
      const type = record.type
      if (type === RECORD_SYSCALL) this.#writeSyscall(record)
      else if (type === RECORD_SECCOMP) this.#security.writeSeccomp(record)
      else {
        if (isUserRecord(type)) this.#user.write(record)
        if (isMandatoryAccess(type)) this.#security.writeMandatoryAccess(record)
      }
    }
    this.#row.finish()
  }

  #writeSyscall(record: EventRecord): void {
    const call = this.#findCall(record)
    switch (call.role) {
      case "other":
        return
      case "exec":
      case "fork":
      case "clone":
      case "exit":
      case "signal":
        this.#process.write(call, record)
        return
      case "bind":
      case "connect":
      case "accept":
      case "listen":
      case "socketcall":
        this.#socket.write(call, record)
        return
      default:
        this.#file.write(call, record)
    }
  }

  /** Reads arch and syscall, and the other fields only of calls that a table takes. */
  #findCall(record: EventRecord): Call {
    const fields = this.#row.syscall
    const quick = readQuickly(this.#roles, record)
    if (quick !== undefined && quick.role === "other") return quick
    fields.scan(record.buffer, record.start, record.end)
    this.#row.checkQuotes(fields, record)
    if (quick !== undefined) return quick
    const archFrom = fields.starts[SYSCALL.arch] as number
    const numberFrom = fields.starts[SYSCALL.syscall] as number
    const arch =
      archFrom < 0 ? Number.NaN : parseHex(record.buffer, archFrom, fields.ends[SYSCALL.arch] as number)
    const number =
      numberFrom < 0
        ? Number.NaN
        : parseDecimal(record.buffer, numberFrom, fields.ends[SYSCALL.syscall] as number)
    if (Number.isNaN(arch)) this.#row.reportNumber(fields, SYSCALL.arch)
    if (Number.isNaN(number)) this.#row.reportNumber(fields, SYSCALL.syscall)
    return this.#roles.find(arch, number)
  }
}

const ARCH = Buffer.from("arch=", "latin1")
const SYSCALL_KEY = Buffer.from(" syscall=", "latin1")

/** The call of a body that begins `arch=HEX syscall=NUMBER `, as the kernel writes it; undefined for any other. */
function readQuickly(roles: SyscallRoles, record: EventRecord): Call | undefined {
  const { buffer, start, end } = record
  if (end - start < 24) return undefined
  for (let at = 0; at < ARCH.length; at++) if (buffer[start + at] !== ARCH[at]) return undefined
  const archFrom = start + ARCH.length
  let at = archFrom
  while (at < end && buffer[at] !== 0x20) at++
  const arch = parseHex(buffer, archFrom, at)
  if (Number.isNaN(arch)) return undefined
  for (let i = 0; i < SYSCALL_KEY.length; i++) if (buffer[at + i] !== SYSCALL_KEY[i]) return undefined
  const numberFrom = at + SYSCALL_KEY.length
  at = numberFrom
  while (at < end && buffer[at] !== 0x20) at++
  const number = parseDecimal(buffer, numberFrom, at)
  return Number.isNaN(number) ? undefined : roles.find(arch, number)
}
