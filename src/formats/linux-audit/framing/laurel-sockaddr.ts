/**
 * The raw socket address that laurel took apart, put together again:
 *
 *   {"saddr_fam":"inet","addr":"127.0.0.1","port":53}   →   02000035 7F000001 0000000000000000
 *
 * Source of truth: laurel src/sockaddr.rs (which families, which members); include/uapi/linux/{in,in6,un,netlink,
 * vm_sockets}.h. Little endian, as laurel's own hosts are.
 */
import { isIPv4, isIPv6 } from "node:net"
import { decodePercent } from "./laurel-value.ts"

type Members = ReadonlyMap<string, unknown>

/** Upper-case hex; null for a family that cannot be put together, or when a member is missing. */
export function socketAddressHex(members: Members): string | null {
  return structureOf(members)?.toString("hex").toUpperCase() ?? null
}

function structureOf(members: Members): Buffer | null {
  switch (members.get("saddr_fam")) {
    case "local":
      return localAddress(members.get("path"))
    case "inet":
      return inetAddress(members)
    case "inet6":
      return inet6Address(members)
    case "netlink":
      return words(16, [0, numberOf(members, "pid"), numberOf(members, "groups")])
    case "vsock":
      return words(40, [0, numberOf(members, "port"), numberOf(members, "cid"), 0])
    default:
      return null
  }
}

function localAddress(path: unknown): Buffer | null {
  if (typeof path !== "string") return null
  const name = decodePercent(path)
  const isPath = name.length > 0 && name[0] !== 0
  return Buffer.concat([Buffer.of(1, 0), name, isPath ? Buffer.of(0) : Buffer.alloc(0)])
}

function inetAddress(members: Members): Buffer | null {
  const address = members.get("addr")
  const port = numberOf(members, "port")
  if (typeof address !== "string" || !isIPv4(address) || !(port <= 0xffff)) return null
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16LE(2, 0)
  bytes.writeUInt16BE(port, 2)
  bytes.set(address.split(".").map(Number), 4)
  return bytes
}

function inet6Address(members: Members): Buffer | null {
  const address = members.get("addr")
  const port = numberOf(members, "port")
  if (typeof address !== "string" || !isIPv6(address) || address.includes("%") || !(port <= 0xffff))
    return null
  const bytes = Buffer.alloc(28)
  bytes.writeUInt16LE(10, 0)
  bytes.writeUInt16BE(port, 2)
  bytes.writeUInt32BE(numberOf(members, "flowinfo") || 0, 4)
  groupsOf(address).forEach((group, index) => {
    bytes.writeUInt16BE(group, 8 + 2 * index)
  })
  bytes.writeUInt32LE(numberOf(members, "scope_id") || 0, 24)
  return bytes
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = [], tail] = address
    .split("::")
    .map((side) => (side === "" ? [] : side.split(":").flatMap(groupOf)))
  if (tail === undefined) return head
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

/** One group, or the two that a dotted IPv4 address at the end stands for. */
function groupOf(text: string): number[] {
  if (!text.includes(".")) return [Number.parseInt(text, 16)]
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number)
  return [(a << 8) | b, (c << 8) | d]
}

/** A structure of the family and 32-bit numbers behind it; null when one is missing. */
function words(family: number, numbers: readonly number[]): Buffer | null {
  const [padding = 0, ...rest] = numbers
  if (!rest.every((number) => number >= 0 && number <= 0xffff_ffff)) return null
  const bytes = Buffer.alloc(4 + 4 * rest.length)
  bytes.writeUInt16LE(family, 0)
  bytes.writeUInt16LE(padding, 2)
  rest.forEach((number, index) => {
    bytes.writeUInt32LE(number, 4 + 4 * index)
  })
  return bytes
}

/** Decimal, or text with 0x; NaN when the member is neither. */
function numberOf(members: Members, name: string): number {
  const value = members.get(name)
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN
  return typeof value === "string" && /^(?:0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : Number.NaN
}
