/**
 * Socket addresses as SOCKADDR records hold them: the raw structure in hex, in the byte order of its writer.
 * Source of truth: include/uapi/linux/{un,in,in6,netlink,if_packet,vm_sockets,ax25,ipx,atm,x25,tipc,if_xdp,if_alg}.h.
 *
 *   02000016 7F000001 0000000000000000   family 2 (little endian), port 22, 127.0.0.1
 */
import { formatIpv4, formatIpv6 } from "../../base/ip-text.ts"

export interface SocketAddress {
  /** AF_*, -1 when there is no whole family. */
  readonly family: number
  readonly isBigEndian: boolean
  /** True when the structure ends before what its family needs. */
  readonly isShort: boolean
  /** Textual address: dotted, RFC 5952, hardware address, call sign, cid; '' when the family has none. */
  readonly address: string
  /** Port, or what the family has for it (netlink: pid, packet and IPX: protocol or socket); -1 when none. */
  readonly port: number
  /** Scope of a link-local IPv6 address, interface index of a packet socket; 0 when none. */
  readonly scope: number
  /** AF_UNIX: the name's bytes, without the NUL that marks an abstract name; empty for an unnamed socket. */
  readonly path: Buffer
  readonly isAbstract: boolean
}

const EMPTY = Buffer.alloc(0)
const LONGEST_STRUCTURE = 128

/**
 * Decodes the hex digits in `buffer[start, end)`.
 * @returns undefined when they are not whole bytes of hex, or more than a sockaddr_storage holds
 */
export function decodeSockaddr(buffer: Buffer, start: number, end: number): SocketAddress | undefined {
  const length = (end - start) >> 1
  if (((end - start) & 1) !== 0 || length > LONGEST_STRUCTURE) return undefined
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; at++) {
    const high = nibble(buffer[start + 2 * at])
    const low = nibble(buffer[start + 2 * at + 1])
    if (high < 0 || low < 0) return undefined
    bytes[at] = (high << 4) | low
  }
  return readSockaddr(bytes)
}

/** Decodes the structure itself. */
export function readSockaddr(bytes: Buffer): SocketAddress {
  if (bytes.length < 2) return make(-1, false, true, {})
  const isBigEndian = bytes[0] === 0 && bytes[1] !== 0
  const family = isBigEndian ? bytes.readUInt16BE(0) : bytes.readUInt16LE(0)
  const reader = READERS.get(family)
  if (reader === undefined) return make(family, isBigEndian, false, {})
  if (bytes.length < reader.needs) return make(family, isBigEndian, true, {})
  return make(family, isBigEndian, false, reader.read(bytes, isBigEndian))
}

type Content = Partial<Omit<SocketAddress, "family" | "isBigEndian" | "isShort">>
interface Reader {
  /** Bytes without which nothing can be said. */
  readonly needs: number
  readonly read: (bytes: Buffer, isBigEndian: boolean) => Content
}

function make(family: number, isBigEndian: boolean, isShort: boolean, content: Content): SocketAddress {
  return {
    family,
    isBigEndian,
    isShort,
    address: content.address ?? "",
    port: content.port ?? -1,
    scope: content.scope ?? 0,
    path: content.path ?? EMPTY,
    isAbstract: content.isAbstract ?? false,
  }
}

const READERS: ReadonlyMap<number, Reader> = new Map([
  [1, { needs: 2, read: readUnix }],
  [2, { needs: 8, read: (bytes) => ({ port: bytes.readUInt16BE(2), address: formatIpv4(bytes, 4) }) }],
  [3, { needs: 9, read: (bytes) => ({ address: formatCallSign(bytes, 2) }) }],
  [4, { needs: 14, read: readIpx }],
  [8, { needs: 12, read: readAtmPvc }],
  [9, { needs: 2, read: (bytes) => ({ address: cString(bytes, 2, 18).latin1Slice() }) }],
  [10, { needs: 24, read: readIpv6 }],
  [16, { needs: 8, read: (bytes, big) => ({ port: uint32(bytes, 4, big) }) }],
  [17, { needs: 8, read: readPacket }],
  [30, { needs: 12, read: readTipc }],
  [38, { needs: 16, read: readAlg }],
  [
    40,
    {
      needs: 12,
      read: (bytes, big) => ({ port: uint32(bytes, 4, big), address: String(uint32(bytes, 8, big)) }),
    },
  ],
  [44, { needs: 12, read: (bytes, big) => ({ scope: uint32(bytes, 4, big), port: uint32(bytes, 8, big) }) }],
] satisfies [number, Reader][])

function uint32(bytes: Buffer, at: number, isBigEndian: boolean): number {
  return isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
}

/** DEVIATION(osquery): unix-path: osquery looks for the NUL by hex digits. A path ends at its first NUL, what follows is the caller's memory; an abstract name is as long as the structure. */
function readUnix(bytes: Buffer): Content {
  if (bytes.length === 2) return {}
  if (bytes[2] === 0) return { path: bytes.subarray(3), isAbstract: true }
  return { path: cString(bytes, 2, bytes.length) }
}

function cString(bytes: Buffer, start: number, limit: number): Buffer {
  const end = Math.min(limit, bytes.length)
  const nul = bytes.indexOf(0, start)
  return bytes.subarray(start, nul < 0 || nul > end ? end : nul)
}

/**
 * Kernels before the scope id logged 24 bytes.
 * DEVIATION(osquery): ipv6-short: osquery writes eight groups of four digits.
 */
function readIpv6(bytes: Buffer, isBigEndian: boolean): Content {
  const scope = bytes.length >= 28 ? uint32(bytes, 24, isBigEndian) : 0
  return { port: bytes.readUInt16BE(2), address: formatIpv6(bytes, 8), scope }
}

/** Protocol, interface index; hatype, packet type, address length and address where there are any. */
function readPacket(bytes: Buffer, isBigEndian: boolean): Content {
  const length = Math.min(bytes[11] ?? 0, 8, Math.max(0, bytes.length - 12))
  return {
    port: bytes.readUInt16BE(2),
    scope: uint32(bytes, 4, isBigEndian),
    address: formatHardware(bytes, 12, length),
  }
}

/** Socket, network, node. */
function readIpx(bytes: Buffer): Content {
  const network = bytes.toString("hex", 4, 8)
  return { port: bytes.readUInt16BE(2), address: `${network}.${formatHardware(bytes, 8, 6)}` }
}

/** Interface, VPI, VCI. */
function readAtmPvc(bytes: Buffer, isBigEndian: boolean): Content {
  const read = (at: number): number => (isBigEndian ? bytes.readInt16BE(at) : bytes.readInt16LE(at))
  const circuit = uint32(bytes, 8, isBigEndian) | 0
  return { address: `${read(4)}.${read(6)}.${circuit}` }
}

/** Service types and instances, or a port and its node. */
function readTipc(bytes: Buffer, isBigEndian: boolean): Content {
  const first = uint32(bytes, 4, isBigEndian)
  const second = uint32(bytes, 8, isBigEndian)
  const isPort = bytes[2] === 3
  return isPort ? { port: first, address: String(second) } : { address: `${first}:${second}` }
}

/** Type and name of the algorithm. */
function readAlg(bytes: Buffer): Content {
  const type = cString(bytes, 2, 16).latin1Slice()
  const name = bytes.length > 24 ? cString(bytes, 24, 88).latin1Slice() : ""
  return { address: name === "" ? type : `${type}:${name}` }
}

function formatHardware(bytes: Buffer, at: number, length: number): string {
  const parts: string[] = []
  for (let next = at; next < at + length; next++) parts.push((bytes[next] ?? 0).toString(16).padStart(2, "0"))
  return parts.join(":")
}

/** Six letters shifted left by one bit, then the station's number. */
function formatCallSign(bytes: Buffer, at: number): string {
  let text = ""
  for (let next = at; next < at + 6; next++) text += String.fromCharCode((bytes[next] ?? 0) >> 1)
  const station = ((bytes[at + 6] ?? 0) >> 1) & 15
  return station === 0 ? text.trimEnd() : `${text.trimEnd()}-${station}`
}

/** Value of a hex digit of either case, -1 for anything else. */
function nibble(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const upper = byte & 0xdf
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1
}
