/**
 * socket_events from bind, connect, accept and listen calls, and from what socketcall(2) multiplexes.
 *
 * DEVIATION(osquery): no-filter, any-family, accept-without-address: every call gives a row, a query can choose.
 *
 * Source of truth: osquery osquery/tables/events/linux/socket_events.cpp for the columns; kernel/auditsc.c.
 */
import { parseDecimal, parseHexLow32 } from "../../base/digits.ts"
import type { EventRecord } from "../../formats/linux-audit/event.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import { decodeSockaddr, type SocketAddress } from "../../formats/linux-audit/sockaddr.ts"
import { SOCKET_EVENTS } from "../../schema/tables/socket-events.ts"
import type { RowContext } from "./row-context.ts"
import { SOCKADDR, SOCKADDR_PLAN, SOCKETCALL, SOCKETCALL_PLAN, SYSCALL } from "./syscall-plan.ts"
import type { Call, SyscallRoles } from "./syscall-role.ts"

const RECORD_SOCKETCALL = 1304
const RECORD_SOCKADDR = 1306
const EAGAIN = -11
const EINPROGRESS = -115
const AF_UNIX = 1
/** Families whose port is one: IPv4, IPv6, vsock. */
const WITH_PORT: ReadonlySet<number> = new Set([2, 10, 40])

type Status = "succeeded" | "failed" | "in_progress" | "no_client"

export class SocketEventRows {
  readonly #row: RowContext
  readonly #roles: SyscallRoles
  readonly #saddr = new Fields(SOCKADDR_PLAN)
  readonly #socketcall = new Fields(SOCKETCALL_PLAN)

  constructor(row: RowContext, roles: SyscallRoles) {
    this.#row = row
    this.#roles = roles
  }

  write(call: Call, record: EventRecord): void {
    if (!this.#row.wants(SOCKET_EVENTS) || !this.#row.choice.sockets) return
    const { syscall } = this.#row
    if (call.role !== "socketcall") {
      this.#writeRow(call, record, syscall, SYSCALL.a0)
      return
    }
    const start = syscall.starts[SYSCALL.a0] as number
    if (start < 0) return
    const inner = this.#roles.findSocketcall(
      parseHexLow32(syscall.buffer, start, syscall.ends[SYSCALL.a0] as number),
    )
    if (inner === undefined) return
    const socketcall = this.#row.event.find(RECORD_SOCKETCALL)
    if (socketcall === undefined) this.#socketcall.starts.fill(-1)
    else this.#socketcall.scan(socketcall.buffer, socketcall.start, socketcall.end)
    this.#writeRow(inner, record, this.#socketcall, SOCKETCALL.a0)
  }

  #writeRow(call: Call, record: EventRecord, fdFields: Fields, fdSlot: number): void {
    const row = this.#row
    const { writer, syscall } = row
    const address = this.#readAddress()
    const isLocal = call.role === "bind"
    const status = this.#readStatus(call)
    if (!this.#isChosen(call, status, address)) return
    writer.begin(SOCKET_EVENTS)
    row.constant(call.role)
    row.number(syscall, SYSCALL.pid)
    row.text(syscall, SYSCALL.exe, record)
    row.raw(fdFields, fdSlot)
    row.number(syscall, SYSCALL.auid)
    if (address === undefined || address.family < 0) writer.null()
    else writer.int(address.family)
    // DEVIATION(osquery): no-protocol: the call does not name it.
    writer.null()
    this.#writeAddress(isLocal ? address : undefined)
    this.#writeAddress(isLocal ? undefined : address)
    this.#writePort(isLocal ? address : undefined)
    this.#writePort(isLocal ? undefined : address)
    this.#writeUnixPath(address)
    row.time()
    writer.null() // uptime
    row.eid(SOCKET_EVENTS)
    writer.int(status === "failed" ? 0 : 1)
    row.constant(status)
    row.origin(call.role)
    row.constant(call.name)
    writer.end()
  }

  #isChosen(call: Call, status: Status, address: SocketAddress | undefined): boolean {
    const { accepts, emptyAccepts, failedSockets, unixSockets } = this.#row.choice
    if (address?.family === AF_UNIX && !unixSockets) return false
    if (call.role === "accept" && !accepts) return false
    // Without the flag for it, osquery counts an accept without a client as one that failed.
    if (status === "no_client") return emptyAccepts || failedSockets
    return status !== "failed" || failedSockets
  }

  #readAddress(): SocketAddress | undefined {
    const record = this.#row.event.find(RECORD_SOCKADDR)
    if (record === undefined) return undefined
    const fields = this.#saddr
    fields.scan(record.buffer, record.start, record.end)
    const start = fields.starts[SOCKADDR.saddr] as number
    if (start < 0) return undefined
    const address = decodeSockaddr(record.buffer, start, fields.ends[SOCKADDR.saddr] as number)
    if (address === undefined) {
      const found = record.buffer.latin1Slice(start, Math.min(start + 40, record.end))
      this.#row.warn(record, "linux-audit/bad-sockaddr", start, "saddr is no socket address", found)
    }
    return address
  }

  #readStatus(call: Call): Status {
    const { syscall } = this.#row
    const exitFrom = syscall.starts[SYSCALL.exit] as number
    const exit =
      exitFrom < 0 ? Number.NaN : parseDecimal(syscall.buffer, exitFrom, syscall.ends[SYSCALL.exit] as number)
    const successFrom = syscall.starts[SYSCALL.success] as number
    const isFailed = successFrom >= 0 ? syscall.buffer[successFrom] === 0x6e : exit < 0
    if (!isFailed) return "succeeded"
    if (call.role === "connect" && exit === EINPROGRESS) return "in_progress"
    return call.role === "accept" && exit === EAGAIN ? "no_client" : "failed"
  }

  #writeAddress(address: SocketAddress | undefined): void {
    const text = address?.address
    if (text === undefined || text === "") this.#row.writer.empty()
    else this.#row.writer.text(text)
  }

  /** DEVIATION(osquery): port-unknown: 0 is a port. */
  #writePort(address: SocketAddress | undefined): void {
    if (address === undefined || address.port < 0 || !WITH_PORT.has(address.family)) this.#row.writer.null()
    else this.#row.writer.int(address.port)
  }

  /** DEVIATION(osquery): abstract-name: it begins with `@` here, so that it is told from a path. */
  #writeUnixPath(address: SocketAddress | undefined): void {
    const { writer } = this.#row
    const path = address?.family === AF_UNIX ? address.path : undefined
    if (path === undefined || path.length === 0) writer.empty()
    else if (!address?.isAbstract) writer.bytes(path, 0, path.length)
    else {
      const name = Buffer.concat([Buffer.from("@"), path])
      let end = name.length
      while (end > 1 && name[end - 1] === 0) end--
      writer.bytes(name, 0, end)
    }
  }
}
