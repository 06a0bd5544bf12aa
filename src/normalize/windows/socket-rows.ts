/**
 * socket_events from the filtering platform (5152, 5154-5159 of the Security log) and from Sysmon (3).
 *
 * Source and Destination are those of the first packet: of an inbound connection the local side is the destination.
 * Sysmon's direction is sure for TCP; for UDP it may say "not initiated" of a reply that the host sends, so that the
 * addresses that a host has been seen to use decide, and where they do not, event_type is `undirected`.
 *
 * Source of truth: measured on public recordings; learn.microsoft.com event-5156 says the opposite of them.
 */
import { SOCKET_EVENTS } from "../../schema/tables/socket-events.ts"
import { FIELD } from "./field-names.ts"
import { type IpAddress, normaliseAddress } from "./ip-address.ts"
import { OwnAddresses } from "./own-addresses.ts"
import type { RowContext } from "./row-context.ts"

const TCP = 6
const UDP = 17
const PROTOCOLS = new Map([
  ["tcp", TCP],
  ["udp", UDP],
])
const NO_ADDRESS: IpAddress = { text: "", family: Number.NaN }
const INBOUND: ReadonlySet<string> = new Set(["%%14592", "inbound"])
const OUTBOUND: ReadonlySet<string> = new Set(["%%14593", "outbound"])
/** Addresses of which the form is remembered. */
const CACHED_ADDRESSES = 4096

type Action = "bind" | "connect" | "accept" | "listen" | ""

/** What the numbers of the filtering platform mean; the action of a connection goes by its direction. */
const FILTERED = new Map<number, { readonly action: Action; readonly isBlocked: boolean }>([
  [5152, { action: "", isBlocked: true }],
  [5154, { action: "listen", isBlocked: false }],
  [5155, { action: "listen", isBlocked: true }],
  [5156, { action: "", isBlocked: false }],
  [5157, { action: "", isBlocked: true }],
  [5158, { action: "bind", isBlocked: false }],
  [5159, { action: "bind", isBlocked: true }],
])

interface Connection {
  readonly action: Action
  readonly eventType: string
  readonly isBlocked: boolean
  /** The local side is the destination. */
  readonly isLocalDestination: boolean
  readonly protocol: number
  readonly path: number
  readonly source: IpAddress
  readonly sourcePort: number
  readonly destination: IpAddress
  readonly destinationPort: number
}

export class SocketRows {
  readonly #row: RowContext
  readonly own = new OwnAddresses()
  readonly #addresses = new Map<string, IpAddress>()

  constructor(row: RowContext) {
    this.#row = row
  }

  writeFiltered(): void {
    const row = this.#row
    const meaning = FILTERED.get(row.eventId)
    if (!this.#isWanted() || meaning === undefined) return
    const direction = this.#word(FIELD.direction)
    const isInbound = INBOUND.has(direction)
    const directed = isInbound ? "accept" : OUTBOUND.has(direction) ? "connect" : ""
    const action = meaning.action === "" ? directed : meaning.action
    this.#writeRow({
      action,
      eventType: action === "" ? "undirected" : action,
      isBlocked: meaning.isBlocked,
      isLocalDestination: isInbound && meaning.action === "",
      protocol: row.valueOf(FIELD.protocol),
      path: FIELD.application,
      source: this.#address(FIELD.sourceAddress),
      sourcePort: row.valueOf(FIELD.sourcePort),
      destination: this.#address(FIELD.destAddress),
      destinationPort: row.valueOf(FIELD.destPort),
    })
  }

  writeSysmon(): void {
    const row = this.#row
    const isInitiated = this.#word(FIELD.initiated) === "true"
    const word = this.#word(FIELD.protocol)
    const protocol = PROTOCOLS.get(word) ?? Number.NaN
    const source = this.#address(FIELD.sourceIp)
    const destination = this.#address(FIELD.destinationIp)
    if (isInitiated && protocol === TCP) this.own.learn(row.host, source.text)
    if (!this.#isWanted()) return
    const side = isInitiated
      ? "source"
      : protocol === UDP
        ? this.#localSide(source, destination)
        : "destination"
    const action = isInitiated ? "connect" : "accept"
    this.#writeRow({
      action,
      eventType: side === "unknown" ? "undirected" : action,
      isBlocked: false,
      isLocalDestination: side === "destination",
      protocol,
      path: FIELD.image,
      source,
      sourcePort: row.valueOf(FIELD.sourcePort),
      destination,
      destinationPort: row.valueOf(FIELD.destinationPort),
    })
  }

  #isWanted(): boolean {
    return this.#row.wants(SOCKET_EVENTS) && this.#row.choice.sockets
  }

  #localSide(source: IpAddress, destination: IpAddress): "source" | "destination" | "unknown" {
    const { host } = this.#row
    const isSource = this.own.has(host, source.text)
    if (isSource === this.own.has(host, destination.text)) return "unknown"
    return isSource ? "source" : "destination"
  }

  #writeRow(connection: Connection): void {
    const row = this.#row
    const { writer } = row
    const { action, isBlocked, isLocalDestination, source, destination } = connection
    if (isBlocked && !row.choice.failedSockets) return
    if (action === "accept" && !row.choice.accepts) return
    const [local, remote] = isLocalDestination ? [destination, source] : [source, destination]
    const ports = [connection.sourcePort, connection.destinationPort]
    writer.begin(SOCKET_EVENTS)
    row.constant(action)
    row.integer(row.fields.find(FIELD.processId) ? FIELD.processId : FIELD.processID)
    row.text(connection.path)
    writer.empty() // fd
    writer.null() // auid
    row.int(Number.isNaN(local.family) ? remote.family : local.family)
    row.int(connection.protocol)
    row.constant(local.text)
    row.constant(remote.text)
    row.int(ports[isLocalDestination ? 1 : 0] ?? Number.NaN)
    row.int(ports[isLocalDestination ? 0 : 1] ?? Number.NaN)
    writer.empty() // socket
    row.int(row.sec)
    writer.null() // uptime
    row.eid(SOCKET_EVENTS)
    writer.int(isBlocked ? 0 : 1)
    row.constant(isBlocked ? "failed" : "succeeded")
    row.origin(connection.eventType)
    writer.empty() // syscall
    writer.end()
  }

  #address(name: number): IpAddress {
    const { fields } = this.#row
    if (!fields.findValue(name)) return NO_ADDRESS
    const given = fields.tape.bytes.utf8Slice(fields.from, fields.to)
    const known = this.#addresses.get(given)
    if (known !== undefined) return known
    if (this.#addresses.size >= CACHED_ADDRESSES) this.#addresses.clear()
    const address = normaliseAddress(given)
    this.#addresses.set(given, address)
    return address
  }

  #word(name: number): string {
    const { fields } = this.#row
    return fields.find(name)
      ? fields.tape.bytes.latin1Slice(fields.from, Math.min(fields.to, fields.from + 16)).toLowerCase()
      : ""
  }
}
