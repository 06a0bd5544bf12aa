/** community_id_v1: one id for both directions of a flow (github.com/corelight/community-id-spec, version 1). */
import { createHash } from "node:crypto"
import { type SqlArgument, type SqlFunction, textOf } from "./function.ts"
import { parseAddress } from "./network.ts"

export const COMMUNITY_ID_FUNCTIONS: readonly SqlFunction[] = [
  { name: "community_id_v1", parameters: -1, call: (...values) => communityIdOrNull(values) },
  { name: "community_id_v1_strict", parameters: -1, call: (...values) => communityId(values) },
]

const MOST_16_BITS = 0xffff

function communityIdOrNull(values: SqlArgument[]): string | null {
  try {
    return communityId(values)
  } catch {
    return null
  }
}

/** source, destination, source port, destination port, protocol[, seed]. ICMP types are not mapped, as in osquery. */
function communityId(values: SqlArgument[]): string {
  if (values.length < 5 || values.length > 6) throw new Error("community_id_v1 takes five or six arguments")
  const source = endpoint(values[0], values[2])
  const destination = endpoint(values[1], values[3])
  const protocol = integerUpTo(values[4], 0xff, "protocol")
  const seed = Buffer.alloc(2)
  seed.writeUInt16BE(values.length === 6 ? integerUpTo(values[5], MOST_16_BITS, "seed") : 0)
  const isOrdered = compareEndpoints(source, destination) <= 0
  const [first, second] = isOrdered ? [source, destination] : [destination, source]
  const hash = createHash("sha1")
  hash
    .update(seed)
    .update(first.address)
    .update(second.address)
    .update(Buffer.from([protocol, 0]))
  hash.update(first.port).update(second.port)
  return `1:${hash.digest("base64")}`
}

interface Endpoint {
  readonly address: Buffer
  readonly port: Buffer
}

function endpoint(address: SqlArgument | undefined, port: SqlArgument | undefined): Endpoint {
  const bytes = parseAddress(textOf(address))
  if (bytes === null) throw new Error("community_id_v1: an address cannot be parsed")
  const portBytes = Buffer.alloc(2)
  portBytes.writeUInt16BE(integerUpTo(port, MOST_16_BITS, "port"))
  return { address: bytes, port: portBytes }
}

/** IPv4 comes before IPv6. */
function compareEndpoints(a: Endpoint, b: Endpoint): number {
  if (a.address.length !== b.address.length) return a.address.length - b.address.length
  return a.address.compare(b.address) || a.port.compare(b.port)
}

function integerUpTo(value: SqlArgument | undefined, most: number, what: string): number {
  const text = textOf(value)
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (number < 0 || number > most) throw new Error(`community_id_v1: the ${what} is out of range`)
  return number
}
