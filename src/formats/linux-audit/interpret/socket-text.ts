/** A socket address in the words of ausearch: `{ saddr_fam=inet laddr=127.0.0.1 lport=22 }`. */
import { textOfBytes } from "../../../base/text.ts"
import { readSockaddr, type SocketAddress } from "../sockaddr.ts"
import { ADDRESS_FAMILIES } from "../tables/constants.gen.ts"

/** @param bytes the raw structure */
export function formatSockaddr(bytes: Buffer): string {
  const socket = readSockaddr(bytes)
  const name = ADDRESS_FAMILIES.name(socket.family)
  if (name === undefined) return `unknown-family(${socket.family})`
  return `{ saddr_fam=${name} ${socket.isShort ? "sockaddr len too short" : describe(socket)} }`
}

function describe(socket: SocketAddress): string {
  const { address, port, scope } = socket
  switch (socket.family) {
    case 1:
      return describeUnix(socket)
    case 2:
      return `laddr=${address} lport=${port}`
    case 10:
      return `laddr=${scope === 0 ? address : `${address}%${scope}`} lport=${port}`
    case 3:
      return `call=${textOfBytes(Buffer.from(address, "latin1"))}`
    case 4:
      return `laddr=${address} lport=${port}`
    case 8:
    case 30:
      return `laddr=${address}${port < 0 ? "" : ` lport=${port}`}`
    case 9:
    case 38:
      return `laddr=${textOfBytes(Buffer.from(address, "latin1"))}`
    case 16:
      return `nlnk-fam=16 nlnk-pid=${port}`
    case 17:
      return `protocol=0x${port.toString(16).padStart(4, "0")} ifindex=${scope} laddr=${address}`
    case 40:
      return `cid=${address} port=${port}`
    case 44:
      return `ifindex=${scope} queue=${port}`
    default:
      return "(unsupported)"
  }
}

/** An abstract name is shown without its leading NUL; one that it holds itself reads `\x00`. */
function describeUnix({ path, isAbstract }: SocketAddress): string {
  if (path.length === 0 && !isAbstract) return "unnamed socket"
  return `path=${textOfBytes(path)}`
}
