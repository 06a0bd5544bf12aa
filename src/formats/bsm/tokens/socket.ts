/**
 * Socket address tokens: sockinet32, sockinet128, sockunix (one end), socket and socket_ex (both ends). Ports are as
 * they stand in the record; XNU stores those of sockinet128 with their bytes swapped (`swapPort`).
 */
import { TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import { readU16 } from "./integers.ts"
import { stringEnd } from "./strings.ts"

export class SocketAddress {
  /** BSM_PF_* on macOS, the system's own AF_* elsewhere. */
  family = 0
  port = 0
  /** 4 or 16 bytes of the record; none for sockunix. */
  addressFrom = 0
  addressTo = 0
  /** Of sockunix, without NUL. */
  pathFrom = 0
  pathTo = 0
}

export function isSocketAddress(id: number): boolean {
  return id === TOKEN.sockinet32 || id === TOKEN.sockinet128 || id === TOKEN.sockunix
}

/** @param token for which `isSocketAddress` holds */
export function readSocketAddress(record: BsmRecord, token: number, into: SocketAddress): void {
  const at = record.from(token)
  const to = record.to(token)
  const isUnix = record.id(token) === TOKEN.sockunix
  into.family = readU16(record.bytes, at)
  into.port = isUnix ? 0 : readU16(record.bytes, at + 2)
  into.addressFrom = isUnix ? to : at + 4
  into.addressTo = to
  into.pathFrom = isUnix ? at + 2 : to
  into.pathTo = isUnix ? stringEnd(record.bytes, at + 2, to) : to
}

export function swapPort(port: number): number {
  return ((port & 0xff) << 8) | (port >> 8)
}

export class SocketPair {
  /** BSM_PF_*; -1 in a socket token, which has none. */
  domain = -1
  /** BSM_SOCK_*. */
  type = 0
  localPort = 0
  localFrom = 0
  localTo = 0
  remotePort = 0
  remoteFrom = 0
  remoteTo = 0
}

/** @param token with id socket or socket_ex */
export function readSocketPair(record: BsmRecord, token: number, into: SocketPair): void {
  const { bytes } = record
  const at = record.from(token)
  const isEx = record.id(token) === TOKEN.socketEx
  const width = isEx ? readU16(bytes, at + 4) : 4
  const portAt = at + (isEx ? 6 : 2)
  into.domain = isEx ? readU16(bytes, at) : -1
  into.type = readU16(bytes, isEx ? at + 2 : at)
  into.localPort = readU16(bytes, portAt)
  into.localFrom = portAt + 2
  into.localTo = into.localFrom + width
  into.remotePort = readU16(bytes, into.localTo)
  into.remoteFrom = into.localTo + 2
  into.remoteTo = into.remoteFrom + width
}
