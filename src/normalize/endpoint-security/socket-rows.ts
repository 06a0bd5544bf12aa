/**
 * socket_events from messages about unix sockets, and from what clients add about networks.
 * Source of truth: Apple's ESMessage.h: EndpointSecurity itself tells of unix sockets only.
 */
import { EVENT, EVENT_TEXT, PROCESS, PROCESS_TEXT } from "../../formats/endpoint-security/slots.ts"
import { SOCKET_EVENTS } from "../../schema/tables/socket-events.ts"
import type { RowContext } from "./row-context.ts"

const AF_UNIX = 1
const HEX = 16

export class SocketRows {
  readonly #row: RowContext

  constructor(row: RowContext) {
    this.#row = row
  }

  write(action: "bind" | "connect" | "accept" | "listen"): void {
    const row = this.#row
    const { message, writer, choice } = row
    const isFailed = !message.isInProgress && (message.isDenied || message.value(EVENT.errno) > 0)
    if (!row.wants(SOCKET_EVENTS) || !choice.sockets || (isFailed && !choice.failedSockets)) return
    if (message.value(EVENT.family) === AF_UNIX && !choice.unixSockets) return
    if (action === "accept" && !choice.accepts) return
    writer.begin(SOCKET_EVENTS)
    row.constant(action)
    row.integer(PROCESS.pid)
    row.text(PROCESS_TEXT.path)
    this.#writeDescriptor()
    row.integer(PROCESS.auid)
    row.integer(EVENT.family)
    row.integer(EVENT.protocol)
    row.text(EVENT_TEXT.localAddress)
    row.text(EVENT_TEXT.remoteAddress)
    row.integer(EVENT.localPort)
    row.integer(EVENT.remotePort)
    row.text(EVENT_TEXT.socketPath)
    row.time()
    writer.null() // uptime
    row.eid(SOCKET_EVENTS)
    writer.int(isFailed ? 0 : 1)
    row.constant(isFailed ? "failed" : message.isInProgress ? "in_progress" : "succeeded")
    row.origin(action)
    row.constant(action)
    writer.end()
  }

  #writeDescriptor(): void {
    const value = this.#row.message.value(EVENT.descriptor)
    if (value >= 0) this.#row.constant(value.toString(HEX))
    else this.#row.writer.empty()
  }
}
