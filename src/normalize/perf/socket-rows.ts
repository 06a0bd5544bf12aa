/**
 * socket_events and bpf_socket_events from connect, bind, listen and accept calls.
 *
 * DEVIATION(osquery): unknown-is-null: osquery writes -1 for a family, type or protocol and 0 for a port that it does
 * not know; 0 is a port, and IP's protocol.
 * DEVIATION(osquery): abstract-name: osquery leaves the address of an abstract unix socket empty; here its name stands
 * behind an `@`.
 *
 * Source of truth: osquery tables/events/linux/bpf_socket_events.cpp for columns and rules.
 */
import { BPF_SOCKET_EVENTS } from "../../schema/tables/bpf-socket-events.ts"
import { SOCKET_EVENTS } from "../../schema/tables/socket-events.ts"
import type { Call, SocketEnd } from "./call.ts"
import type { RowContext } from "./row-context.ts"

const AF_UNIX = 1
const EAGAIN = -11
const EINPROGRESS = -115

type Status = "" | "succeeded" | "failed" | "in_progress" | "no_client"

export class SocketRows {
  readonly #row: RowContext

  constructor(row: RowContext) {
    this.#row = row
  }

  write(call: Call): void {
    const row = this.#row
    const status = statusOf(call)
    if (row.choice.sockets && row.wants(SOCKET_EVENTS, call.second) && this.#isChosen(call, status)) {
      this.#writePlain(call, status)
    }
    const isTold = call.role === "connect" || status === "succeeded" || status === ""
    if (isTold && row.wants(BPF_SOCKET_EVENTS, call.second)) this.#writeBpf(call)
  }

  #isChosen(call: Call, status: Status): boolean {
    const { accepts, emptyAccepts, failedSockets, unixSockets } = this.#row.choice
    if (call.family === AF_UNIX && !unixSockets) return false
    if (call.role === "accept" && !accepts) return false
    if (status === "no_client") return emptyAccepts || failedSockets
    return status !== "failed" || failedSockets
  }

  #writePlain(call: Call, status: Status): void {
    const row = this.#row
    const { writer } = row
    const { local, remote } = call
    writer.begin(SOCKET_EVENTS)
    row.constant(call.role)
    row.int(call.pid)
    row.buffer(row.program(call.pid))
    this.#writeDescriptor(call, 16)
    row.loginId(call.loginUid)
    row.int(call.family)
    row.int(call.protocol)
    row.constant(local?.address ?? "")
    row.constant(remote?.address ?? "")
    this.#writePort(local)
    this.#writePort(remote)
    const end = call.role === "connect" ? remote : local
    row.buffer(call.family === AF_UNIX ? end?.path : undefined)
    row.int(call.second)
    writer.null() // uptime
    row.eid(SOCKET_EVENTS)
    if (status === "") writer.null()
    else writer.int(status === "failed" ? 0 : 1)
    row.constant(status)
    row.origin(call.role, call)
    row.constant(call.name)
    writer.end()
  }

  #writeBpf(call: Call): void {
    const row = this.#row
    const { writer } = row
    writer.begin(BPF_SOCKET_EVENTS)
    row.int(call.tid)
    row.int(call.pid)
    row.int(call.parent)
    row.int(call.uid)
    row.int(call.gid)
    row.cgroupId(call)
    row.exitCode(call.result)
    writer.int(call.hasFault ? 1 : 0)
    row.constant(call.role)
    row.buffer(row.program(call.pid))
    this.#writeDescriptor(call, 10)
    row.int(call.family)
    row.int(call.type)
    row.int(call.protocol)
    this.#writeAddress(call.local)
    this.#writeAddress(call.remote)
    this.#writePort(call.local)
    this.#writePort(call.remote)
    row.int(call.duration)
    row.bpfTime(call)
    row.eid(BPF_SOCKET_EVENTS)
    row.origin(call.role, call)
    row.container(call)
    writer.end()
  }

  #writeDescriptor(call: Call, radix: 10 | 16): void {
    if (Number.isNaN(call.a0)) this.#row.writer.empty()
    else this.#row.constant(call.a0.toString(radix))
  }

  #writeAddress(end: SocketEnd | undefined): void {
    if (end !== undefined && end.path.length > 0) this.#row.buffer(end.path)
    else this.#row.constant(end?.address ?? "")
  }

  #writePort(end: SocketEnd | undefined): void {
    if (end === undefined || end.port < 0) this.#row.writer.null()
    else this.#row.writer.int(end.port)
  }
}

function statusOf({ role, result }: Call): Status {
  if (Number.isNaN(result)) return ""
  if (result >= 0) return "succeeded"
  if (role === "connect" && result === EINPROGRESS) return "in_progress"
  return role === "accept" && result === EAGAIN ? "no_client" : "failed"
}
