/**
 * What sockets are, by process and descriptor: made by socket(2), named by bind(2), connected, accepted, copied, closed.
 *
 * A recording without socket(2) does not show when a number begins to stand for another socket. What bind(2) told is then
 * good for listen(2) and accept(2) on the same number, and for nothing else.
 *
 * DEVIATION(osquery): close-on-exec: osquery overlooks SOCK_CLOEXEC, so that a program keeps sockets it never had.
 */
import type { SocketAddress } from "../../formats/linux-audit/sockaddr.ts"
import type { Call, SocketEnd } from "./call.ts"
import type { Descriptor, Process, ProcessTable } from "./process-table.ts"

const SOCK_TYPE_MASK = 0xf
const CLOEXEC = 0x80000
const F_DUPFD = 0
const F_DUPFD_CLOEXEC = 1030
const AF_UNIX = 1
const AF_NETLINK = 16
const NO_BYTES = Buffer.alloc(0)
/** Families whose port is one: IPv4, IPv6, netlink's pid, vsock. */
const WITH_PORT: ReadonlySet<number> = new Set([2, 10, AF_NETLINK, 40])

export class SocketStates {
  readonly #table: ProcessTable
  #seesSockets = false

  constructor(table: ProcessTable) {
    this.#table = table
  }

  /** Completes a call from what is known of its socket, and the other way round. */
  finish(call: Call): void {
    const process = this.#table.get(call.pid)
    const { role, result } = call
    if (role === "socket") this.#made(call, process)
    else if (role === "close") this.#table.closeDescriptor(process, call.a0)
    else if (role === "dup" || role === "fcntl") this.#copied(call, process)
    else if (role === "connect" || role === "bind" || role === "listen" || role === "accept") {
      if (role === "connect" && !this.#seesSockets) this.#table.closeDescriptor(process, call.a0)
      const isFresh = role === "bind" && !this.#seesSockets
      this.#describe(call, isFresh ? undefined : process.descriptors.get(call.a0))
      if (role === "accept" && result >= 0) this.#accepted(call, process)
      if (role === "bind" && result >= 0) this.#bound(call, process)
    }
  }

  opened(call: Call, process: Process, path: Buffer | undefined): void {
    const flags = call.name === "openat" ? call.a2 : call.a1
    this.#table.setDescriptor(
      process,
      call.result,
      descriptorOf({ path, closesOnExec: (flags & CLOEXEC) !== 0 }),
    )
  }

  #made(call: Call, process: Process): void {
    this.#seesSockets = true
    if (!(call.result >= 0)) return
    const descriptor = descriptorOf({
      family: call.a0,
      type: call.a1 & SOCK_TYPE_MASK,
      protocol: call.a2,
      closesOnExec: (call.a1 & CLOEXEC) !== 0,
    })
    this.#table.setDescriptor(process, call.result, descriptor)
  }

  #copied(call: Call, process: Process): void {
    const isCopy = call.role === "dup" || call.a1 === F_DUPFD || call.a1 === F_DUPFD_CLOEXEC
    if (!isCopy || !(call.result >= 0) || call.result === call.a0) return
    const origin = process.descriptors.get(call.a0)
    const closesOnExec = call.role === "dup" ? (call.a2 & CLOEXEC) !== 0 : call.a1 === F_DUPFD_CLOEXEC
    if (origin === undefined) this.#table.closeDescriptor(process, call.result)
    else this.#table.setDescriptor(process, call.result, { ...origin, closesOnExec })
  }

  /** DEVIATION(osquery): any-family: osquery drops what is no internet, netlink or unix socket. */
  #describe(call: Call, descriptor: Descriptor | undefined): void {
    const { given } = call
    if (given !== undefined) {
      const end = endOf(given)
      if (call.role === "bind") call.local ??= end
      else if (call.role === "connect") call.remote ??= end
      else if (call.role === "accept") call.remote ??= end
      if (given.family > 0 && Number.isNaN(call.family)) call.family = given.family
    }
    if (descriptor === undefined) return
    if (Number.isNaN(call.family)) call.family = descriptor.family
    if (Number.isNaN(call.type)) call.type = descriptor.type
    if (Number.isNaN(call.protocol)) call.protocol = descriptor.protocol
    if (call.local === undefined && (descriptor.localPort >= 0 || descriptor.path !== undefined)) {
      const { localAddress, localPort, path } = descriptor
      call.local = { address: localAddress, port: localPort, path: path ?? NO_BYTES }
    }
  }

  #bound(call: Call, process: Process): void {
    const { local } = call
    if (local === undefined || Number.isNaN(call.a0)) return
    const known = this.#seesSockets ? process.descriptors.get(call.a0) : undefined
    this.#table.setDescriptor(process, call.a0, {
      ...(known ?? descriptorOf({ family: call.family, type: call.type, protocol: call.protocol })),
      localAddress: local.address,
      localPort: local.port,
      path: local.path.length > 0 ? local.path : undefined,
    })
  }

  #accepted(call: Call, process: Process): void {
    if (!this.#seesSockets) {
      this.#table.closeDescriptor(process, call.result)
      return
    }
    const closesOnExec = call.name === "accept4" && (call.a2 & CLOEXEC) !== 0
    const listener = process.descriptors.get(call.a0)
    const made = listener ?? descriptorOf({ family: call.family, type: call.type, protocol: call.protocol })
    this.#table.setDescriptor(process, call.result, { ...made, closesOnExec })
  }
}

/** An end of a socket from its address. */
export function endOf(address: SocketAddress): SocketEnd {
  const port = WITH_PORT.has(address.family) ? address.port : -1
  if (address.family !== AF_UNIX) return { address: address.address, port, path: NO_BYTES }
  if (!address.isAbstract) return { address: "", port: -1, path: address.path }
  let end = address.path.length
  while (end > 0 && address.path[end - 1] === 0) end--
  return { address: "", port: -1, path: Buffer.concat([Buffer.from("@"), address.path.subarray(0, end)]) }
}

function descriptorOf(known: Partial<Descriptor>): Descriptor {
  return {
    family: known.family ?? Number.NaN,
    type: known.type ?? Number.NaN,
    protocol: known.protocol ?? Number.NaN,
    localAddress: "",
    localPort: -1,
    path: known.path,
    closesOnExec: known.closesOnExec ?? false,
  }
}
