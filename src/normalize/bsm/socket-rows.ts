/**
 * socket_events from connect, accept, bind and listen records, and from sends and receives that name an address.
 *
 *   arg32 1 "fd" | sockinet32 2 443 192.0.2.7 | subject32 | return32
 *
 * DEVIATION(osquery): all-sockets: osquery makes rows of connects and accepts to IPv4 and IPv6 addresses alone.
 *
 * Source of truth: osquery osquery/tables/events/darwin/socket_events.cpp for the columns; XNU audit_bsm.c.
 */
import { TOKEN } from "../../formats/bsm/layout.ts"
import {
  readSocketAddress,
  readSocketPair,
  SocketAddress,
  SocketPair,
  swapPort,
} from "../../formats/bsm/tokens/socket.ts"
import { SOCKET_EVENTS } from "../../schema/tables/socket-events.ts"
import type { EventRole } from "./event-roles.ts"
import type { RowContext } from "./row-context.ts"

/** BSM errors. */
const EAGAIN = 11
const EINPROGRESS = 150
/** As Linux numbers families, and osquery everywhere. */
const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10

type Status = "" | "succeeded" | "failed" | "in_progress" | "no_client"

/** One end of a socket. */
interface End {
  address: string
  /** NaN without one. */
  port: number
}

export class SocketRows {
  readonly #row: RowContext
  readonly #address = new SocketAddress()
  readonly #pair = new SocketPair()
  readonly #local: End = { address: "", port: Number.NaN }
  readonly #remote: End = { address: "", port: Number.NaN }
  #family = Number.NaN

  constructor(row: RowContext) {
    this.#row = row
  }

  write(role: EventRole): void {
    const row = this.#row
    const { tokens, writer } = row
    if (!row.wants(SOCKET_EVENTS) || !row.choice.sockets) return
    if (!role.isAlways && tokens.address < 0 && tokens.addressPair < 0) return
    this.#readEnds(role.operation === "bind")
    const status = this.#status(role.operation)
    if (!this.#isChosen(role.operation, status)) return
    writer.begin(SOCKET_EVENTS)
    row.constant(role.operation)
    row.int(row.pid)
    row.program(row.pid)
    this.#writeDescriptor()
    row.id(row.subject.auid)
    row.int(this.#family)
    writer.null() // protocol
    row.constant(this.#local.address)
    row.constant(this.#remote.address)
    row.int(this.#local.port)
    row.int(this.#remote.port)
    this.#writeUnixPath()
    row.time()
    writer.null() // uptime
    row.eid(SOCKET_EVENTS)
    if (status === "") writer.null()
    else writer.int(status === "failed" ? 0 : 1)
    row.constant(status)
    row.origin(role.operation)
    row.constant(role.call)
    writer.end()
  }

  #isChosen(action: string, status: Status): boolean {
    const { accepts, emptyAccepts, failedSockets, unixSockets } = this.#row.choice
    if (this.#family === AF_UNIX && !unixSockets) return false
    if (action === "accept" && !accepts) return false
    if (status === "no_client") return emptyAccepts || failedSockets
    return status !== "failed" || failedSockets
  }

  #readEnds(isLocal: boolean): void {
    const { tokens } = this.#row
    this.#family = Number.NaN
    this.#local.address = this.#remote.address = ""
    this.#local.port = this.#remote.port = Number.NaN
    if (tokens.address >= 0) this.#readAddress(tokens.address, isLocal ? this.#local : this.#remote)
    else if (tokens.addressPair >= 0) this.#readPair(tokens.addressPair)
  }

  /**
   * The family is that of the token: BSM, macOS, FreeBSD and Linux number IPv6 in four ways.
   * DEVIATION(osquery): ipv6-family: osquery knows the number of BSM alone, and has 0 for FreeBSD's.
   * DEVIATION(osquery): accept-port: osquery leaves out the peer's port.
   */
  #readAddress(token: number, end: End): void {
    const row = this.#row
    const address = this.#address
    readSocketAddress(row.record, token, address)
    const id = row.record.id(token)
    this.#family = id === TOKEN.sockunix ? AF_UNIX : id === TOKEN.sockinet32 ? AF_INET : AF_INET6
    if (this.#family === AF_UNIX) return
    end.address = this.#text(address.addressFrom, address.addressTo)
    end.port = this.#family === AF_INET6 ? this.#port6(address.port) : address.port
  }

  #readPair(token: number): void {
    const row = this.#row
    const pair = this.#pair
    readSocketPair(row.record, token, pair)
    const isWide = pair.remoteTo - pair.remoteFrom === 16
    this.#family = isWide ? AF_INET6 : AF_INET
    this.#local.address = this.#text(pair.localFrom, pair.localTo)
    this.#remote.address = this.#text(pair.remoteFrom, pair.remoteTo)
    this.#local.port = pair.localPort
    this.#remote.port = pair.remotePort
  }

  /** DEVIATION(osquery): swapped-port: XNU stores the bytes of the port behind an IPv6 address in the wrong order. */
  #port6(port: number): number {
    return this.#row.platform === "macos" ? swapPort(port) : port
  }

  /** Unlike the address of a terminal, that of a socket may be all zeros. */
  #text(from: number, to: number): string {
    return this.#row.address(from, to) || (to - from === 4 ? "0.0.0.0" : "::")
  }

  #status(action: string): Status {
    const { status } = this.#row
    if (Number.isNaN(status)) return ""
    if (status === 0) return "succeeded"
    if (action === "connect" && status === EINPROGRESS) return "in_progress"
    return action === "accept" && status === EAGAIN ? "no_client" : "failed"
  }

  /** DEVIATION(osquery): first-descriptor: osquery takes the last argument, which may be that of a directory. */
  #writeDescriptor(): void {
    const row = this.#row
    if (row.findArgument(1)) row.constant(row.argument.low.toString(16))
    else row.writer.empty()
  }

  /** As the kernel resolved it, where it did. */
  #writeUnixPath(): void {
    const row = this.#row
    const { pathFrom, pathTo } = this.#address
    if (this.#family !== AF_UNIX) row.writer.empty()
    else if (row.tokens.lastPath >= 0) row.text(row.tokens.lastPath)
    else row.bytes(pathFrom, pathTo)
  }
}
