/** inet_aton, in_cidr_block, and the parsing of addresses (osquery/sql/sqlite_string.cpp, sqlite_network.cpp). */
import { isIPv4, isIPv6 } from "node:net"
import { type SqlArgument, type SqlFunction, textOf } from "./function.ts"

export const NETWORK_FUNCTIONS: readonly SqlFunction[] = [
  { name: "inet_aton", parameters: 1, call: (...values) => inetAton(values[0]) },
  { name: "in_cidr_block", parameters: 2, call: (...values) => inCidrBlock(values[0], values[1]) },
]

/** 4 or 16 bytes in network order; null for what is no address. An IPv6 zone (`%eth0`) is ignored. */
export function parseAddress(text: string): Buffer | null {
  if (isIPv4(text)) return Buffer.from(text.split(".").map(Number))
  const withoutZone = text.split("%", 1)[0] ?? ""
  return isIPv6(withoutZone) ? parseIpv6(withoutZone) : null
}

function parseIpv6(text: string): Buffer {
  const [head = "", tail] = text.split("::")
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const bytes = Buffer.alloc(16)
  before.forEach((group, at) => {
    bytes.writeUInt16BE(group, at * 2)
  })
  after.forEach((group, at) => {
    bytes.writeUInt16BE(group, 16 - (after.length - at) * 2)
  })
  return bytes
}

/** 16-bit groups; an IPv4 tail (`::ffff:10.0.0.1`) is two of them. */
function groupsOf(text: string): number[] {
  const groups: number[] = []
  for (const part of text.split(":")) {
    if (part === "") continue
    if (part.includes(".")) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number)
      groups.push((a << 8) | b, (c << 8) | d)
    } else groups.push(Number.parseInt(part, 16))
  }
  return groups
}

/** IPv4 only, as an integer in host order. */
function inetAton(value: SqlArgument | undefined): bigint | null {
  const text = textOf(value)
  return isIPv4(text) ? numberOf(Buffer.from(text.split(".").map(Number))) : null
}

/**
 * 1 or 0. IPv4: whether it is a host address of the block, which the network's own and the broadcast address
 * are not (/31 has no host, /32 is itself); IPv6: whether it is in the block.
 */
function inCidrBlock(block: SqlArgument | undefined, ip: SqlArgument | undefined): bigint {
  if (typeof block !== "string") throw new Error("CIDR must be a string")
  if (typeof ip !== "string") throw new Error("IP address must be a string")
  const address = parseAddress(ip)
  if (address === null) throw new Error("IP address cannot be parsed")
  const slash = block.lastIndexOf("/")
  const network = parseAddress(block.slice(0, Math.max(0, slash)))
  const prefix = /^\d{1,3}$/.test(block.slice(slash + 1)) ? Number(block.slice(slash + 1)) : -1
  const isWrong = network === null || network.length !== address.length || prefix < 0
  if (isWrong || prefix > address.length * 8) {
    throw new Error(`CIDR for IP address v${address.length === 4 ? 4 : 6} cannot be parsed`)
  }
  const hostBits = BigInt(address.length * 8 - prefix)
  const offset = numberOf(address) - ((numberOf(network) >> hostBits) << hostBits)
  const size = 1n << hostBits
  const isInside = offset >= 0n && offset < size
  const isHost = address.length === 16 || prefix === 32 || (offset > 0n && offset < size - 1n)
  return isInside && isHost ? 1n : 0n
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`)
}
